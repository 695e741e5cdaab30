import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { quoteAll } from '../core/quote.ts';
import { call } from './gitea-api.ts';
import type { Repository } from './probe.ts';
import { roundTrip } from './round-trip.ts';
import { Failed, pass, type Verdict } from './verdict.ts';

/** Clone and push over SSH with the real git, with a key that is registered for it and goes with the repository. */
export async function gitOverSsh(repository: Repository): Promise<Verdict> {
  const { site, fullName, directory } = repository;
  const key = await registerKey(repository);
  const knownHosts = join(directory, 'known_hosts');
  const command = sshCommand(key, knownHosts, site.domain, await site.address());
  const url = `ssh://git@${site.domain}:${site.config.gitea.sshPort}/${fullName}.git`;
  const env = { GIT_SSH_COMMAND: command, GIT_SSH_VARIANT: 'ssh' };
  await roundTrip(repository, { url, env }, { branch: 'ssh', bytes: 64 * 1024 });
  return pass(`cloned, pushed, cloned again: the same content; host key ${await fingerprint(knownHosts)}`);
}

/** Gives the path of the private key. */
async function registerKey({ site, probe, directory, fullName, made }: Repository): Promise<string> {
  const path = join(directory, 'key');
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'probe', '-f', path]);
  const key = (await readFile(`${path}.pub`, 'utf8')).trim();
  const { data } = await call(site, probe, 'POST', '/user/keys', { body: { title: fullName, key, read_only: false } });
  const id = (data as { id?: unknown } | undefined)?.id;
  if (typeof id !== 'number') throw new Failed('Gitea gave no id for the key', 'npx zx runbooks/status.mjs');
  made.push(`/user/keys/${id}`);
  return path;
}

/** Nobody has pinned Gitea's own host key here: it is taken as it comes and its fingerprint is told. */
function sshCommand(key: string, knownHosts: string, domain: string, address: string): string {
  const options = [
    `HostName=${address}`,
    `HostKeyAlias=${domain}`,
    `UserKnownHostsFile=${knownHosts}`,
    `GlobalKnownHostsFile=${devNull}`,
    'HashKnownHosts=no',
    'StrictHostKeyChecking=accept-new',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'BatchMode=yes',
    'ConnectTimeout=10',
    'ServerAliveInterval=10',
    'ControlPath=none',
  ];
  return quoteAll(['ssh', '-F', devNull, '-i', key, ...options.flatMap((option) => ['-o', option])]);
}

async function fingerprint(knownHosts: string): Promise<string> {
  const [, type, key] = (await readFile(knownHosts, 'utf8')).trim().split('\n')[0]?.split(' ') ?? [];
  if (!key) return 'unknown';
  return `${type} SHA256:${createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64').replace(/=+$/, '')}`;
}
