import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { ignore } from './execute.ts';

const killAfter = 2000;
const keep = 4096;

/** Why a tunnel ended that was not told to. */
export class TunnelError extends Error {
  /** Its exit code; undefined where it could not be started, or a signal ended it. */
  readonly code: number | undefined;
  /** The last that it said on standard error. */
  readonly said: string;

  constructor(message: string, code: number | undefined, said: string) {
    super(said === '' ? message : `${message}: ${said}`);
    this.code = code;
    this.said = said;
  }
}

/**
 * The SSH port of a host as the standard input and output of a program of this machine, as OpenSSH's ProxyCommand. The
 * program ends with the stream, and with this process. When it ends by itself, the stream fails with a TunnelError.
 */
export class Tunnel extends Duplex {
  bytesRead = 0;
  readonly #child: ChildProcessWithoutNullStreams;
  #over = false;

  constructor([program = '', ...args]: readonly string[]) {
    super();
    // In a group of its own: Ctrl-C is for the runbook, which ends in good order over this very connection.
    const child = spawn(program, args, { detached: true, stdio: 'pipe' });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-keep);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      this.bytesRead += chunk.length;
      if (!this.push(chunk)) child.stdout.pause();
    });
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', ignore);
    const kill = () => this.#signal('SIGTERM');
    process.once('exit', kill);
    const end = (message: string, code?: number) => {
      if (this.#over) return;
      this.#over = true;
      process.removeListener('exit', kill);
      // Told to end, by the end of its input, it has done what it should.
      this.destroy(this.writableEnded ? undefined : new TunnelError(message, code, said.trim()));
    };
    child.on('error', (error) => end(`${program} cannot be started: ${error.message}`));
    child.on('close', (code, signal) =>
      end(`${program} ended with ${signal ?? `exit code ${code}`}`, code ?? undefined),
    );
  }

  override _read(): void {
    this.#child.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // A program that has ended says so by its end, and with a better reason than a broken pipe.
    this.#child.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#child.stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#over) {
      this.#signal('SIGTERM');
      setTimeout(() => this.#over || this.#signal('SIGKILL'), killAfter).unref();
    }
    done(error);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#child;
    try {
      // The group: what the program has started goes with it.
      if (pid !== undefined) process.kill(-pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
