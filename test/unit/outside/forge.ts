import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { sha256 } from '../../../lib/core/hash.ts';
import { listen } from './service.ts';

export const token = 'a-token-for-tests-only';
export const username = 'probe';
const basic = `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;

/** The part of Gitea that the full checks use, on bare repositories in a directory: API, git over HTTPS and SSH, LFS. */
export interface Forge {
  readonly handler: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly sshPort: number;
  /** What there is now: repositories and keys. */
  readonly repositories: Set<string>;
  readonly keys: Map<number, string>;
  /** Everything that was asked: "METHOD path". */
  readonly asked: string[];
  close(): void;
}

export interface Faults {
  /** Where the LFS server sends clients instead of to itself. */
  readonly lfsOrigin?: string;
  /** The stored LFS object is another one. */
  readonly corruptLfs?: boolean;
  /** Pushes are refused with 413. */
  readonly tooLarge?: boolean;
  readonly keepRepository?: boolean;
}

export async function forge(root: string, faults: Faults = {}): Promise<Forge> {
  const repositories = new Set<string>();
  const keys = new Map<number, string>();
  const objects = new Map<string, Buffer>();
  const asked: string[] = [];
  const json = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status).end(JSON.stringify(body));

  const api = async (request: IncomingMessage, response: ServerResponse, path: string) => {
    if (request.headers.authorization !== `token ${token}`) return json(response, 401, { message: 'invalid token' });
    const body = await readAll(request);
    if (path === '/user/repos') {
      const name = `${username}/${(JSON.parse(body.toString()) as { name: string }).name}`;
      mkdirSync(join(root, username), { recursive: true });
      execFileSync('git', ['init', '--quiet', '--bare', '-b', 'main', join(root, `${name}.git`)]);
      execFileSync('git', ['-C', join(root, `${name}.git`), 'config', 'http.receivepack', 'true']);
      repositories.add(name);
      return json(response, 201, { full_name: name });
    }
    if (path === '/user/keys') {
      const id = keys.size + 1;
      keys.set(id, (JSON.parse(body.toString()) as { key: string }).key);
      return json(response, 201, { id });
    }
    if (path.startsWith('/user/keys/')) keys.delete(Number(path.slice(11)));
    else if (faults.keepRepository) return json(response, 500, { message: 'disk full' });
    else {
      repositories.delete(path.slice('/repos/'.length));
      rmSync(join(root, `${path.slice('/repos/'.length)}.git`), { recursive: true, force: true });
    }
    return response.writeHead(204).end();
  };

  const lfs = async (request: IncomingMessage, response: ServerResponse, origin: string, base: string) => {
    const body = await readAll(request);
    const [, oid = ''] = /objects\/([0-9a-f]{64})$/.exec(request.url ?? '') ?? [];
    if (request.method === 'PUT') {
      if (sha256(body) !== oid) return response.writeHead(422).end();
      objects.set(oid, faults.corruptLfs ? Buffer.alloc(body.length) : body);
      return response.writeHead(200).end();
    }
    if (oid) return response.writeHead(200).end(objects.get(oid));
    if (request.url?.endsWith('/verify')) return response.writeHead(200).end();
    const { operation, objects: wanted } = JSON.parse(body.toString()) as {
      operation: string;
      objects: { oid: string }[];
    };
    const href = `${faults.lfsOrigin ?? origin}${base}/info/lfs/objects/${wanted[0]?.oid}`;
    const verify =
      operation === 'upload'
        ? { verify: { href: `${origin}${base}/info/lfs/verify`, header: { Authorization: basic } } }
        : {};
    const actions = { [operation]: { href, header: { Authorization: basic } }, ...verify };
    return json(response, 200, { objects: [{ ...wanted[0], actions }] });
  };

  const ssh = await sshServer(root, keys);
  return {
    repositories,
    keys,
    asked,
    sshPort: ssh.port,
    close: ssh.close,
    handler(request, response) {
      const { url = '', method } = request;
      asked.push(`${method} ${url}`);
      if (url.startsWith('/api/v1/') && url !== '/api/v1/version')
        void api(request, response, url.slice('/api/v1'.length));
      else if (!url.includes('.git/')) return false;
      else if (request.headers.authorization !== basic) response.writeHead(401).end();
      else if (url.includes('/info/lfs/'))
        void lfs(request, response, `https://${request.headers.host}`, url.split('/info/lfs/')[0] ?? '');
      else if (faults.tooLarge && url.endsWith('/git-receive-pack')) response.writeHead(413).end();
      else backend(root, request, response);
      return true;
    },
  };
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** git's own CGI program. */
function backend(root: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      CONTENT_LENGTH: request.headers['content-length'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: username,
    },
  });
  request.pipe(child.stdin.on('error', () => {}));
  let head = Buffer.alloc(0);
  const onData = (part: Buffer) => {
    head = Buffer.concat([head, part]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    child.stdout.off('data', onData);
    const lines = head
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ') as [string, string]);
    const status = Number(lines.find(([key]) => key === 'Status')?.[1].slice(0, 3) ?? 200);
    response.writeHead(status, Object.fromEntries(lines.filter(([key]) => key !== 'Status')));
    response.write(head.subarray(end + 4));
    child.stdout.pipe(response);
  };
  child.stdout.on('data', onData);
}

async function sshServer(
  root: string,
  keys: ReadonlyMap<number, string>,
): Promise<{ port: number; close: () => void }> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const hostKey = privateKey.export({ type: 'pkcs1', format: 'pem' });
  const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => {});
    client.on('authentication', (context) => {
      const known =
        context.method === 'publickey' &&
        [...keys.values()].some((key) => key.split(' ')[1] === context.key.data.toString('base64'));
      if (known && context.username === 'git') context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const [, service = '', path = ''] = /^(git-(?:upload|receive)-pack) '\/(.*)'$/.exec(command) ?? [];
        const channel = acceptExec();
        const child = spawn('git', [service.slice(4), join(root, path)]);
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on('close', (code) => {
          channel.exit(code ?? 1);
          channel.end();
        });
      });
    });
  });
  const port = await listen(server as unknown as Parameters<typeof listen>[0]);
  return { port, close: () => void server.close() };
}
