/** Issues and their attachments in the API. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { apiError, apiNotFound } from './api-answer.ts';
import { userJson } from './api-json.ts';
import { assigned, type Found } from './api-repo.ts';
import { body, paged, str } from './api-user.ts';
import {
  type Attachment,
  addAttachment,
  attachmentByUuid,
  attachmentFile,
  attachmentsOf,
  countDownload,
} from './attachments.ts';
import { gitAuth } from './githttp.ts';
import { goTime } from './go-time.ts';
import { type Context, httpError, json, readBytes } from './http.ts';
import { addIssue, changeIssue, type Issue, issueByIndex, issuesOf } from './issues.ts';
import { filePart } from './multipart.ts';
import { accessOf, toRepo } from './repos.ts';
import { type User, userById } from './users.ts';
import { int, list } from './values.ts';

export const ATTACHMENT_PATH = /^\/attachments\/([^/]+)$/;

const attachmentJson = (c: Context, one: Attachment): unknown => ({
  id: one.id,
  name: one.name,
  size: one.size,
  download_count: one.downloads,
  created_at: goTime(one.created),
  uuid: one.uuid,
  browser_download_url: `${c.s.appUrl}attachments/${one.uuid}`,
});

async function issueJson(c: Context, { repo }: Found, issue: Issue): Promise<unknown> {
  const poster = (await userById(c.db, issue.posterId)) as User;
  const assets = await attachmentsOf(c.db, issue.id);
  return {
    id: issue.id,
    url: `${c.s.appUrl}api/v1/repos/${repo.owner}/${repo.name}/issues/${issue.index}`,
    html_url: `${c.s.appUrl}${repo.owner}/${repo.name}/issues/${issue.index}`,
    number: issue.index,
    user: userJson(c.s, poster, c.user !== undefined, c.user?.id === poster.id),
    title: issue.title,
    body: issue.content,
    ref: '',
    assets: assets.map((one) => attachmentJson(c, one)),
    labels: [],
    milestone: null,
    assignee: null,
    assignees: null,
    state: issue.isClosed ? 'closed' : 'open',
    is_locked: false,
    comments: 0,
    created_at: goTime(issue.created),
    updated_at: goTime(issue.updated),
    closed_at: issue.closed === 0 ? null : goTime(issue.closed),
    due_date: null,
    pull_request: null,
    repository: { id: repo.id, name: repo.name, owner: repo.owner, full_name: `${repo.owner}/${repo.name}` },
    pin_order: 0,
  };
}

async function issueOf(c: Context, parts: string[]): Promise<(Found & { issue: Issue }) | undefined> {
  const found = await assigned(c, parts);
  if (!found) return undefined;
  const issue = await issueByIndex(c.db, found.repo, Number(parts[2]));
  if (!issue) return void apiNotFound(c);
  return { ...found, issue };
}

export async function postIssue(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  const form = await body(c);
  if (!form) return;
  const title = str(form.title);
  if (title === '') return apiError(c, 422, '[Title]: Required');
  if (title.length > 255) return apiError(c, 422, '[Title]: MaxSize');
  const made = await addIssue(c.db, found.repo, (c.user as User).id, title, str(form.body));
  const issue = form.closed === true ? await changeIssue(c.db, made, { closed: true }) : made;
  json(c, 201, await issueJson(c, found, issue));
}

export async function listIssues(c: Context, parts: string[]): Promise<void> {
  const found = await assigned(c, parts);
  if (!found) return;
  const state = c.query.get('state');
  const issues = await issuesOf(c.db, found.repo, state === 'all' ? undefined : state === 'closed');
  c.res.setHeader('X-Total-Count', issues.length);
  json(c, 200, await Promise.all(paged(c, issues).map((issue) => issueJson(c, found, issue))));
}

export async function getIssue(c: Context, parts: string[]): Promise<void> {
  const found = await issueOf(c, parts);
  if (found) json(c, 200, await issueJson(c, found, found.issue));
}

export async function editIssue(c: Context, parts: string[]): Promise<void> {
  const found = await issueOf(c, parts);
  if (!found) return;
  const form = await body(c);
  if (!form) return;
  if (found.access !== 'owner' && found.issue.posterId !== c.user?.id) return void c.res.writeHead(403).end();
  const state = str(form.state);
  if (state !== '' && state !== 'open' && state !== 'closed') return apiError(c, 412, `unknown state: ${state}`);
  const issue = await changeIssue(c.db, found.issue, {
    ...(str(form.title) === '' ? {} : { title: str(form.title) }),
    ...(typeof form.body === 'string' ? { content: form.body } : {}),
    ...(state === '' ? {} : { closed: state === 'closed' }),
  });
  json(c, 201, await issueJson(c, found, issue));
}

const USUAL_TYPES =
  `.avif,.cpuprofile,.csv,.dmp,.docx,.fodg,.fodp,.fods,.fodt,.gif,.gz,.jpeg,.jpg,.json,.jsonc,.log,.md,.mov,.mp4,.odf,
  .odg,.odp,.ods,.odt,.patch,.pdf,.png,.pptx,.svg,.tgz,.txt,.webm,.webp,.xls,.xlsx,.zip`
    .split(',')
    .map((one) => one.trim());

export async function postAttachment(c: Context, parts: string[]): Promise<void> {
  const found = await issueOf(c, parts);
  if (!found) return;
  if (found.access !== 'owner' && found.issue.posterId !== c.user?.id)
    return apiError(c, 403, 'user should have permission to write issue');
  const limit = int(c.s, 'attachment', 'MAX_SIZE', 2048) * 1024 * 1024;
  const part = filePart(await readBytes(c, limit), c.req.headers['content-type'] ?? '', 'attachment');
  if (!part) throw new Error('http: no such file');
  const name = c.query.get('name') || part.filename;
  const given = list(c.s, 'attachment', 'ALLOWED_TYPES');
  const types = given.length > 0 ? given : USUAL_TYPES;
  if (!types.includes('*/*') && !types.some((type) => name.toLowerCase().endsWith(type)))
    return apiError(c, 422, 'This file cannot be uploaded or modified due to a forbidden file extension or type.');
  const ids = { repoId: found.repo.id, issueId: found.issue.id, uploaderId: (c.user as User).id };
  const made = await addAttachment(c.db, c.s, { ...ids, name }, part.content);
  await changeIssue(c.db, found.issue, {});
  json(c, 201, attachmentJson(c, made));
}

export async function listAttachments(c: Context, parts: string[]): Promise<void> {
  const found = await issueOf(c, parts);
  if (!found) return;
  json(
    c,
    200,
    (await attachmentsOf(c.db, found.issue.id)).map((one) => attachmentJson(c, one)),
  );
}

/** The web address of an attachment. Who may not read its repository does not learn that there is one. */
export async function download(c: Context): Promise<void> {
  c.handler = 'repo/attachment.go:204(repo.GetAttachment)';
  if (!(await gitAuth(c, true))) return;
  const one = await attachmentByUuid(c.db, (ATTACHMENT_PATH.exec(c.path) as RegExpExecArray)[1] as string);
  const [row] = one ? await c.db.query('SELECT * FROM repository WHERE id = $1', [one.repoId]) : [];
  if (!one || !row || accessOf(toRepo(row), c.user) === 'none') return httpError(c, 404);
  await countDownload(c.db, one.id);
  const file = attachmentFile(c.s, one.uuid);
  const { size } = await stat(file);
  c.res.setHeader('ETag', `"${one.uuid}"`);
  c.res.setHeader('Content-Type', 'application/octet-stream');
  c.res.setHeader('Content-Length', size);
  c.res.setHeader('Content-Disposition', `attachment; filename="${one.name.replace(/["\\]/g, '_')}"`);
  await pipeline(createReadStream(file), c.res);
}
