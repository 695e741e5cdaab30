/** The header with which a proxy tells an SSH server who its client is (PROXY protocol), under Gitea's rules. */
import { isIP, type Socket } from 'node:net';

export interface Client {
  readonly address: string;
  readonly port: number;
}

/** What the first bytes of a connection are: the header with its length, not enough of one yet, or none. */
export type Header = { readonly client: Client; readonly length: number } | { readonly bad: string } | undefined;

const prefix = Buffer.from('PROXY ');
/** Gitea looks at so many bytes for the signature of version 2 before it says that there is no header. */
const signature = 12;

/** Version 1 alone, in text. Gitea knows version 2 as well; the stand-in takes less. */
export function readHeader(bytes: Buffer): Header {
  if (bytes.length < prefix.length) return undefined;
  if (!bytes.subarray(0, prefix.length).equals(prefix)) {
    return bytes.length < signature ? undefined : unexpected(bytes.subarray(0, signature));
  }
  const end = bytes.indexOf('\n');
  if (end < 0) return undefined;
  const line = bytes.subarray(0, end + 1);
  if (line.at(-2) !== 0x0d) return unexpected(line);
  const text = line.subarray(0, -2).toString('latin1');
  const words = text.split(' ');
  const [, family = '', from = '', to = '', fromPort = '', toPort = ''] = words;
  // PROXY_PROTOCOL_ACCEPT_UNKNOWN is off by default.
  if (family === 'UNKNOWN') return unexpected(Buffer.from(text));
  if (family !== 'TCP4' && family !== 'TCP6') return { bad: `Unexpected proxy header address type: ${family}` };
  if (words.length !== 6) return unexpected(Buffer.from(text));
  if (!isEnd(from, fromPort)) return { bad: `Unexpected proxy header remote IP and port: ${from} ${fromPort}` };
  if (!isEnd(to, toPort)) return { bad: `Unexpected proxy header local IP and port: ${to} ${toPort}` };
  return { client: { address: from, port: Number(fromPort) }, length: end + 1 };
}

const isEnd = (address: string, port: string): boolean => isIP(address) !== 0 && /^[+-]?\d+$/.test(port);

const unexpected = (bytes: Buffer): Header => ({ bad: `Unexpected proxy header: [${[...bytes].join(' ')}]` });

/**
 * Reads the header off a connection. What follows it is left in the socket. Gives why there is none, or undefined where the
 * other end went before it had said anything, which Gitea has no word for.
 */
export function takeHeader(socket: Socket, limit: number): Promise<Client | { readonly bad: string } | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const end = (result: Client | { readonly bad: string } | undefined): void => {
      clearTimeout(timer);
      socket.off('readable', more).off('end', gone).off('error', gone).off('close', gone);
      resolve(result);
    };
    const gone = (): void => end(undefined);
    const more = (): void => {
      const part = socket.read() as Buffer | null;
      if (part) bytes = Buffer.concat([bytes, part]);
      const header = readHeader(bytes);
      if (!header) return;
      if ('bad' in header) end(header);
      else {
        end(header.client);
        socket.unshift(bytes.subarray(header.length));
      }
    };
    const peer = `${socket.localAddress}:${socket.localPort}->${socket.remoteAddress}:${socket.remotePort}`;
    const timer = setTimeout(() => end({ bad: `read tcp ${peer}: i/o timeout` }), limit);
    socket.on('readable', more).on('end', gone).on('error', gone).on('close', gone);
  });
}
