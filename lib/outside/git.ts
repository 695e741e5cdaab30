import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { limits, within } from './limits.ts';
import { Failed } from './verdict.ts';

export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Settings for this call alone. They travel in the environment: argv is readable by everybody on the machine. */
  readonly config?: readonly (readonly [string, string])[];
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Seconds. */
  readonly timeout?: number;
  readonly onLine?: ((line: string) => void) | undefined;
}

/** What a failed git says at its end, in characters. */
const kept = 2000;

/** Runs the real git, cut off from the operator's own configuration, credentials and prompts. Gives standard output. */
export async function git(call: GitCall): Promise<string> {
  const seconds = call.timeout ?? limits.git;
  return within(`git ${call.args[0]}`, seconds, call.signal, (signal) => run(call, signal));
}

function run(call: GitCall, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that the transport helpers of git end with it.
    const child = spawn('git', call.args, {
      cwd: call.cwd,
      env: environment(call),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let said = '';
    const stop = () => child.pid !== undefined && endGroup(child.pid);
    signal.addEventListener('abort', stop, { once: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-kept);
      for (const line of text.split(/[\r\n]+/)) if (line.trim()) call.onLine?.(line.trim());
    });
    child.on('error', reject);
    child.on('close', (code) => {
      signal.removeEventListener('abort', stop);
      if (code === 0) resolve(out);
      else reject(refusal(call, code, said));
    });
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function environment(call: GitCall): NodeJS.ProcessEnv {
  const settings = [
    ['user.name', 'gitea-runbooks'],
    ['user.email', 'probe@localhost'],
    ['init.defaultBranch', 'main'],
    ['commit.gpgSign', 'false'],
    ['credential.helper', ''],
    ['gc.auto', '0'],
    ...(call.config ?? []),
  ];
  const pairs = settings.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${i}`, key],
    [`GIT_CONFIG_VALUE_${i}`, value],
  ]);
  return {
    PATH: process.env.PATH,
    HOME: call.cwd,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(pairs),
    ...call.env,
  };
}

function refusal(call: GitCall, code: number | null, said: string): Failed {
  const lines = said
    .split(/[\r\n]+/)
    .filter((line) => line.trim() && !/^(Cloning into|remote: (Counting|Compressing))/.test(line));
  const detail = `git ${call.args[0]} ends with ${code ?? 'a signal'}: ${lines.slice(-4).join(' / ')}`;
  const next = /Could not resolve host/.test(said)
    ? 'git older than 2.37 resolves names by itself: update git, or make the name known to this machine'
    : /\b413\b|Payload Too Large/.test(said)
      ? 'raise proxy.maxUploadSize, then npx zx runbooks/deploy.mjs'
      : 'npx zx runbooks/status.mjs, then docker logs --tail 50 of the proxy and the gitea container';
  return new Failed(detail, next);
}
