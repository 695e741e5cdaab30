/** The `branch` rows: what the API shows of the branches, brought up to date by the hook that follows a push. */
import type { Database, Queries } from './db.ts';
import { git } from './git.ts';

export interface Pushed {
  name: string;
  commit: string;
}

const now = (): number => Math.floor(Date.now() / 1000);

interface Commit {
  message: string;
  time: number;
}

/** Throws where the repository has no such commit. */
async function commitOf(path: string, id: string): Promise<Commit> {
  const { stdout } = await git('git', ['-C', path, 'log', '-1', '--format=%ct%n%B', '--end-of-options', id]);
  const at = stdout.indexOf('\n');
  return { time: Number(stdout.slice(0, at)), message: stdout.slice(at).trim().split('\n')[0] ?? '' };
}

/** The branches that the repository has. */
export async function branchesOf(path: string): Promise<Pushed[]> {
  const format = '--format=%(objectname) %(refname:lstrip=2)';
  const { stdout } = await git('git', ['-C', path, 'for-each-ref', format, 'refs/heads'], { maxBuffer: 1 << 28 });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => ({ commit: line.slice(0, line.indexOf(' ')), name: line.slice(line.indexOf(' ') + 1) }));
}

async function store(db: Queries, path: string, repo: number, pusher: number, branch: Pushed): Promise<void> {
  const commit = await commitOf(path, branch.commit);
  await db.run(
    `INSERT INTO branch (repo_id, name, commit_id, commit_message, pusher_id, is_deleted, deleted_by_id, deleted_unix,
       commit_time, created_unix, updated_unix) VALUES ($1,$2,$3,$4,$5,false,0,0,$6,$7,$7)
     ON CONFLICT (repo_id, name) DO UPDATE SET commit_id = $3, commit_message = $4, pusher_id = $5, is_deleted = false,
       commit_time = $6, updated_unix = $7`,
    [repo, branch.name, branch.commit, commit.message, pusher, commit.time, now()],
  );
}

/** Every branch of the repository gets its row, and the rows of others go. */
export async function syncAll(db: Queries, path: string, repo: number, pusher: number): Promise<void> {
  const branches = await branchesOf(path);
  for (const branch of branches) await store(db, path, repo, pusher, branch);
  const names = branches.map(({ name }) => name);
  await db.run('DELETE FROM branch WHERE repo_id = $1 AND NOT is_deleted AND NOT name = ANY($2)', [repo, names]);
}

/** The rows of what was pushed; of all branches where the repository had no row yet. */
export function syncPushed(
  db: Database,
  path: string,
  repo: number,
  pusher: number,
  pushed: readonly Pushed[],
): Promise<void> {
  return db.transaction(async (db) => {
    const rows = await db.query('SELECT name, commit_id, is_deleted FROM branch WHERE repo_id = $1', [repo]);
    const known = new Map(rows.map((row) => [String(row.name), row]));
    const none = !rows.some((row) => row.is_deleted !== true);
    if (none && !pushed.some(({ name }) => known.has(name))) return syncAll(db, path, repo, pusher);
    for (const branch of pushed) {
      const row = known.get(branch.name);
      if (row?.commit_id !== branch.commit || row.is_deleted === true) await store(db, path, repo, pusher, branch);
    }
  });
}

/** Marks a row as deleted. Throws where there is none: such a push gets its answer, and no work follows it. */
export async function branchDeleted(db: Queries, repo: number, name: string, by: number): Promise<void> {
  const rows = await db.run(
    `UPDATE branch SET is_deleted = true, deleted_by_id = CASE WHEN is_deleted THEN deleted_by_id ELSE $3 END,
       deleted_unix = CASE WHEN is_deleted THEN deleted_unix ELSE $4 END WHERE repo_id = $1 AND name = $2`,
    [repo, name, by, now()],
  );
  if (rows === 0) throw new Error(`branch does not exist [repo_id: ${repo} name: ${name}]`);
}
