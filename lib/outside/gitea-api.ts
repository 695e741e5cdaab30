import type { Secret } from '../core/secret.ts';
import type { Answer } from './http.ts';
import type { Site } from './site.ts';
import { Failed } from './verdict.ts';

/** The account that the probe works with. */
export interface Probe {
  readonly username: string;
  /** Access token with the scopes write:repository and write:user. */
  readonly token: Secret;
}

export const basic = (probe: Probe): string =>
  `Basic ${Buffer.from(`${probe.username}:${probe.token.reveal()}`).toString('base64')}`;

/** The same as a setting of git, for this site alone. */
export const gitCredential = (site: Site, probe: Probe) =>
  [`http.${site.origin}/.extraHeader`, `Authorization: ${basic(probe)}`] as const;

/** One call of Gitea's API as the probe account; an answer outside 2xx and `accept` is a failed check. */
export async function call(
  site: Site,
  probe: Probe,
  method: string,
  path: string,
  options: { readonly body?: unknown; readonly accept?: readonly number[]; readonly always?: boolean } = {},
): Promise<{ readonly status: number; readonly data: unknown }> {
  const answer = await site.trusted({
    method,
    always: options.always ?? false,
    path: `/api/v1${path}`,
    headers: {
      authorization: `token ${probe.token.reveal()}`,
      accept: 'application/json',
      'content-type': 'application/json',
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const good = (answer.status >= 200 && answer.status < 300) || options.accept?.includes(answer.status);
  if (!good) throw refusal(`${method} /api/v1${path}`, answer, probe);
  return { status: answer.status, data: parse(answer) };
}

function refusal(what: string, answer: Answer, probe: Probe): Failed {
  const said = answer.body.toString().trim().slice(0, 300);
  const next =
    answer.status === 401 || answer.status === 403
      ? `the token of ${probe.username} is not valid any more or may do too little: npx zx runbooks/deploy.mjs makes the account good`
      : 'npx zx runbooks/status.mjs, then docker logs --tail 50 of the gitea container';
  return new Failed(`${what} answers ${answer.status}: ${said}`, next);
}

function parse(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body.toString());
  } catch {
    return undefined;
  }
}
