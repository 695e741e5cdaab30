/** What the API shows of a repository's inside. Where its directory is missing, all of it is an error of the server. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { apiError, apiNotFound } from './api-answer.ts';
import { assigned, type Found } from './api-repo.ts';
import { paged } from './api-user.ts';
import { branchesOf } from './branches.ts';
import { git } from './git.ts';
import { type Context, json } from './http.ts';
import { log } from './log.ts';
import { repoPath } from './values.ts';

/** The repository and its directory. An empty one is not opened, so nobody sees that its directory is missing. */
async function opened(c: Context, parts: string[]): Promise<(Found & { path: string }) | undefined> {
  const found = await assigned(c, parts);
  if (!found) return undefined;
  const path = repoPath(c.s, found.repo.owner, found.repo.name);
  if (found.repo.isEmpty || existsSync(path)) return { ...found, path };
  const where = 'services/context/api.go:283:ReferencesGitRepo()';
  log('E', where, `APIErrorInternal: no such file or directory: ${path}`);
  apiError(c, 500, c.user?.isAdmin ? 'no such file or directory' : '');
  return undefined;
}

export async function commits(c: Context, parts: string[]): Promise<void> {
  const found = await opened(c, parts);
  if (!found) return;
  const { repo } = found;
  if (repo.isEmpty) return json(c, 409, { message: 'Git Repository is empty.', url: `${c.s.appUrl}api/swagger` });
  const ref = c.query.get('sha') || repo.defaultBranch;
  const limit = Math.min(Number(c.query.get('limit')) || 30, 50);
  try {
    const format = '%H%x1f%an%x1f%ae%x1f%aI%x1f%s';
    const args = ['-C', found.path, 'log', `--max-count=${limit}`, `--format=${format}`, '--end-of-options', ref];
    const { stdout } = await git('git', args);
    const lines = stdout.split('\n').filter((line) => line !== '');
    json(
      c,
      200,
      lines.map((line) => {
        const [sha, author, email, date, message] = line.split('\x1f');
        const url = `${c.s.appUrl}api/v1/repos/${repo.owner}/${repo.name}/git/commits/${sha}`;
        return {
          url,
          sha,
          created: date,
          commit: { url, author: { name: author, email, date }, message: `${message}\n` },
        };
      }),
    );
  } catch {
    apiNotFound(c);
  }
}

const branchJson = (found: Found, name: string, id: string): unknown => ({
  name,
  commit: { id },
  protected: false,
  user_can_push: found.access === 'owner',
});

/** The rows say which branches there are, the repository where they stand. One without a row is not shown. */
export async function branches(c: Context, parts: string[]): Promise<void> {
  const found = await opened(c, parts);
  if (!found) return;
  if (found.repo.isEmpty) return json(c, 200, []);
  const rows = await c.db.query('SELECT name FROM branch WHERE repo_id = $1 AND NOT is_deleted ORDER BY id', [
    found.repo.id,
  ]);
  const inside = new Map((await branchesOf(found.path)).map(({ name, commit }) => [name, commit]));
  const shown = paged(c, rows).flatMap(({ name }) => {
    const commit = inside.get(String(name));
    return commit === undefined ? [] : [branchJson(found, String(name), commit)];
  });
  json(c, 200, shown);
}

/** A repository that is held for empty although it has branches ends in a panic of Gitea, which is an error 500. */
export async function branch(c: Context, parts: string[]): Promise<void> {
  const found = await opened(c, parts);
  if (!found) return;
  const name = decodeURIComponent(parts[2] ?? '');
  const row = 'SELECT 1 FROM branch WHERE repo_id = $1 AND name = $2 AND NOT is_deleted';
  if ((await c.db.query(row, [found.repo.id, name])).length === 0) return apiNotFound(c);
  if (found.repo.isEmpty) throw new Error('runtime error: invalid memory address or nil pointer dereference');
  const commit = (await branchesOf(found.path)).find((one) => one.name === name)?.commit;
  if (commit === undefined) throw new Error(`branch does not exist [name: ${name}]`);
  json(c, 200, branchJson(found, name, commit));
}

/** A file with its content, or the entries of a folder. */
export async function contents(c: Context, parts: string[]): Promise<void> {
  const found = await opened(c, parts);
  if (!found) return;
  if (found.repo.isEmpty) return apiNotFound(c);
  const path = decodeURIComponent(parts[2] ?? '').replace(/^\/+|\/+$/g, '');
  const at = `${c.query.get('ref') || found.repo.defaultBranch}^{commit}`;
  try {
    const { stdout: commit } = await git('git', ['-C', found.path, 'rev-parse', '--verify', '--end-of-options', at]);
    const object = `${commit.trim()}:${path}`;
    const { stdout: kind } = await git('git', ['-C', found.path, 'cat-file', '-t', object]);
    if (kind.trim() === 'tree') return json(c, 200, await entries(found.path, object, path));
    const options = { encoding: 'buffer', maxBuffer: 1 << 28 } as const;
    const { stdout: content } = await git('git', ['-C', found.path, 'cat-file', 'blob', object], options);
    const { stdout: sha } = await git('git', ['-C', found.path, 'rev-parse', object]);
    const name = path.split('/').pop();
    const said = { name, path, sha: sha.trim(), type: 'file', size: content.length };
    json(c, 200, { ...said, encoding: 'base64', content: content.toString('base64') });
  } catch {
    apiNotFound(c);
  }
}

async function entries(repo: string, tree: string, folder: string): Promise<unknown[]> {
  const { stdout } = await git('git', ['-C', repo, 'ls-tree', '-l', '-z', tree]);
  const lines = stdout.split('\0').filter((line) => line !== '');
  return lines.map((line) => {
    const [meta = '', name = ''] = line.split('\t');
    const [, kind, sha, size] = meta.split(/ +/);
    const type = kind === 'tree' ? 'dir' : 'file';
    const nothing = { encoding: null, content: null };
    return { name, path: join(folder, name), sha, type, size: Number(size) || 0, ...nothing };
  });
}
