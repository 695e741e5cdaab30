import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { quoteAll } from '../../../core/quote.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { containers } from '../../../phases/layout.ts';
import { emailOf } from './live.ts';

/**
 * Gitea takes a directory for a repository only when an administrator asks by its API, and whether one of those that there are
 * may use it nobody knows (they may have to change their password first). So one is made for as long as it takes.
 */
export const account = 'runbooks-restore';
const addressOf = ({ domain }: Pick<Config, 'domain'>) => `${account}@${domain}`;

const admin = (...words: readonly string[]) => ['docker', 'exec', containers.gitea, 'gitea', 'admin', 'user', ...words];

/** Seconds that one command of Gitea takes at most. */
const limit = 120;

async function must(host: Host, argv: readonly string[], what: string): Promise<string> {
  const output = await host.run({ argv, timeout: limit });
  if (output.code === 0) return output.stdout;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what,
    cause: lastLines(output, 3)
      .split('\n')
      .filter((line) => !line.includes('random password'))
      .join('\n'),
    next: `on the host: docker logs --tail 30 ${containers.gitea}`,
  });
}

/** Does something as an administrator of Gitea, who is gone afterwards. */
export async function asAdministrator<T>(
  host: Host,
  config: Config,
  work: (authorization: string) => Promise<T>,
): Promise<T> {
  await removeAccount(host, config);
  await must(
    host,
    admin(
      'create',
      '--username',
      account,
      '--email',
      addressOf(config),
      '--random-password',
      '--must-change-password=false',
      '--admin',
    ),
    `the Gitea account ${account} could not be made`,
  );
  try {
    const scopes = 'write:admin,write:repository';
    const said = await must(
      host,
      admin('generate-access-token', '--username', account, '--token-name', 'restore', '--scopes', scopes, '--raw'),
      `the Gitea account ${account} got no token`,
    );
    const token = said.trim().split('\n').at(-1) ?? '';
    return await work(`Basic ${Buffer.from(`${account}:${token}`).toString('base64')}`);
  } finally {
    await removeAccount(host, config);
  }
}

/** Takes the account away, also one that a call before was not able to. Throws `refused` where somebody else has the name. */
export async function removeAccount(host: Host, config: Config): Promise<void> {
  const email = await emailOf(host, account);
  if (email === undefined) return;
  if (email.toLowerCase() !== addressOf(config)) {
    throw new RunbookError('refused', {
      where: host.label,
      what: `somebody has the name ${account} in Gitea, which a restore needs`,
      next: `give that account another name, then run the same command again`,
    });
  }
  const words = admin('delete', '--username', account);
  await must(host, words, `the Gitea account ${account} of a restore is still there: ${quoteAll(words)}`);
}
