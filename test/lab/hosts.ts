// Disposable hosts: Debian with systemd and sshd, in a container that is as near to a machine as a container gets.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { newKeyPair } from '../../lib/host/new-key.ts';
import { type Context, LABEL } from './context.ts';
import { PLUG_ALL } from './disks.ts';
import type { Docker } from './docker.ts';
import { MACHINE_LIKE } from './machine-like.ts';
import { address, containerName, NETWORK, SERVICE_BYTE } from './names.ts';
import { LabError } from './process.ts';
import type { Suite } from './recipe.ts';
import { NO_CLOCK } from './timers.ts';
import { sshBanner, waitFor } from './wait.ts';

export interface LabHost {
  name: string;
  container: string;
  address: string;
  suite: Suite;
  image: string;
  /** Its own public key as one line: `ssh-ed25519 AAAA…`. */
  hostKey: string;
}

const BOOT_LIMIT = 60;
const STOP_LIMIT = 90;

/** Makes a host with fresh keys and waits until it is up. Its system disk begins as `disk`: the bare image, if nothing else is given. */
export async function createHost(
  context: Context,
  docker: Docker,
  network: string,
  host: Omit<LabHost, 'hostKey' | 'container'>,
  operatorKey: string,
  caps: string[],
  disk = host.image,
): Promise<LabHost> {
  const container = containerName(host.name);
  const keys = newKeyPair(`root@${host.name}`);
  const folder = path.join(context.dir, 'hosts', host.name);
  await mkdir(folder, { recursive: true });
  const resolv = path.join(folder, 'resolv.conf');
  await writeFile(resolv, `nameserver ${address(network, SERVICE_BYTE.dns)}\n`);
  await docker.run([
    ...['create', '--name', container, '--hostname', host.name, '--label', LABEL],
    ...['--network', NETWORK, '--ip', host.address, '--network-alias', host.name],
    ...[...MACHINE_LIKE, ...caps, '--stop-signal=SIGRTMIN+3', `--stop-timeout=${STOP_LIMIT}`],
    // The inner Docker hands the host's name server on to its containers, so it must be one that they can reach.
    ...['--volume', `${volumeName(host.name)}:/var/lib/docker`, '--volume', `${resolv}:/etc/resolv.conf`],
    // The folders of a kept host are in a layer below, from which they cannot be renamed: a volume takes them as its own.
    ...(disk === host.image ? [] : ['--volume', '/srv', '--volume', '/var/backups']),
    ...[disk, 'sh', '-c', INIT],
  ]);
  await docker.run(['cp', '-', `${container}:/`], { input: await keyFiles(keys, operatorKey) });
  await docker.run(['start', container]);
  await waitHost(context, docker, host);
  return { ...host, container, hostKey: keys.public.split(' ').slice(0, 2).join(' ') };
}

// Control groups are mounted read-only in a container that is not privileged. What is written below is the host's own
// (--cgroupns private), never the machine's. On cgroup v1 systemd wants to be told from version 256 on.
const INIT = `${PLUG_ALL}
for at in /sys/fs/cgroup /sys/fs/cgroup/*; do
  mount -o remount,bind,rw "$at" 2>/dev/null || mount -o remount,rw "$at" 2>/dev/null || true
done
${NO_CLOCK}
exec /lib/systemd/systemd SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1`;

/** Name of the volume of a host's Docker Engine. */
export const volumeName = (name: string) => `${containerName(name)}-docker`;

/** Makes the volume of a host's Docker Engine. */
export async function createVolume(docker: Docker, name: string): Promise<void> {
  await docker.run(['volume', 'create', '--label', LABEL, volumeName(name)]);
}

/** Removes a host with everything on it. */
export async function removeHost(docker: Docker, name: string): Promise<void> {
  await docker.run(['rm', '--force', '--volumes', containerName(name)], { timeout: STOP_LIMIT });
  await docker.run(['volume', 'rm', '--force', volumeName(name)]);
}

/** Waits until sshd greets and systemd has settled. */
export async function waitHost(
  context: Context,
  docker: Docker,
  host: { name: string; address: string },
): Promise<void> {
  const container = containerName(host.name);
  await waitFor(`host ${host.name} (sshd at ${host.address}:22)`, BOOT_LIMIT, () => sshBanner(host.address), {
    signal: context.signal,
    next: `docker -H ${docker.host} exec ${container} journalctl -b --no-pager -n 30 (the lab needs a Linux machine that runs its engine itself)`,
  });
  await waitFor(
    `systemd on ${host.name}`,
    BOOT_LIMIT,
    async () => {
      const state = await docker.attempt(['exec', container, 'systemctl', 'is-system-running']);
      return /running|degraded/.test(state.stdout) ? true : undefined;
    },
    { signal: context.signal, next: `docker -H ${docker.host} exec ${container} systemctl --failed` },
  );
}

/** The files that make a host known and open to its operator, as a tar archive: files only, so no folder changes its mode. */
async function keyFiles(keys: { private: string; public: string }, operatorKey: string): Promise<Buffer> {
  const files: [name: string, text: string, mode: number][] = [
    ['etc/ssh/ssh_host_ed25519_key', keys.private, 0o600],
    ['etc/ssh/ssh_host_ed25519_key.pub', `${keys.public}\n`, 0o644],
    ['root/.ssh/authorized_keys', `${operatorKey}\n`, 0o600],
    ['home/ops/.ssh/authorized_keys', `${operatorKey}\n`, 0o644],
  ];
  const stage = await mkdtemp(path.join(tmpdir(), 'gitea-runbooks-host-'));
  try {
    for (const [name, text, mode] of files) {
      const file = path.join(stage, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
      await chmod(file, mode);
    }
    const args = ['-C', stage, '--owner=0', '--group=0', '--numeric-owner', '-c', ...files.map(([name]) => name)];
    const { stdout } = await promisify(execFile)('tar', args, { encoding: 'buffer' });
    return stdout;
  } catch (cause) {
    throw new LabError('cannot pack the keys of a lab host', 'is tar installed?', { cause });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}
