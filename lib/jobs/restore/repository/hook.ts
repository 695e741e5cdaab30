import { RunbookError } from '../../../core/errors.ts';
import { probeEmail, probeUser } from '../../../core/probe-account.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { containers, giteaData } from '../../../phases/layout.ts';
import { repositoryPath } from '../../backup/index.ts';
import { type Live, userId } from './live.ts';

/** Where Gitea's data is in its container. */
const inside = '/var/lib/gitea';

/**
 * Tells Gitea of refs that have changed, by the hook that follows a push, in its own container and with what Gitea gives it: rows
 * of branches, releases of tags, pull requests, the feed. The account of the checks is who did it. Throws `changeFailed`.
 */
export async function tellOfRefs(host: Host, domain: string, live: Live, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const pusher = await userId(host, probeUser);
  const environment = {
    // Without it the hook does not ask Gitea.
    SSH_ORIGINAL_COMMAND: 'gitea-internal',
    GIT_DIR: '.',
    GITEA_REPO_ID: String(live.id),
    GITEA_REPO_USER_NAME: live.owner,
    GITEA_REPO_NAME: live.name,
    GITEA_REPO_IS_WIKI: 'false',
    GITEA_PUSHER_ID: String(pusher ?? 0),
    GITEA_PUSHER_NAME: probeUser,
    GITEA_PUSHER_EMAIL: probeEmail(domain),
  };
  const folder = `${inside}/${giteaData.repositories}/${repositoryPath(live)}`;
  const output = await host.run({
    argv: [
      ...['docker', 'exec', '-i', '-w', folder],
      ...Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
      ...[containers.gitea, './hooks/post-receive'],
    ],
    stdin: Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'),
    timeout: 1800,
  });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: `the refs of ${live.owner}/${live.name} are set back, and Gitea could not be told`,
    cause: lastLines(output, 4),
    next: 'the same command again tells it',
  });
}
