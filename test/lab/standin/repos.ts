import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Database, Row } from './db.ts';
import { repoNameProblem } from './names.ts';
import { Refusal, type User } from './users.ts';
import { repoRoot, type Settings } from './values.ts';

export const git = promisify(execFile);

export interface Repo {
  id: number;
  ownerId: number;
  owner: string;
  name: string;
  description: string;
  isPrivate: boolean;
  isEmpty: boolean;
  isArchived: boolean;
  defaultBranch: string;
  size: number;
  created: number;
  updated: number;
}

const toRepo = (row: Row): Repo => ({
  id: Number(row.id),
  ownerId: Number(row.owner_id),
  owner: String(row.owner_name),
  name: String(row.name),
  description: String(row.description ?? ''),
  isPrivate: row.is_private === true,
  isEmpty: row.is_empty === true,
  isArchived: row.is_archived === true,
  defaultBranch: String(row.default_branch),
  size: Number(row.size),
  created: Number(row.created_unix),
  updated: Number(row.updated_unix),
});

/** Below the root all names are lower case. */
export const repoPath = (s: Settings, owner: string, name: string): string =>
  join(repoRoot(s), owner.toLowerCase(), `${name.toLowerCase()}.git`);

export async function findRepo(db: Database, ownerId: number, name: string): Promise<Repo | undefined> {
  const [row] = await db.query('SELECT * FROM repository WHERE owner_id = $1 AND lower_name = $2', [
    ownerId,
    name.toLowerCase(),
  ]);
  return row && toRepo(row);
}

export type Access = 'none' | 'read' | 'write' | 'owner';

/** What a user (undefined: nobody signed in) may do. The stand-in knows owners and site admins, no collaborators. */
export function accessOf(repo: Repo, user: User | undefined): Access {
  if (user && (user.isAdmin || user.id === repo.ownerId)) return 'owner';
  if (repo.isPrivate || user?.isRestricted) return 'none';
  return 'read';
}

export interface NewRepo {
  name: string;
  description: string;
  isPrivate: boolean;
  autoInit: boolean;
  defaultBranch: string;
}

/** Makes row and bare repository. Throws Refusal for a bad name; 'exists' where the name is taken. */
export async function createRepo(db: Database, s: Settings, owner: User, given: NewRepo): Promise<Repo | 'exists'> {
  const problem = repoNameProblem(given.name);
  if (problem) throw new Refusal(problem);
  const path = repoPath(s, owner.name, given.name);
  if ((await findRepo(db, owner.id, given.name)) || existsSync(path)) return 'exists';
  await mkdir(dirname(path), { recursive: true });
  await git('git', ['init', '--bare', `--initial-branch=${given.defaultBranch}`, path]);
  if (given.autoInit) await firstCommit(path, owner, given);
  const [row] = await db.query(
    `INSERT INTO repository (owner_id, owner_name, lower_name, name, description, website, default_branch, is_private,
       is_empty, is_archived, is_mirror, created_unix, updated_unix)
     VALUES ($1,$2,$3,$4,$5,'',$6,$7,$8,false,false,$9,$9) RETURNING *`,
    [
      owner.id,
      owner.name,
      given.name.toLowerCase(),
      given.name,
      given.description,
      given.defaultBranch,
      given.isPrivate,
      !given.autoInit,
      Math.floor(Date.now() / 1000),
    ],
  );
  await db.run('UPDATE "user" SET num_repos = num_repos + 1 WHERE id = $1', [owner.id]);
  return toRepo(row as Row);
}

async function firstCommit(path: string, owner: User, given: NewRepo): Promise<void> {
  const who = { NAME: owner.fullName || owner.name, EMAIL: owner.email };
  const env = {
    ...process.env,
    GIT_DIR: path,
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  const input = [
    `commit refs/heads/${given.defaultBranch}`,
    `committer ${who.NAME} <${who.EMAIL}> now`,
    'data 14\nInitial commit',
    `M 100644 inline README.md\ndata ${Buffer.byteLength(given.name) + 3}\n# ${given.name}\n`,
    '',
  ].join('\n');
  const running = git('git', ['fast-import', '--date-format=now', '--quiet'], { env });
  running.child.stdin?.end(input);
  await running;
}

export async function deleteRepo(db: Database, s: Settings, repo: Repo): Promise<void> {
  await db.run('DELETE FROM lfs_meta_object WHERE repository_id = $1', [repo.id]);
  await db.run('DELETE FROM repository WHERE id = $1', [repo.id]);
  await db.run('UPDATE "user" SET num_repos = num_repos - 1 WHERE id = $1', [repo.ownerId]);
  await rm(repoPath(s, repo.owner, repo.name), { recursive: true, force: true });
}

export async function visibleRepos(db: Database, user: User | undefined, query: string): Promise<Repo[]> {
  const rows = await db.query('SELECT * FROM repository WHERE lower_name LIKE $1 ORDER BY lower_name', [
    `%${query.toLowerCase()}%`,
  ]);
  return rows.map(toRepo).filter((repo) => accessOf(repo, user) !== 'none');
}

/** After a push: is the repository still empty, and when was it touched. */
export async function afterPush(db: Database, s: Settings, repo: Repo): Promise<void> {
  const path = repoPath(s, repo.owner, repo.name);
  const { stdout } = await git('git', ['-C', path, 'for-each-ref', '--format=%(refname)', 'refs/heads']);
  const heads = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace('refs/heads/', ''));
  // As Gitea does, the first branch ever pushed becomes the default one.
  const branch =
    heads.includes(repo.defaultBranch) || !repo.isEmpty ? repo.defaultBranch : (heads[0] ?? repo.defaultBranch);
  if (branch !== repo.defaultBranch) await git('git', ['-C', path, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  await db.run('UPDATE repository SET is_empty = $2, default_branch = $3, updated_unix = $4 WHERE id = $1', [
    repo.id,
    heads.length === 0,
    branch,
    Math.floor(Date.now() / 1000),
  ]);
}
