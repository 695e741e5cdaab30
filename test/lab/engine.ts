// Finds a Docker engine and leaves it as found, or starts one that belongs to the lab alone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { aptInstall, onPath } from './apt.ts';
import { type Context, cacheDir } from './context.ts';
import { connectDocker, type Docker } from './docker.ts';
import { LabError } from './process.ts';
import { waitFor } from './wait.ts';

export interface Engine {
  docker: Docker;
  /** True when the lab started it: then the lab also stops it. */
  own: boolean;
}

// Sockets and process files live on a tmpfs: a machine that was switched off leaves no stale ones.
// Another cache is another lab with an engine of its own.
const RUN_DIR = (() => {
  const usual = path.join(homedir(), '.cache', 'gitea-runbooks', 'lab');
  const suffix = cacheDir() === usual ? '' : `-${createHash('sha256').update(cacheDir()).digest('hex').slice(0, 8)}`;
  return `/run/gitea-runbooks-lab${suffix}`;
})();
const SOCKET = `${RUN_DIR}/docker.sock`;
const PID_FILE = `${RUN_DIR}/docker.pid`;
const OWN_HOST = `unix://${SOCKET}`;
const START_LIMIT = 60;
const STOP_LIMIT = 30;

/** An engine that answers now: the machine's own, else one that the lab left running. Starts nothing. */
export async function findEngine(signal?: AbortSignal): Promise<Engine | undefined> {
  const hosts = process.env.DOCKER_HOST ? [process.env.DOCKER_HOST] : ['unix:///var/run/docker.sock', OWN_HOST];
  for (const host of hosts) {
    if (host.startsWith('unix://') && !existsSync(host.slice('unix://'.length))) continue;
    if (!onPath('docker')) continue;
    const docker = connectDocker(host, signal);
    const answer = await docker.attempt(['version', '--format', '{{.Server.Version}}'], { timeout: 10 });
    if (answer.code === 0) return { docker, own: host === OWN_HOST };
  }
  return undefined;
}

/** A usable engine. Where none answers and we are root on Debian or Ubuntu, installs and starts one. */
export async function useEngine(context: Context): Promise<Engine> {
  const found = await findEngine(context.signal);
  if (found) return found;
  if (process.env.DOCKER_HOST) {
    throw new LabError(
      `no Docker engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}`,
      'start that engine, or unset DOCKER_HOST to let the lab look for one',
    );
  }
  await aptInstall(context, 'dockerd', ['docker.io'], 'a Docker engine');
  await aptInstall(context, 'docker', ['docker-cli'], 'the Docker client');
  return startEngine(context);
}

async function startEngine(context: Context): Promise<Engine> {
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'no Docker engine answers, and only root can start one',
      'start your engine, or run this as root',
    );
  }
  const data = path.join(context.cache, 'docker');
  const logFile = path.join(context.cache, 'dockerd.log');
  await mkdir(data, { recursive: true });
  await mkdir(RUN_DIR, { recursive: true, mode: 0o700 });
  const configFile = path.join(RUN_DIR, 'daemon.json');
  await writeFile(configFile, '{}\n'); // the machine's own daemon.json is none of our business
  const log = await open(logFile, 'w');
  const child = spawn(
    'dockerd',
    [
      ...['--config-file', configFile, '--data-root', data, '--exec-root', path.join(RUN_DIR, 'exec')],
      ...['-H', OWN_HOST, '--pidfile', PID_FILE, '--log-level', 'warn'],
    ],
    { detached: true, stdio: ['ignore', log.fd, log.fd] },
  );
  let exit: string | undefined;
  child.on('error', (error) => {
    exit = error.message;
  });
  child.on('exit', (code) => {
    exit = `dockerd ended with exit code ${code}`;
  });
  child.unref();
  await log.close();
  const docker = connectDocker(OWN_HOST, context.signal);
  const next = `read ${logFile}`;
  try {
    return await waitFor(
      'the Docker engine',
      START_LIMIT,
      async () => {
        if (exit) throw new LabError(`the Docker engine did not start: ${exit}\n${await logTail(logFile)}`, next);
        if (!existsSync(SOCKET)) return undefined;
        const answer = await docker.attempt(['version', '--format', '{{.Server.Version}}'], { timeout: 10 });
        return answer.code === 0 ? { docker, own: true } : undefined;
      },
      { signal: context.signal, next },
    );
  } catch (error) {
    // By the child itself: it may not have written its pid file yet.
    child.kill('SIGTERM');
    await waitFor('the end of the Docker engine', STOP_LIMIT, async () => exit, {
      next: `end process ${child.pid} by hand`,
    });
    await stopEngine();
    throw error;
  }
}

async function logTail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join('\n');
}

/** Stops the engine that the lab started (found by its pid file), and waits until it is gone. Does nothing when there is none. */
export async function stopEngine(host: string = OWN_HOST): Promise<void> {
  const runDir = path.dirname(host.slice('unix://'.length));
  const pid = Number(await readFile(path.join(runDir, 'docker.pid'), 'utf8').catch(() => ''));
  if (pid > 1 && (await isOurs(pid, host))) {
    process.kill(pid, 'SIGTERM');
    const gone = async () => ((await isOurs(pid, host)) ? undefined : true);
    const next = `end process ${pid} by hand; its log is ${path.join(cacheDir(), 'dockerd.log')}`;
    await waitFor('the end of the Docker engine', STOP_LIMIT, gone, { next });
  }
  await rm(runDir, { recursive: true, force: true });
}

/** A pid file may be old: only a dockerd that listens on our socket is ours. A zombie has no command line and counts as gone. */
async function isOurs(pid: number, host: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('dockerd') && command.split('\0').includes(host);
}
