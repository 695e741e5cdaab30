/** The LFS server: batch, upload, download, verify, locks (none are ever held). */
import { STATUS_CODES } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { credentials } from './auth.ts';
import { gitAuth, tokenReaches } from './githttp.ts';
import { type Context, httpError, readBody } from './http.ts';
import { addMeta, metaOf, openObject, type Pointer, sizeOf, storeObject, validPointer } from './lfs-store.ts';
import { log } from './log.ts';
import { publicUrl } from './proxy.ts';
import { accessOf, findRepo, type Repo } from './repos.ts';
import { readJwt } from './secrets.ts';
import { userById, userByName } from './users.ts';
import { int, lfsEnabled } from './values.ts';

export const LFS_PATH = /^\/([-.\w]+)\/([-.\w]+?)(?:\.git)?\/info\/lfs\/(.*)$/;
const MEDIA = 'application/vnd.git-lfs+json';

function answer(c: Context, status: number, body: unknown = { Message: STATUS_CODES[status] }): void {
  c.res.setHeader('Content-Type', MEDIA);
  c.res.statusCode = status;
  c.res.end(`${JSON.stringify(body)}\n`);
}

/** The repository of the path if the caller may use it so; otherwise the request was answered. */
async function authenticated(c: Context, owner: string, name: string, write: boolean): Promise<Repo | undefined> {
  const user = await userByName(c.db, owner);
  const repo = user && (await findRepo(c.db, user.id, name));
  if (!repo) return void answer(c, 404);
  const may = (): boolean => ['owner', write ? 'write' : 'read'].includes(accessOf(repo, c.user));
  if (!may()) {
    const claims = readJwt(credentials(c.req.headers.authorization).bearer ?? '', c.s.lfsSecret);
    if (!claims || claims.RepoID !== repo.id || (write && claims.Op !== 'upload')) {
      log(
        'W',
        'services/lfs/server.go:620:authenticate()',
        'Authentication failure for provided token with Error: invalid token claim',
      );
      c.res.setHeader('WWW-Authenticate', 'Basic realm="gitea-lfs"');
      return void answer(c, 401);
    }
    const holder = await userById(c.db, Number(claims.UserID));
    if (holder) c.user = holder;
  }
  return tokenReaches(c, repo, write) ? repo : undefined;
}

async function batch(c: Context, owner: string, name: string): Promise<void> {
  let request: { operation?: string; objects?: Pointer[] };
  try {
    request = JSON.parse(await readBody(c)) as typeof request;
  } catch {
    return answer(c, 400);
  }
  const { operation, objects = [] } = request;
  if (operation !== 'upload' && operation !== 'download') return answer(c, 400);
  const repo = await authenticated(c, owner, name, operation === 'upload');
  if (!repo) return;
  const max = int(c.s, 'server', 'LFS_MAX_FILE_SIZE', 0);
  const base = `${publicUrl(c.req, c.s)}${encodeURIComponent(owner)}/${encodeURIComponent(name)}.git/info/lfs`;
  const header = c.req.headers.authorization ? { Authorization: c.req.headers.authorization } : {};
  const results: unknown[] = [];
  for (const p of objects) {
    const failed = (code: number, message: string): number => results.push({ ...p, error: { code, message } });
    if (!validPointer(p)) failed(422, 'Oid or size are invalid');
    else {
      const meta = await metaOf(c.db, repo, p.oid);
      const exists = (await sizeOf(c.s, p.oid)) !== undefined;
      if (meta && meta.size !== p.size) failed(422, `Object ${p.oid} is not ${p.size} bytes`);
      else if (operation === 'download') {
        if (!exists || !meta) failed(404, 'Not Found');
        else results.push({ ...p, actions: { download: { href: `${base}/objects/${p.oid}`, header } } });
      } else if (!exists && max > 0 && p.size > max) failed(422, `Size must be less than or equal to ${max}`);
      else if (exists && meta) results.push({ ...p });
      else {
        const upload = { href: `${base}/objects/${p.oid}/${p.size}`, header };
        const verify = { href: `${base}/verify`, header: { ...header, Accept: `${MEDIA};q=0.9, */*;q=0.8` } };
        results.push({ ...p, actions: { upload, verify } });
      }
    }
  }
  answer(c, 200, { objects: results });
}

async function upload(c: Context, owner: string, name: string, p: Pointer): Promise<void> {
  if (!validPointer(p)) return answer(c, 422);
  const repo = await authenticated(c, owner, name, true);
  if (!repo) return;
  const problem = await storeObject(c.s, p, c.req);
  if (problem !== undefined) {
    log(
      'E',
      'services/lfs/server.go:410:UploadHandler()',
      `Upload does not match LFS MetaObject [${p.oid}]. Error: ${problem}`,
    );
    return answer(c, 422, { Message: problem });
  }
  await addMeta(c.db, repo, p);
  answer(c, 200);
}

async function download(c: Context, owner: string, name: string, oid: string): Promise<void> {
  if (!validPointer({ oid, size: 0 })) return answer(c, 422, { Message: 'Oid or size are invalid' });
  const repo = await authenticated(c, owner, name, false);
  if (!repo) return;
  const meta = await metaOf(c.db, repo, oid);
  if (!meta || (await sizeOf(c.s, oid)) === undefined) return answer(c, 404);
  const range = /^bytes=(\d+)-(\d*)/.exec(c.req.headers.range ?? '');
  const start = range ? Number(range[1]) : 0;
  if (range && start >= meta.size) return answer(c, 416);
  const end = range?.[2] ? Math.min(Number(range[2]), meta.size - 1) : meta.size - 1;
  if (range) c.res.setHeader('Content-Range', `bytes ${start}-${end}/${meta.size}`);
  c.res.setHeader('Content-Length', end + 1 - start);
  c.res.setHeader('X-Gitea-LFS-Content-Length', end + 1 - start);
  c.res.setHeader('Content-Type', 'application/octet-stream');
  c.res.writeHead(range ? 206 : 200);
  if (meta.size === 0) c.res.end();
  else await pipeline(openObject(c.s, oid, start, end), c.res);
}

async function verify(c: Context, owner: string, name: string): Promise<void> {
  let p: Pointer;
  try {
    p = JSON.parse(await readBody(c)) as Pointer;
  } catch {
    return answer(c, 422);
  }
  if (!validPointer({ ...p, size: p.size ?? 0 })) return answer(c, 422, { Message: 'Oid or size are invalid' });
  const repo = await authenticated(c, owner, name, true);
  if (!repo) return;
  const meta = await metaOf(c.db, repo, p.oid);
  answer(c, meta && (await sizeOf(c.s, p.oid)) === meta.size ? 200 : 404);
}

export async function lfs(c: Context): Promise<void> {
  const [, owner = '', name = '', what = ''] = LFS_PATH.exec(c.path) as RegExpExecArray;
  c.handler = `lfs/server.go:1(lfs.${what})`;
  if (!lfsEnabled(c.s)) return httpError(c, 404);
  if (!(await gitAuth(c, false))) return;
  const call = `${c.req.method} ${what}`;
  const put = /^PUT objects\/([^/]+)\/(\d+)$/.exec(call);
  const get = /^GET objects\/([^/]+)(?:\/[^/]+)?$/.exec(call);
  if (put) return upload(c, owner, name, { oid: put[1] as string, size: Number(put[2]) });
  if (get) return download(c, owner, name, get[1] as string);
  if ((c.req.headers.accept ?? '').split(';')[0] !== MEDIA) return answer(c, 415);
  switch (call.replace(/\/$/, '')) {
    case 'POST objects/batch':
      return batch(c, owner, name);
    case 'POST verify':
      return verify(c, owner, name);
    case 'POST locks/verify':
      if (await authenticated(c, owner, name, true)) answer(c, 200, { ours: [], theirs: [] });
      return;
    case 'GET locks':
      if (await authenticated(c, owner, name, false)) answer(c, 200, { locks: [] });
      return;
    default:
      return httpError(c, 404, '404 page not found');
  }
}
