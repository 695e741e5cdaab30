/** /api/packages/{owner}/generic: upload and download of single files. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { basicAuth, bearerAuth } from './auth.ts';
import { type Context, httpError, plainText, readBytes } from './http.ts';
import { log } from './log.ts';
import { addPackageFile, blobFile, type PackageFile, packageFile } from './packages.ts';
import { hasScope } from './scopes.ts';
import { Refusal, type User, userByName } from './users.ts';
import { bool, requireSignIn } from './values.ts';

export const PACKAGE_PATH = /^\/api\/packages\/([^/]+)\/generic\/([^/]+)\/([^/]+)\/([^/]+)$/;
const LIMIT = 1024 * 1024 * 1024;

async function signedIn(c: Context): Promise<boolean> {
  try {
    await bearerAuth(c);
    await basicAuth(c);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log('I', 'routers/api/packages/api.go:124:verifyAuth()', `Failed to verify user: ${error.message}`);
    httpError(c, 401, 'Failed to authenticate user');
    return false;
  }
}

function mayDo(c: Context, owner: User, write: boolean): boolean {
  const { user } = c;
  if (c.tokenScope !== undefined && !hasScope(c.tokenScope, write ? 'write' : 'read', 'package')) return false;
  if (user && (!user.isActive || user.prohibitLogin)) return false;
  if (write) return user !== undefined && (user.isAdmin || user.id === owner.id);
  return user !== undefined || !requireSignIn(c.s);
}

export async function packages(c: Context): Promise<void> {
  c.handler = 'generic/generic.go:33(generic.Package)';
  if (!bool(c.s, 'packages', 'ENABLED', true)) return httpError(c, 404, '404 page not found');
  if (!(await signedIn(c))) return;
  const parts = (PACKAGE_PATH.exec(c.path) as RegExpExecArray).slice(1).map(decodeURIComponent);
  const [ownerName = '', name = '', version = '', file = ''] = parts;
  const owner = await userByName(c.db, ownerName);
  if (!owner) return httpError(c, 404);
  const write = c.req.method === 'PUT';
  if (!mayDo(c, owner, write)) {
    c.res.setHeader('WWW-Authenticate', 'Basic realm="Gitea Package API"');
    return httpError(c, 401, 'user should have specific permission or be a site admin');
  }
  const given = { ownerId: owner.id, name, version, file };
  if (write) return upload(c, given);
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return download(c, given);
  httpError(c, 405);
}

async function upload(c: Context, given: PackageFile): Promise<void> {
  const alone = given.name.length === 1 && !/^[\p{L}\p{N}]$/u.test(given.name);
  if (alone || !/^[-_+.\w]+$/.test(given.name) || given.name === '..') return plainText(c, 400, 'invalid package name');
  if (
    !/^[-_+=:;.()[\]{}~!@#$%^& \w]+$/.test(given.file) ||
    given.file.trim() !== given.file ||
    /^\.\.?$/.test(given.file)
  )
    return plainText(c, 400, 'invalid filename');
  if (given.version.trim() !== given.version) return plainText(c, 400, 'invalid package version');
  const content = await readBytes(c, LIMIT);
  if (await addPackageFile(c.db, c.s, (c.user as User).id, given, content)) return void c.res.writeHead(201).end();
  plainText(c, 409, 'package file already exists');
}

async function download(c: Context, given: PackageFile): Promise<void> {
  const hash = await packageFile(c.db, given);
  if (hash === undefined) return plainText(c, 404, 'package does not exist');
  const file = blobFile(c.s, hash);
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return plainText(c, 500, 'internal server error');
  c.res.setHeader('Content-Type', 'application/octet-stream');
  c.res.setHeader('Content-Length', size);
  c.res.setHeader('Content-Disposition', `attachment; filename="${given.file}"`);
  if (c.req.method === 'HEAD') return void c.res.end();
  await pipeline(createReadStream(file), c.res);
}
