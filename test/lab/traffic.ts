// What people do all day, each act with a name of its own, so that what was refused, done twice or lost can be told.

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from './lab.ts';
import { inside } from './suite.ts';

const user = 'runbooks-probe';
const kinds = ['page', 'post', 'upload', 'push', 'ssh', 'clone'] as const;
type Kind = (typeof kinds)[number];

export interface Act {
  readonly kind: Kind;
  readonly name: string;
  /** Undefined when it went well. */
  readonly trouble?: string;
  readonly took: number;
}

interface Asked {
  readonly method?: string;
  readonly body?: Buffer | string;
  readonly type?: string;
}

/** A client with the account of the checks. */
async function clientOf(lab: Lab) {
  const token = (await inside(lab, 'cat /etc/gitea-runbooks/secrets/probe_token')).trim();
  const ca = await readFile(lab.caPath, 'utf8');
  const { address } = lab.hosts[0]!;
  const authorization = `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`;
  const ask = (where: string, { method = 'GET', body, type = 'application/json' }: Asked = {}) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const sent = request(
        {
          ...{ host: lab.domain, path: where, method, ca, agent: false, timeout: 150_000 },
          headers: {
            ...{ authorization, accept: type },
            ...(body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) }),
          },
          lookup: (_name, options, done) =>
            options.all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)),
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
          response.on('error', reject);
        },
      );
      sent.on('timeout', () => sent.destroy(new Error('no answer'))).on('error', reject);
      sent.end(body);
    });
  const good = async (where: string, asked?: Asked) => {
    const { status, text } = await ask(where, asked);
    if (status < 200 || status > 299) throw new Error(`${status} ${text.slice(0, 80)}`);
    return text;
  };
  const home = await mkdtemp(path.join(tmpdir(), 'traffic-'));
  const key = path.join(home, 'key');
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const body = JSON.stringify({ title: path.basename(home), key: (await readFile(`${key}.pub`, 'utf8')).trim() });
  const { id } = JSON.parse(await good('/api/v1/user/keys', { method: 'POST', body }));
  const ssh = `ssh -F none -i ${key} -o HostName=${address} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -o LogLevel=ERROR -o ControlPath=none`;
  const git = (folder: string, ...words: string[]) =>
    promisify(execFile)(
      'git',
      [
        ...['-c', `http.curloptResolve=${lab.domain}:443:${address}`, '-c', `http.sslCAInfo=${lab.caPath}`],
        ...['-c', 'user.name=t', '-c', 'user.email=t@lab.test', ...words],
      ],
      {
        cwd: folder,
        env: {
          ...{ ...process.env, HOME: home, GIT_SSL_CAINFO: lab.caPath, GIT_TERMINAL_PROMPT: '0' },
          ...{ GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'ssh' },
        },
      },
    );
  const end = async () => {
    await ask(`/api/v1/user/keys/${id}`, { method: 'DELETE' });
    await rm(home, { recursive: true });
  };
  return {
    ...{
      ask,
      good,
      git,
      home,
      end,
      url: (name: string) => `https://${user}:${token}@${lab.domain}/${user}/${name}.git`,
    },
    sshUrl: (name: string) => `ssh://git@${lab.domain}:2222/${user}/${name}.git`,
  };
}

/** Starts the traffic. The function that it gives ends it, and tells what came of it and of what is on the server. */
export async function traffic(lab: Lab) {
  const { ask, good, git, home, end, url, sshUrl } = await clientOf(lab);
  const main = `traffic${Date.now()}`;
  await good('/api/v1/user/repos', { method: 'POST', body: JSON.stringify({ name: main }) });
  const [work, other] = ['work', 'other'].map((name) => path.join(home, name)) as [string, string];
  const commit = async (folder: string, name: string) => {
    await writeFile(path.join(folder, 'file'), randomBytes(200_000));
    await git(folder, 'add', '.');
    await git(folder, 'commit', '-qm', name);
  };
  for (const folder of [work, other]) await git(home, 'init', '-q', '-b', 'main', folder);
  await commit(work, 'first');
  await git(work, 'push', '-q', url(main), 'main');
  const uploads: string[] = [];
  const acts: { readonly [K in Kind]: (name: string) => Promise<unknown> } = {
    page: () => good('/api/v1/user'),
    post: (name) => good('/api/v1/user/repos', { method: 'POST', body: JSON.stringify({ name }) }),
    async upload() {
      const content = randomBytes(2 * 1024 * 1024);
      const oid = createHash('sha256').update(content).digest('hex');
      const type = 'application/octet-stream';
      await good(`/${user}/${main}.git/info/lfs/objects/${oid}/${content.length}`, {
        method: 'PUT',
        body: content,
        type,
      });
      uploads.push(JSON.stringify({ oid, size: content.length }));
    },
    async push(name) {
      await commit(work, name);
      await git(work, 'push', '-q', url(main), `main:${name}`);
    },
    async ssh(name) {
      await commit(other, name);
      await git(other, 'push', '-q', sshUrl(main), `main:${name}`);
    },
    async clone(name) {
      await git(home, 'clone', '-q', '--depth', '1', url(main), name);
      await rm(path.join(home, name), { recursive: true });
    },
  };
  const done: Act[] = [];
  let going = true;
  const again = async (kind: Kind, number: number) => {
    for (let turn = 0; going; turn++) {
      const name = `${main}-${kind}${number}-${turn}`;
      const started = performance.now();
      const trouble = await acts[kind](name).then(
        () => undefined,
        (error: Error & { stderr?: string }) => `${error.stderr ?? ''}${error.message}`.slice(0, 300),
      );
      done.push({ kind, name, took: performance.now() - started, ...(trouble === undefined ? {} : { trouble }) });
      await new Promise((next) => setTimeout(next, 50));
    }
  };
  const loops = kinds.flatMap((kind) =>
    (kind === 'page' || kind === 'post' ? [1, 2] : [1]).map((one) => again(kind, one)),
  );
  return async () => {
    going = false;
    await Promise.all(loops);
    // Nothing is lost of what was answered well, and nothing is there that was answered badly.
    const wrong: string[] = [];
    for (const { name } of done.filter(({ kind, trouble }) => kind === 'post' && !trouble)) {
      if ((await ask(`/api/v1/repos/${user}/${name}`)).status !== 200) wrong.push(`${name} is lost`);
    }
    const heads = (await git(work, 'ls-remote', url(main))).stdout;
    for (const { name } of done.filter(({ kind, trouble }) => (kind === 'push' || kind === 'ssh') && !trouble)) {
      if (!heads.includes(`refs/heads/${name}`)) wrong.push(`${name} is lost`);
    }
    const type = 'application/vnd.git-lfs+json';
    for (const body of uploads) {
      const { status } = await ask(`/${user}/${main}.git/info/lfs/verify`, { method: 'POST', body, type });
      if (status !== 200) wrong.push(`upload ${body} is lost: ${status}`);
    }
    for (const { name, kind, trouble } of done) if (trouble) wrong.push(`${kind} ${name}: ${trouble}`);
    for (const name of [main, ...done.filter(({ kind }) => kind === 'post').map(({ name }) => name)]) {
      await ask(`/api/v1/repos/${user}/${name}`, { method: 'DELETE' });
    }
    await end();
    return { done, wrong, waited: done.filter(({ took }) => took > 1500).length };
  };
}

export function tally({ done, wrong, waited }: Awaited<ReturnType<Awaited<ReturnType<typeof traffic>>>>): string {
  const each = kinds.map((kind) => `${done.filter((act) => act.kind === kind).length} ${kind}`).join(', ');
  const slowest = Math.max(0, ...done.map(({ took }) => took)) / 1000;
  return `${each}; ${wrong.length} wrong, ${waited} waited, slowest ${slowest.toFixed(1)} s`;
}
