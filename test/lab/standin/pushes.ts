/** What follows an acknowledged push: the rest of the work, taken from the queue on disk a moment later. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './db.ts';
import { DiskQueue } from './disk-queue.ts';
import { git } from './git.ts';
import { closedBy } from './keywords.ts';
import { log } from './log.ts';
import { findRepo, type Repo } from './repos.ts';
import { userByName } from './users.ts';
import { repoPath, type Settings, text } from './values.ts';

/** One ref of one push. A new ref has no old commit, a deleted one no new: forty zeros. */
export interface Update {
  ref: string;
  before: string;
  after: string;
  pusher: number;
  owner: string;
  repo: string;
}

export const ZERO = '0'.repeat(40);
const WHERE = 'services/repository/push.go:42:handler()';
const USUAL_PAUSE = 300;

let queue: DiskQueue<Update[]> | undefined;

export const queueFolder = (s: Settings): string => join(s.dataPath, 'queues', 'common');

export function openPushQueue(db: Database, s: Settings): void {
  const pause = Number(process.env.GITEA_STANDIN_QUEUE_MS ?? USUAL_PAUSE);
  queue = new DiskQueue(queueFolder(s), pause, async (updates: Update[]) => {
    await afterPush(db, s, updates).catch((error: Error) => log('E', WHERE, `pushUpdate failed: ${error.message}`));
  });
  queue.open();
}

export function queuePush(updates: Update[]): void {
  if (updates.length > 0) queue?.push(updates);
}

/** `manager flush-queues`. False where the limit (ms) came first. */
export const flushQueues = async (limit: number): Promise<boolean> => (await queue?.flush(limit)) ?? true;

async function afterPush(db: Database, s: Settings, updates: Update[]): Promise<void> {
  const [first] = updates;
  if (!first) return;
  const owner = await userByName(db, first.owner);
  const repo = owner && (await findRepo(db, owner.id, first.repo));
  // One that has another name by now is not found: what was to follow the push is lost, as in Gitea.
  if (!repo)
    throw new Error(
      `GetRepositoryByOwnerAndName failed: repository does not exist [id: 0, uid: 0, owner_name: ${first.owner}, name: ${first.repo}]`,
    );
  const path = repoPath(s, repo.owner, repo.name);
  if (!existsSync(path)) throw new Error(`OpenRepository[${repo.owner}/${repo.name}]: no such file or directory`);
  for (const update of updates) {
    if (!update.ref.startsWith('refs/heads/') || update.after === ZERO) continue;
    if (update.before === ZERO && repo.isEmpty) await firstBranch(db, s, repo, path, update.ref.slice(11));
    await closeIssues(db, repo, path, update);
  }
  const now = Math.floor(Date.now() / 1000);
  await db.run('UPDATE repository SET updated_unix = $2 WHERE id = $1', [repo.id, now]);
}

/** The first branch ever pushed becomes the default one. */
async function firstBranch(db: Database, s: Settings, repo: Repo, path: string, branch: string): Promise<void> {
  repo.isEmpty = false;
  repo.defaultBranch = branch;
  if (branch !== text(s, 'repository', 'DEFAULT_BRANCH', 'main'))
    await git('git', ['-C', path, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  await db.run('UPDATE repository SET is_empty = false, default_branch = $2 WHERE id = $1', [repo.id, branch]);
}

/** Commits on the default branch close the issues that they name; of a new branch the last ten are read. */
async function closeIssues(db: Database, repo: Repo, path: string, update: Update): Promise<void> {
  if (update.ref !== `refs/heads/${repo.defaultBranch}`) return;
  const range = update.before === ZERO ? ['-10', update.after] : [update.after, `^${update.before}`];
  const { stdout } = await git('git', ['-C', path, 'log', '--reverse', '--format=%B%x00', ...range]);
  const now = Math.floor(Date.now() / 1000);
  for (const index of new Set(stdout.split('\0').flatMap(closedBy))) {
    const close = 'UPDATE issue SET is_closed = true, closed_unix = $3, updated_unix = $3';
    await db.run(`${close} WHERE repo_id = $1 AND index = $2 AND NOT is_closed`, [repo.id, index, now]);
  }
}
