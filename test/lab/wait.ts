// Bounded waiting: every wait of the lab has a limit and names it when it runs out.
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './process.ts';

/** Asks `probe` until it gives something else than undefined. The limit is in seconds; the last error ends up in the message. */
export async function waitFor<T>(
  what: string,
  limit: number,
  probe: () => Promise<T | undefined>,
  options: { signal?: AbortSignal | undefined; next: string },
): Promise<T> {
  const until = Date.now() + limit * 1000;
  let last = 'no answer';
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      const got = await probe();
      if (got !== undefined) return got;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() >= until) throw new LabError(`${what} not ready within ${limit} s (last: ${last})`, options.next);
    await sleep(100);
  }
}

/** Reads an SSH server's greeting line; rejects when nothing greets within the limit (seconds). */
export function sshBanner(address: string, port = 22, limit = 2): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: address, port });
    const fail = (text: string) => {
      socket.destroy();
      reject(new Error(text));
    };
    socket.setTimeout(limit * 1000, () => fail(`no greeting from ${address}:${port} within ${limit} s`));
    socket.on('error', (error) => fail(error.message));
    socket.on('end', () => fail(`${address}:${port} closed the connection without a greeting`));
    socket.once('data', (data) => {
      socket.destroy();
      const line = data.toString().split('\r\n')[0] ?? '';
      if (line.startsWith('SSH-2.0-')) resolve(line);
      else reject(new Error(`${address}:${port} does not speak SSH: ${line.slice(0, 80)}`));
    });
  });
}
