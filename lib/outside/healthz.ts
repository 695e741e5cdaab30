import type { Check } from './check.ts';
import { fail, pass } from './verdict.ts';

interface Health {
  readonly status?: string;
  readonly checks?: Readonly<
    Record<string, readonly { readonly status?: string; readonly output?: string }[] | undefined>
  >;
}

/**
 * Gitea and its database. 200 alone is not enough: before its installation Gitea answers 200 without any check, and a
 * failed check is 424. GET, since Gitea does not know HEAD there.
 */
export const healthz: Check = {
  id: 'outside.healthz',
  title: 'Health of Gitea',
  async look(site) {
    const { status, body } = await site.page('/api/healthz');
    const text = body.toString().trim();
    const said = text.length > 300 ? `${text.slice(0, 300)}…` : text;
    if (status === 502 || status === 503 || status === 504) {
      return fail(
        `the proxy answers ${status}: Gitea does not run, or is still starting`,
        'npx zx runbooks/status.mjs, then docker logs --tail 50 of the gitea container',
      );
    }
    if (status !== 200)
      return fail(`answers ${status}: ${said}`, 'npx zx runbooks/status.mjs shows which part is down');
    const database = parse(text)?.checks?.['database:ping']?.[0]?.status;
    if (database === undefined)
      return fail(
        `answers 200 without a database check: ${said}`,
        'Gitea is not installed: npx zx runbooks/deploy.mjs',
      );
    if (database !== 'pass')
      return fail(`the database check says ${database}: ${said}`, 'npx zx runbooks/status.mjs shows the database');
    return pass('Gitea and its database answer');
  },
};

function parse(text: string): Health | undefined {
  try {
    return JSON.parse(text) as Health;
  } catch {
    return undefined;
  }
}
