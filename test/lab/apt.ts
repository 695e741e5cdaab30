// Installs what the lab needs on the machine itself, where that machine is a Debian or an Ubuntu and we are root.
import { accessSync, constants, existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from './context.ts';
import { LabError, run, tail } from './process.ts';

/** Whether a program is on the PATH (or in the system folders that a plain user's PATH leaves out). */
export function onPath(program: string): boolean {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':');
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, program), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}

const POLICY = '/usr/sbin/policy-rc.d';
const INSTALL_LIMIT = 600;
let queue: Promise<unknown> = Promise.resolve();

/**
 * Sees to it that a program is there, from packages of the distribution. `purpose` says in an error what it is for.
 * One at a time: apt holds a lock. Not cancelled half-way: that would leave the machine's package database broken.
 */
export function aptInstall(context: Context, program: string, packages: string[], purpose: string): Promise<void> {
  const mine = queue.then(async () => {
    if (!onPath(program)) await install(context, packages, purpose);
    context.signal?.throwIfAborted();
  });
  queue = mine.catch(() => undefined);
  return mine;
}

async function install(context: Context, packages: string[], purpose: string): Promise<void> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (!/^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release)) {
    throw new LabError(
      `the lab needs ${purpose} (${packages.join(' ')}), and can install it on Debian and Ubuntu only`,
      'install it with your own package manager, or start a Docker engine, and run this again',
    );
  }
  if (process.getuid?.() !== 0) {
    throw new LabError(
      `the lab needs ${purpose} (${packages.join(' ')}), and only root can install it`,
      `run: sudo apt-get install ${packages.join(' ')}`,
    );
  }
  context.onEvent({ phase: 'install', text: `installing ${packages.join(' ')} on this machine` });
  const apt = (args: string[]) =>
    run('apt-get', ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      timeout: INSTALL_LIMIT,
      env: { DEBIAN_FRONTEND: 'noninteractive', NEEDRESTART_MODE: 'l' },
    });
  // A freshly installed engine would start as a service of the machine; the lab starts its own and takes it away again.
  const guard = !existsSync(POLICY);
  if (guard) await writeFile(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    let result = await apt(['install', '--no-install-recommends', ...packages]);
    if (result.code !== 0) {
      await apt(['update']);
      result = await apt(['install', '--no-install-recommends', ...packages]);
    }
    if (result.code === 0) return;
    const command = `apt-get update && apt-get install ${packages.join(' ')}`;
    throw new LabError(`cannot install ${purpose}: ${tail(result)}`, `run by hand and read what it says: ${command}`);
  } finally {
    if (guard) await rm(POLICY, { force: true });
  }
}
