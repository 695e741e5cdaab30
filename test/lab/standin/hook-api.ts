/** The server's side of the hooks: may this be pushed, and what becomes of what was. */
import { branchDeleted, syncPushed } from './branches.ts';
import { type Context, json, plainText, readBody } from './http.ts';
import { log } from './log.ts';
import { queuePush, type Update, ZERO } from './pushes.ts';
import { accessOf, findRepo, type Repo } from './repos.ts';
import { userById, userByName } from './users.ts';
import { repoPath } from './values.ts';

export const HOOK_PATH = /^\/api\/internal\/hook\/(pre|post)-receive\/([^/]+)\/([^/]+)$/;

/** What the command sends. */
export interface HookOptions {
  OldCommitIDs: string[];
  NewCommitIDs: string[];
  RefFullNames: string[];
  UserID: number;
}

async function repository(c: Context, ownerName: string, name: string): Promise<Repo | undefined> {
  const owner = await userByName(c.db, decodeURIComponent(ownerName));
  return owner && (await findRepo(c.db, owner.id, decodeURIComponent(name)));
}

const refused = (c: Context, status: number, message: string): void => json(c, status, { user_msg: message });

async function preReceive(c: Context, repo: Repo, options: HookOptions): Promise<void> {
  const access = accessOf(repo, await userById(c.db, options.UserID));
  if (access !== 'owner' && access !== 'write') return refused(c, 403, 'User permission denied for writing.');
  const at = options.RefFullNames.indexOf(`refs/heads/${repo.defaultBranch}`);
  if (at >= 0 && options.NewCommitIDs[at] === ZERO)
    return refused(c, 403, `branch ${repo.defaultBranch} is the default branch and cannot be deleted`);
  plainText(c, 200, 'ok');
}

async function postReceive(c: Context, repo: Repo, options: HookOptions): Promise<void> {
  const updates = options.RefFullNames.map(
    (ref, at): Update => ({
      ref,
      before: options.OldCommitIDs[at] as string,
      after: options.NewCommitIDs[at] as string,
      pusher: options.UserID,
      owner: repo.owner,
      repo: repo.name,
    }),
  ).filter(({ ref }) => /^refs\/(heads|tags)\//.test(ref));
  const first = updates.findIndex(({ ref }) => /^refs\/heads\/(main|master)$/.test(ref));
  if (repo.isEmpty && first > 0) updates.unshift(...updates.splice(first, 1));
  const branches = updates
    .filter(({ ref }) => ref.startsWith('refs/heads/'))
    .map((update) => ({ ...update, name: update.ref.slice(11), commit: update.after }));
  try {
    for (const { name, after } of branches)
      if (after === ZERO) await branchDeleted(c.db, repo.id, name, options.UserID);
    const kept = branches.filter(({ after }) => after !== ZERO);
    if (kept.length > 0) await syncPushed(c.db, repoPath(c.s, repo.owner, repo.name), repo.id, options.UserID, kept);
    queuePush(updates);
  } catch (error) {
    const message = `Failed to Update: ${repo.owner}/${repo.name} Error: ${(error as Error).message}`;
    log('E', 'routers/private/hook_post_receive.go:138:HookPostReceive()', message);
    return json(c, 500, { err: message });
  }
  json(c, 200, { Results: [], RepoWasEmpty: repo.isEmpty, Err: '' });
}

export async function hookCall(c: Context): Promise<void> {
  const [, when, owner = '', name = ''] = HOOK_PATH.exec(c.path) as RegExpExecArray;
  const repo = await repository(c, owner, name);
  if (!repo) return json(c, 500, { err: `Failed to get repository: ${owner}/${name}` });
  const options = JSON.parse(await readBody(c, 1 << 28)) as HookOptions;
  await (when === 'pre' ? preReceive : postReceive)(c, repo, options);
}
