import { RunbookError } from '../core/errors.ts';
import { bytesOf, describeCommand } from './execute.ts';
import type { Host, Reconnectable } from './port.ts';

/** A host that can only be asked. What it is given to (status, plan) cannot change anything, by construction. */
export function readOnly(host: Host): Host {
  const refuse = (what: string) =>
    Promise.reject(
      new RunbookError('refused', {
        where: host.label,
        what: `this command only looks and may not change the host: ${what}`,
        next: 'this is a fault of the program: report it with the command line that you typed',
      }),
    );
  return {
    label: host.label,
    query: (command) => host.query(command),
    run: (command) => refuse(describeCommand(command)),
    put: (file) => refuse(`writing ${file.path}`),
    hold: (script) => refuse(describeCommand({ script })),
    close: () => host.close(),
  };
}

/** One call that was to change something. Never a content, an input or an output. */
export interface Call {
  readonly type: 'run' | 'put';
  /** Words or first line of the script; the path of a put. */
  readonly what: string;
  /** Bytes of a put. */
  readonly bytes?: number;
  /** Milliseconds. */
  readonly took: number;
  /** False where the call failed; a non-zero exit code is no failure. */
  readonly ok: boolean;
  /** Exit code of a run. */
  readonly code?: number;
}

/** A host that tells of each call that is to change something, after it. */
export function recording(host: Reconnectable, onCall: (call: Call) => void): Reconnectable;
export function recording(host: Host, onCall: (call: Call) => void): Host;
export function recording(host: Host | Reconnectable, onCall: (call: Call) => void): Host | Reconnectable {
  const told = async <T>(
    call: Pick<Call, 'type' | 'what' | 'bytes'>,
    act: () => Promise<T>,
    code?: (result: T) => number,
  ): Promise<T> => {
    const start = performance.now();
    const took = () => Math.round(performance.now() - start);
    let result: T;
    try {
      result = await act();
    } catch (error) {
      onCall({ ...call, took: took(), ok: false });
      throw error;
    }
    onCall({ ...call, took: took(), ok: true, ...(code && { code: code(result) }) });
    return result;
  };
  const wrapped: Host = {
    label: host.label,
    query: (command) => host.query(command),
    run: (command) =>
      told(
        { type: 'run', what: describeCommand(command) },
        () => host.run(command),
        (output) => output.code,
      ),
    put: (file) => told({ type: 'put', what: file.path, bytes: bytesOf(file.content).length }, () => host.put(file)),
    hold: (script) => host.hold(script),
    close: () => host.close(),
  };
  return 'reconnect' in host ? Object.assign(wrapped, { reconnect: () => host.reconnect() }) : wrapped;
}
