/** What the hooks are told of a push; they are started by git and know nothing else. */
import type { Repo } from './repos.ts';
import type { User } from './users.ts';
import type { Settings } from './values.ts';

export function pushEnvironment(
  s: Settings,
  repo: Repo,
  user: User | undefined,
  command: string,
): Record<string, string> {
  return {
    GITEA_REPO_NAME: repo.name,
    GITEA_REPO_USER_NAME: repo.owner,
    GITEA_REPO_ID: `${repo.id}`,
    GITEA_REPO_IS_WIKI: 'false',
    GITEA_PUSHER_NAME: user?.name ?? '',
    GITEA_PUSHER_ID: `${user?.id ?? 0}`,
    GITEA_PR_ID: '0',
    GITEA_ROOT_URL: s.appUrl,
    SSH_ORIGINAL_COMMAND: command,
  };
}
