import { spawn } from 'node:child_process';
import { execute, ignore } from './execute.ts';
import { holdScript } from './hold.ts';
import type { Host } from './port.ts';
import type { Ending, Running } from './process.ts';
import { putFile } from './put.ts';
import { signalled } from './signals.ts';

const label = 'this machine';
const killAfter = 5000;

/** This machine as the current user, with the contract of every host: no shell between the words and the program. */
export function localHost(): Host {
  return {
    label,
    query: (command) => execute(start, label, command),
    run: (command) => execute(start, label, command),
    put: (file) => putFile(start, label, file),
    hold: (script) => holdScript(start, label, script),
    close: async () => {},
  };
}

async function start(words: readonly string[]): Promise<Running> {
  const [program = '', ...args] = words;
  // Its own process group, so that a time limit ends what the program has started as well.
  const child = spawn(program, args, { detached: true, cwd: '/', env: { ...process.env, LC_ALL: 'C' }, stdio: 'pipe' });
  const ended = new Promise<Ending>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: error.code === 'ENOENT' ? 127 : 126, note: `${program}: ${error.message}` });
    });
    child.on('close', (code, signal) => resolve(signal ? signalled(signal) : { code: code ?? 1 }));
  });
  const kill = () => {
    const { pid } = child;
    if (pid === undefined) return;
    signalGroup(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), killAfter);
    timer.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', ignore).destroy();
  };
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, kill };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already: that is what was wanted.
  }
}
