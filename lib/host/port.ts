import type { RunbookError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';

/** What a command is started by, so that it holds something (a lock) for as long as it works. */
export interface Guard {
  /** A program and its words; the command's own words follow, and it must `exec` them. */
  readonly words: readonly string[];
  /** The failure that an ending means which is the guard's own; undefined for one of the command. */
  readonly failure: (output: Output) => RunbookError | undefined;
}

/** A command for a machine: words, or a POSIX shell script that is fed to `sh -s`. Runs as root. */
export interface Command {
  readonly argv?: readonly string[];
  /** Exactly one of `argv` and `script` is given. */
  readonly script?: string;
  /** For `argv` only: standard input. A Secret leaves the process by this way alone. */
  readonly stdin?: string | Uint8Array | Secret;
  /** Seconds; default 60. The limit stands in the message when it is reached. */
  readonly timeout?: number;
  /** Called with each line of standard output and error as it comes. */
  readonly onLine?: (line: string) => void;
  readonly guard?: Guard;
}

/** What a command printed and how it ended. More than 32 MiB of output is a failure of the call. */
export interface Output {
  /** Exit code; 128 + number for a signal, 126 or 127 for a program that cannot be started, as a shell tells it. */
  readonly code: number;
  /** For example "SIGKILL", where a signal ended it. */
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script that runs until it is released, for example one that holds a lock. Its standard input stays open. */
export interface Held {
  /** The first line that the script printed. */
  readonly firstLine: string;
  /** Settles, never fails, when the script ended or the connection was lost before `release` was called. */
  readonly lost: Promise<void>;
  /** Closes the script's standard input and waits (at most 10 s) until it has ended. Never fails; may be called twice. */
  release(): Promise<void>;
}

/** A whole file to be put in place: temporary file beside it, fsync, rename. */
export interface FilePut {
  readonly path: string;
  readonly content: string | Uint8Array | Secret;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** POSIX shell; `$1` is the candidate. A non-zero exit keeps the old file and fails the put with its output. */
  readonly validate?: string;
  readonly guard?: Guard;
}

/**
 * The port to a machine. A non-zero exit code is a result of `query` and `run`, not an error; what is thrown is a
 * RunbookError: `hostUnreachable` (cannot connect, connection lost, time limit reached), `hostKeyMismatch`,
 * `credentialsRefused`, `unexpected` (too much output), and for `put` also `changeFailed` (with the machine's own words, for example "No space left on device").
 */
export interface Host {
  /** For messages: "root@203.0.113.10" or "this machine". */
  readonly label: string;
  /** Ask without changing anything. */
  query(command: Command): Promise<Output>;
  /** Change something. */
  run(command: Command): Promise<Output>;
  put(file: FilePut): Promise<void>;
  /**
   * Starts a POSIX shell script, waits (at most 60 s) for its first line and leaves it running. When this process or
   * the connection dies the script reads the end of its standard input: it should end then, for example by `cat >&2`.
   */
  hold(script: string): Promise<Held>;
  close(): Promise<void>;
}

/** A host that can open a further, independent connection to itself with the same credentials: the proof that one still gets in. */
export interface Reconnectable extends Host {
  reconnect(): Promise<Host>;
}
