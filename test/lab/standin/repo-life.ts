/** How repositories come, change their names and go: which of row and directory is first is what a backup may fall between. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { attachmentFile } from './attachments.ts';
import { branchesOf, syncAll } from './branches.ts';
import type { Database, Queries, Row } from './db.ts';
import { git } from './git.ts';
import { writeHooks } from './hooks.ts';
import { objectFile } from './lfs-store.ts';
import { repoNameProblem } from './names.ts';
import { addRedirect, dropRedirect } from './redirects.ts';
import { atLeast, currentRelease } from './release.ts';
import { findRepo, type Repo, toRepo } from './repos.ts';
import { Refusal, type User } from './users.ts';
import { repoPath, type Settings, text } from './values.ts';

/** There once it has a page. */
export const wikiPath = (s: Settings, { owner, name }: Pick<Repo, 'owner' | 'name'>): string =>
  repoPath(s, owner, `${name}.wiki`);

export interface NewRepo {
  name: string;
  description: string;
  isPrivate: boolean;
  autoInit: boolean;
  defaultBranch: string;
}

/**
 * Row first, then the bare repository. Throws Refusal for a bad name; 'exists' where a row has the name. Where a directory
 * without a row lies in the place it throws; from 1.24 on its clean-up takes that directory away, too.
 */
export async function createRepo(db: Database, s: Settings, owner: User, given: NewRepo): Promise<Repo | 'exists'> {
  const problem = repoNameProblem(given.name);
  if (problem) throw new Refusal(problem);
  if (await findRepo(db, owner.id, given.name)) return 'exists';
  if (!atLeast(currentRelease(), 1, 24))
    return db.transaction(async (db) => {
      const repo = await insert(db, owner, given);
      await fill(db, s, repo, owner, given);
      return repo;
    });
  const repo = await db.transaction((db) => insert(db, owner, given));
  try {
    await fill(db, s, repo, owner, given);
    return repo;
  } catch (error) {
    await deleteRepo(db, s, repo);
    throw error;
  }
}

/**
 * Makes a repository of a directory that has no row: private, with a row for each branch. 'absent' where there is none, or it has
 * a row. Until 1.23 all of it is one transaction, from 1.24 on the row of a failure is taken away; the directory stays.
 */
export async function adoptRepo(db: Database, s: Settings, owner: User, name: string): Promise<Repo | 'absent'> {
  const path = repoPath(s, owner.name, name);
  const directory = existsSync(path) && statSync(path).isDirectory();
  if ((await findRepo(db, owner.id, name)) || !directory) return 'absent';
  const problem = repoNameProblem(name);
  if (problem) throw new Error(problem);
  const given = { name, description: '', isPrivate: true, autoInit: false, defaultBranch: '' };
  if (!atLeast(currentRelease(), 1, 24))
    return db.transaction(async (db) => {
      const repo = await insert(db, owner, given);
      return adopt(db, s, repo, path);
    });
  const repo = await db.transaction((db) => insert(db, owner, given));
  try {
    return await adopt(db, s, repo, path);
  } catch (error) {
    await db.run('DELETE FROM branch WHERE repo_id = $1', [repo.id]);
    await db.run('DELETE FROM repository WHERE id = $1', [repo.id]);
    throw error;
  }
}

async function adopt(db: Queries, s: Settings, repo: Repo, path: string): Promise<Repo> {
  writeHooks(path, s.file);
  const usual = text(s, 'repository', 'DEFAULT_BRANCH', 'main');
  const head = /^ref: refs\/heads\/(.+)$/m.exec(readFileSync(`${path}/HEAD`, 'utf8'))?.[1] ?? usual;
  await syncAll(db, path, repo.id, 0);
  const names = (await branchesOf(path)).map(({ name }) => name);
  const found = [head, usual, 'master', 'main', names[0]].find((name) => name !== undefined && names.includes(name));
  if (found !== head) await git('git', ['-C', path, 'symbolic-ref', 'HEAD', `refs/heads/${found ?? usual}`]);
  const set = 'UPDATE repository SET is_empty = $2, default_branch = $3 WHERE id = $1';
  await db.run(set, [repo.id, found === undefined, found ?? usual]);
  await git('git', ['-C', path, 'update-server-info']);
  return { ...repo, isEmpty: found === undefined, defaultBranch: found ?? usual };
}

async function insert(db: Queries, owner: User, given: NewRepo): Promise<Repo> {
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
  await dropRedirect(db, owner.id, given.name);
  await db.run('UPDATE "user" SET num_repos = num_repos + 1 WHERE id = $1', [owner.id]);
  return toRepo(row as Row);
}

async function fill(db: Queries, s: Settings, repo: Repo, owner: User, given: NewRepo): Promise<void> {
  const path = repoPath(s, owner.name, given.name);
  if (existsSync(path)) throw new Error(`repository files already exist [uname: ${owner.name}, name: ${given.name}]`);
  await mkdir(dirname(path), { recursive: true });
  await git('git', ['init', '--bare', `--initial-branch=${given.defaultBranch}`, path]);
  writeHooks(path, s.file);
  if (given.autoInit) {
    await firstCommit(path, owner, given);
    await syncAll(db, path, repo.id, owner.id);
  }
  await git('git', ['-C', path, 'update-server-info']);
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

/** The directory first, then a redirect from the old name, then the row. Throws Refusal where the name cannot be had. */
export async function renameRepo(db: Database, s: Settings, repo: Repo, name: string): Promise<void> {
  if (name.toLowerCase() !== repo.name.toLowerCase()) {
    const problem = repoNameProblem(name);
    if (problem) throw new Refusal(problem);
    const taken = (await findRepo(db, repo.ownerId, name)) || existsSync(repoPath(s, repo.owner, name));
    if (taken) throw new Refusal(`repository already exists [uname: ${repo.owner}, name: ${name.toLowerCase()}]`);
    await rename(repoPath(s, repo.owner, repo.name), repoPath(s, repo.owner, name)).catch((error: Error) => {
      throw new Refusal(`ChangeRepositoryName: rename repository directory: ${error.message}`);
    });
    if (existsSync(wikiPath(s, repo))) await rename(wikiPath(s, repo), wikiPath(s, { owner: repo.owner, name }));
    await db.transaction((db) => addRedirect(db, repo, repo.name, name));
  }
  const now = Math.floor(Date.now() / 1000);
  const set = 'UPDATE repository SET name = $2, lower_name = $3, updated_unix = $4 WHERE id = $1';
  await db.run(set, [repo.id, name, name.toLowerCase(), now]);
}

/** All rows in one transaction, then the directory, then what only this repository had of LFS objects and attachments. */
export async function deleteRepo(db: Database, s: Settings, repo: Repo): Promise<void> {
  const files = await db.transaction(async (db) => {
    await db.run('DELETE FROM repository WHERE id = $1', [repo.id]);
    await db.run('DELETE FROM branch WHERE repo_id = $1', [repo.id]);
    await db.run('DELETE FROM repo_redirect WHERE redirect_repo_id = $1', [repo.id]);
    await db.run('DELETE FROM issue WHERE repo_id = $1', [repo.id]);
    await db.run('DELETE FROM issue_index WHERE group_id = $1', [repo.id]);
    await db.run('UPDATE "user" SET num_repos = num_repos - 1 WHERE id = $1', [repo.ownerId]);
    const objects = await db.query(
      `SELECT oid FROM lfs_meta_object AS mine WHERE repository_id = $1
       AND NOT EXISTS (SELECT 1 FROM lfs_meta_object WHERE oid = mine.oid AND repository_id <> $1)`,
      [repo.id],
    );
    await db.run('DELETE FROM lfs_meta_object WHERE repository_id = $1', [repo.id]);
    const attached = await db.query('DELETE FROM attachment WHERE repo_id = $1 RETURNING uuid', [repo.id]);
    await db.run('UPDATE package SET repo_id = 0 WHERE repo_id = $1', [repo.id]);
    return [
      ...objects.map(({ oid }) => objectFile(s, String(oid))),
      ...attached.map(({ uuid }) => attachmentFile(s, String(uuid))),
    ];
  });
  for (const path of [repoPath(s, repo.owner, repo.name), wikiPath(s, repo)])
    await rm(path, { recursive: true, force: true });
  for (const file of files) await rm(file, { force: true });
}
