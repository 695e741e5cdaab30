import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import type { Ending, Running } from './process.ts';
import { signalled } from './signals.ts';
import { Slots } from './slots.ts';
import { connectionLost } from './ssh-errors.ts';

/** Below OpenSSH's default of MaxSessions 10, so that a person can still get in beside us on the same connection. */
const maxChannels = 8;
const keepaliveCount = 3;
const openRetries = 5;
const openRetryDelay = 100;

/** What a connection goes over. */
export type Wire = Duplex & { readonly bytesRead: number };

/** One multiplexed SSH connection: every command is a channel of it, and all of them fail when it is lost. */
export class Connection {
  readonly #client: Client;
  readonly #socket: Wire;
  readonly #label: string;
  readonly #slots = new Slots(maxChannels);
  readonly #inFlight = new Set<(cause: string) => void>();
  #lost: string | undefined;

  /** `keepalive`: seconds between signs of life; after four without an answer the connection counts as lost. */
  constructor(client: Client, socket: Wire, label: string, keepalive: number) {
    this.#client = client;
    this.#socket = socket;
    this.#label = label;
    client.on('error', (error) => this.#lose(error.message));
    client.on('close', () => this.#lose('the host closed the connection'));
    this.#watch(keepalive);
  }

  /** Runs a command line of the remote login shell. `name` stands in the message when the connection is lost. */
  async exec(line: string, name: string): Promise<Running> {
    await this.#slots.take();
    try {
      const channel = await this.#open(line, name);
      return this.#running(channel, name);
    } catch (error) {
      this.#slots.give();
      throw error;
    }
  }

  /** Ends the connection in good order, within 2 s. */
  async close(): Promise<void> {
    if (this.#socket.destroyed) return;
    const timer = setTimeout(() => this.#socket.destroy(), 2000);
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#client.end();
    await closed;
    clearTimeout(timer);
  }

  /** Cuts the connection without a word to the host. */
  abort(): void {
    this.#lose('the connection was cut on this side');
  }

  /**
   * Any byte from the host is a sign of life. ssh2's own count only takes answers to its pings, and on a slow line
   * those wait behind megabytes of data that are still on their way.
   */
  #watch(interval: number): void {
    let seen = this.#socket.bytesRead;
    let silent = 0;
    const timer = setInterval(() => {
      silent = this.#socket.bytesRead === seen ? silent + 1 : 0;
      seen = this.#socket.bytesRead;
      if (silent > keepaliveCount) this.#lose(`no answer for ${interval * silent} s`);
    }, interval * 1000);
    timer.unref();
    this.#socket.once('close', () => clearInterval(timer));
  }

  #lose(cause: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = cause;
    this.#socket.destroy();
    for (const fail of [...this.#inFlight]) fail(cause);
  }

  async #open(line: string, name: string): Promise<ClientChannel> {
    for (let retry = 0; ; retry++) {
      try {
        return await this.#request(line, name);
      } catch (error) {
        // A number in `reason` means that the host opens no further session (MaxSessions): wait until one of ours ends.
        if (this.#lost !== undefined || typeof (error as { reason?: unknown }).reason !== 'number') throw error;
        if (this.#slots.taken > 1) {
          this.#slots.shrink();
          this.#slots.give();
          await this.#slots.take();
        } else if (retry < openRetries) {
          await new Promise((resolve) => setTimeout(resolve, openRetryDelay));
        } else {
          throw connectionLost(this.#label, name, `the host opens no session: ${(error as Error).message}`);
        }
      }
    }
  }

  #request(line: string, name: string): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      const fail = (cause: string) => reject(connectionLost(this.#label, name, cause));
      if (this.#lost !== undefined) return fail(this.#lost);
      this.#inFlight.add(fail);
      this.#client.exec(line, (error, channel) => {
        this.#inFlight.delete(fail);
        if (this.#lost !== undefined) fail(this.#lost);
        else if (!error) resolve(channel);
        else if (typeof (error as { reason?: unknown }).reason === 'number') reject(error);
        else fail(`the host does not start the command: ${error.message}`);
      });
    });
  }

  #running(channel: ClientChannel, name: string): Running {
    let done = () => {};
    const ended = new Promise<Ending>((resolve, reject) => {
      const fail = (cause: string) => {
        done();
        reject(connectionLost(this.#label, name, cause));
      };
      let open = true;
      done = () => {
        if (open) this.#slots.give();
        open = false;
        this.#inFlight.delete(fail);
      };
      this.#inFlight.add(fail);
      const read = [channel, channel.stderr].map((stream) => new Promise((end) => stream.once('end', end)));
      channel.on('close', (code: number | null | undefined, signal?: string) => {
        if (typeof code !== 'number' && !signal) return fail('the host ended the command without an exit code');
        void Promise.all(read).then(() => {
          done();
          resolve(signal ? signalled(signal) : { code: code as number });
        });
      });
    });
    ended.catch(() => {});
    const kill = () => {
      channel.signal('TERM');
      channel.close();
      channel.resume();
      channel.stderr.resume();
      done();
    };
    return { stdin: channel.stdin, stdout: channel.stdout, stderr: channel.stderr, ended, kill };
  }
}
