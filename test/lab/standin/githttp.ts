/** Smart HTTP. Bodies are streamed from the client to git and back. */
import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { basicAuth, bearerAuth } from './auth.ts';
import { type Context, httpError, plainText } from './http.ts';
import { log } from './log.ts';
import { notFoundPage } from './pages.ts';
import { pushEnvironment } from './push-env.ts';
import { redirected } from './redirects.ts';
import { accessOf, findRepo, type Repo } from './repos.ts';
import { hasScope, publicOnly } from './scopes.ts';
import { Refusal, userByName } from './users.ts';
import { bool, repoPath, requireSignIn } from './values.ts';

export const GIT_PATH =
  /^\/([-.\w]+)\/([-.\w]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack|HEAD|objects\/.*)$/;

/** Signs the caller in, for git and LFS. False when the request was answered. */
export async function gitAuth(c: Context, tokenHeader: boolean): Promise<boolean> {
  try {
    if (tokenHeader) await bearerAuth(c);
    await basicAuth(c);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    log('E', 'routers/web/web.go:119:webAuth()', `Failed to verify user: ${error.message}`);
    httpError(c, 401, 'Failed to authenticate user');
    return false;
  }
  if (c.user?.mustChangePassword) {
    if ((c.req.headers['user-agent'] ?? '').startsWith('git')) httpError(c, 401, 'Update your password');
    else c.res.writeHead(303, { Location: `${c.s.appSubUrl}/user/settings/change_password` }).end();
    return false;
  }
  return true;
}

/** Does an access token reach this repository? Answers 403 where it does not. */
export function tokenReaches(c: Context, repo: Repo, write: boolean): boolean {
  if (c.tokenScope === undefined) return true;
  if (!(repo.isPrivate && publicOnly(c.tokenScope)) && hasScope(c.tokenScope, write ? 'write' : 'read', 'repository'))
    return true;
  httpError(c, 403);
  return false;
}

/** A push without the right to write gets past this, as in Gitea: the hook in the repository says no. */
async function allowed(c: Context, ownerName: string, name: string, pull: boolean): Promise<Repo | undefined> {
  const owner = await userByName(c.db, ownerName);
  if (!owner) return void notFoundPage(c);
  if (await redirected(c, owner, ownerName, name)) return undefined;
  const repo = await findRepo(c.db, owner.id, name);
  if (repo?.isArchived && !pull) {
    return void plainText(
      c,
      403,
      'This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.',
    );
  }
  if (!pull || !repo || repo.isPrivate || requireSignIn(c.s)) {
    if (!c.user) {
      const realm = bool(c.s, 'oauth2', 'ENABLED', true) ? 'Gitea' : 'Gitea (Basic Auth)';
      c.res.setHeader('WWW-Authenticate', `Basic realm="${realm}"`);
      return void httpError(c, 401);
    }
    if (repo && !tokenReaches(c, repo, !pull)) return undefined;
    if (!c.user.isActive || c.user.prohibitLogin) return void plainText(c, 403, 'Your account is disabled.');
    if (repo && accessOf(repo, c.user) === 'none') return void plainText(c, 404, 'Repository not found');
  }
  if (!repo) {
    return void (pull
      ? plainText(c, 404, 'Repository not found')
      : plainText(c, 403, 'Push to create is not enabled for users.'));
  }
  return repo;
}

const packet = (line: string): string => (line.length + 4).toString(16).padStart(4, '0') + line;

export async function gitHttp(c: Context): Promise<void> {
  const [, owner = '', name = '', what = ''] = GIT_PATH.exec(c.path) as RegExpExecArray;
  c.handler = `repo/githttp.go:410(repo.${what === 'info/refs' ? 'GetInfoRefs' : 'serviceRPC'})`;
  if (bool(c.s, 'repository', 'DISABLE_HTTP_GIT'))
    return plainText(c, 403, 'Interacting with repositories by HTTP protocol is not allowed');
  if (!(await gitAuth(c, true))) return;
  const service =
    what === 'info/refs' ? (c.query.get('service') ?? '').replace(/^git-/, '') : what.replace(/^git-/, '');
  const wanted = what === 'info/refs' ? 'GET' : 'POST';
  if (c.req.method !== wanted) return httpError(c, 405);
  // The dumb protocol is not kept: every git of this century speaks the smart one.
  if (service !== 'upload-pack' && service !== 'receive-pack') return httpError(c, 403);
  const repo = await allowed(c, owner, name, service === 'upload-pack');
  if (!repo) return;
  const env = { ...gitEnvironment(c.req.headers['git-protocol']), ...pushEnvironment(c.s, repo, c.user, service) };
  const path = repoPath(c.s, repo.owner, repo.name);
  const args = [service, '--stateless-rpc'];
  if (what === 'info/refs') return advertise(c, service, [...args, '--advertise-refs', path], env);
  if (c.req.headers['content-type'] !== `application/x-git-${service}-request`) return void c.res.writeHead(401).end();
  await rpc(c, service, [...args, path], env);
}

export function gitEnvironment(protocol: string | string[] | undefined): NodeJS.ProcessEnv {
  const safe =
    typeof protocol === 'string' && /^[0-9a-zA-Z]+=[0-9a-zA-Z]+(:[0-9a-zA-Z]+=[0-9a-zA-Z]+)*$/.test(protocol);
  return { ...process.env, GIT_TERMINAL_PROMPT: '0', ...(safe ? { GIT_PROTOCOL: protocol } : {}) };
}

function noCache(c: Context): void {
  c.res.setHeader('Expires', 'Fri, 01 Jan 1980 00:00:00 GMT');
  c.res.setHeader('Pragma', 'no-cache');
  c.res.setHeader('Cache-Control', 'no-cache, max-age=0, must-revalidate');
}

async function advertise(c: Context, service: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  noCache(c);
  const child = spawn('git', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  c.res.setHeader('Content-Type', `application/x-git-${service}-advertisement`);
  c.res.writeHead(200);
  c.res.write(`${packet(`# service=git-${service}\n`)}0000`);
  await finished(c, child, service);
}

async function rpc(c: Context, service: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn('git', args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  c.res.setHeader('Content-Type', `application/x-git-${service}-result`);
  const done = (): void => undefined; // an early end of either side shows in git's own exit
  if (c.req.headers['content-encoding'] === 'gzip') pipeline(c.req, createGunzip(), child.stdin, done);
  else pipeline(c.req, child.stdin, done);
  await finished(c, child, service);
}

function finished(c: Context, child: ReturnType<typeof spawn>, service: string): Promise<void> {
  let errors = '';
  child.stderr?.on('data', (part: Buffer) => {
    if (errors.length < 4096) errors += part.toString();
  });
  c.res.on('close', () => {
    if (!c.res.writableFinished) child.kill();
  });
  child.stdout?.pipe(c.res);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      log('E', 'routers/web/repo/githttp.go:470:serviceRPC()', `Fail to serve RPC(${service}): ${error.message}`);
      c.res.destroy();
      resolve();
    });
    child.on('close', (code) => {
      if (code)
        log(
          'E',
          'routers/web/repo/githttp.go:470:serviceRPC()',
          `Fail to serve RPC(${service}): exit status ${code} - ${errors}`,
        );
      resolve();
    });
  });
}
