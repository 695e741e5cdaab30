/** Pages of a wiki, which is a repository beside the other one. Titles of plain letters only: how Gitea writes others is not kept. */
import { existsSync } from 'node:fs';
import { apiError, apiNotFound } from './api-answer.ts';
import { assigned, type Found } from './api-repo.ts';
import { body, str } from './api-user.ts';
import { git } from './git.ts';
import { writeHooks } from './hooks.ts';
import { type Context, json } from './http.ts';
import { wikiPath } from './repo-life.ts';
import type { User } from './users.ts';
import { text } from './values.ts';

const branchOf = (c: Context): string => text(c.s, 'repository', 'DEFAULT_BRANCH', 'main');
const fileOf = (title: string): string => `${title.trim().replaceAll(' ', '-')}.md`;

async function contentOf(path: string, branch: string, title: string): Promise<string | undefined> {
  if (!existsSync(path)) return undefined;
  try {
    const words = ['-C', path, 'cat-file', 'blob', `refs/heads/${branch}:${fileOf(title)}`];
    return (await git('git', words, { encoding: 'buffer' })).stdout.toString('base64');
  } catch {
    return undefined;
  }
}

function answer(c: Context, status: number, { repo }: Found, title: string, content: string): void {
  const page = fileOf(title).replace(/\.md$/, '');
  json(c, status, {
    ...{ title, sub_url: page, html_url: `${c.s.appUrl}${repo.owner}/${repo.name}/wiki/${page}` },
    ...{ content_base64: content, commit_count: 1, sidebar: '', footer: '' },
  });
}

export async function newWikiPage(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  if (!['owner', 'write'].includes(found.access))
    return apiError(c, 403, 'user should have a permission to write to this repo');
  const form = await body(c);
  if (!form) return;
  const title = str(form.title);
  if (!/^[\w -]+$/.test(title)) return apiError(c, 400, '');
  const path = wikiPath(c.s, found.repo);
  const branch = branchOf(c);
  if ((await contentOf(path, branch, title)) !== undefined)
    return apiError(c, 400, `wiki page already exists [title: ${title}]`);
  if (!existsSync(path)) {
    await git('git', ['init', '--bare', `--initial-branch=${branch}`, path]);
    writeHooks(path, c.s.file);
  }
  const content = Buffer.from(str(form.content_base64), 'base64');
  await commit(path, branch, c.user as User, {
    file: fileOf(title),
    content,
    message: str(form.message) || `Add "${title}"`,
  });
  answer(c, 201, found, title, content.toString('base64'));
}

async function commit(
  path: string,
  branch: string,
  { name, email }: User,
  { file, content, message }: { file: string; content: Buffer; message: string },
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const running = git('git', ['-C', path, 'fast-import', '--date-format=now', '--quiet']);
  const head = `commit ${ref}\ncommitter ${name} <${email}> now\ndata ${Buffer.byteLength(message)}\n${message}\n`;
  const before = await git('git', ['-C', path, 'rev-parse', '--verify', '-q', ref]).then(
    ({ stdout }) => `from ${stdout.trim()}\n`,
    () => '',
  );
  running.child.stdin?.write(`${head}${before}M 100644 inline ${file}\ndata ${content.length}\n`);
  running.child.stdin?.end(Buffer.concat([content, Buffer.from('\n')]));
  await running;
}

export async function getWikiPage(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  const title = decodeURIComponent(parts[2] ?? '');
  const content = await contentOf(wikiPath(c.s, found.repo), branchOf(c), title);
  if (content === undefined) return apiNotFound(c);
  answer(c, 200, found, title, content);
}
