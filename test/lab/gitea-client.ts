// Somebody who works with an instance in the lab from outside: its API and git, with the lab's trust, at an address that is given.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import type { LedgerUser } from './ledger.ts';

/** Where an instance is. `on` runs a script in its host that must succeed. */
export interface Instance {
  readonly on: (script: string) => Promise<string>;
  readonly domain: string;
  readonly address: string;
  readonly caPath: string;
}

interface Asked {
  readonly method?: string;
  readonly body?: Buffer | string;
  readonly type?: string;
  readonly accept?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const LIMIT = 60_000;
const LFS = 'application/vnd.git-lfs+json';

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

export type GiteaClient = ReturnType<typeof giteaClient>;

export function giteaClient({ domain, address, caPath }: Omit<Instance, 'on'>, { name, token }: LedgerUser) {
  const ca = readFileSync(caPath, 'utf8');
  const authorization = `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`;

  const ask = (path: string, { method = 'GET', body, type = 'application/json', accept = '*/*' }: Asked = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = request(
        {
          ...{ host: domain, path, method, ca, agent: false, timeout: LIMIT },
          headers: {
            ...{ authorization, accept },
            ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          },
          lookup: (_name, options, done) =>
            options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)),
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }));
          response.on('error', reject);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject);
      sent.end(body);
    });

  /** The body of an answer of the 200s; throws on any other. */
  const good = async (path: string, asked?: Asked): Promise<Buffer> => {
    const { status, body } = await ask(path, asked);
    if (status >= 200 && status <= 299) return body;
    throw new Error(`${asked?.method ?? 'GET'} ${path}: ${status} ${body.toString().slice(0, 200)}`);
  };

  // biome-ignore lint/suspicious/noExplicitAny: every answer has a shape of its own; the callers look into it.
  const api = async (method: string, path: string, value?: unknown): Promise<any> => {
    const body = value === undefined ? {} : { body: JSON.stringify(value) };
    return JSON.parse((await good(`/api/v1${path}`, { method, ...body })).toString() || 'null');
  };

  const batch = async (repository: string, operation: 'upload' | 'download', object: object) => {
    const body = JSON.stringify({ operation, transfers: ['basic'], objects: [object] });
    const path = `/${name}/${repository}.git/info/lfs/objects/batch`;
    const said = JSON.parse((await good(path, { method: 'POST', body, type: LFS, accept: LFS })).toString());
    const [first] = said.objects as { actions?: Record<string, { href: string }>; error?: { message: string } }[];
    if (first?.error) throw new Error(`LFS ${operation}: ${first.error.message}`);
    const { pathname } = new URL(first?.actions?.[operation]?.href ?? 'https://none.invalid/');
    return { path: pathname, known: first?.actions === undefined };
  };

  const options = [`http.curloptResolve=${domain}:443:${address}`, `http.sslCAInfo=${caPath}`];
  return {
    ...{ name, ask, good, api },
    git: async (cwd: string, ...words: string[]) => {
      const all = [...options, 'gc.auto=0', 'maintenance.auto=false'].flatMap((option) => ['-c', option]);
      const env = { ...process.env, GIT_SSL_CAINFO: caPath, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C.UTF-8' };
      const run = promisify(execFile)('git', [...all, ...words], { cwd, env, timeout: LIMIT, maxBuffer: 1 << 26 });
      return (await run).stdout;
    },
    url: (repository: string) => `https://${name}:${token}@${domain}/${name}/${repository}.git`,
    async putObject(repository: string, content: Buffer): Promise<{ oid: string; size: number }> {
      const object = { oid: sha256(content), size: content.length };
      const { path, known } = await batch(repository, 'upload', object);
      if (!known) await good(path, { method: 'PUT', body: content, type: 'application/octet-stream' });
      return object;
    },
    getObject: async (repository: string, object: { oid: string; size: number }): Promise<Buffer> =>
      good((await batch(repository, 'download', object)).path),
    async attach(repository: string, issue: number, file: string, content: Buffer): Promise<string> {
      const form = new FormData();
      form.set('attachment', new Blob([Uint8Array.from(content)]), file);
      const sent = new Response(form);
      const body = Buffer.from(await sent.arrayBuffer());
      const type = sent.headers.get('content-type') ?? '';
      const path = `/api/v1/repos/${name}/${repository}/issues/${issue}/assets`;
      return JSON.parse((await good(path, { method: 'POST', body, type })).toString()).uuid;
    },
  };
}

/** A user of the instance with a token for all that the workload does. */
export async function newUser(on: Instance['on'], name: string): Promise<LedgerUser> {
  const gitea = 'docker exec gitea-gitea-1 gitea admin user';
  const mail = `--email ${name}@lab.test --random-password --must-change-password=false`;
  await on(`${gitea} create --username ${name} ${mail}`);
  const scopes = 'write:repository,write:user,write:issue,write:package';
  const said = await on(`${gitea} generate-access-token --username ${name} --scopes ${scopes} --raw --token-name work`);
  return { name, token: said.trim().split('\n').at(-1) as string };
}
