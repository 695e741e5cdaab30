// What stands between a host of the lab and its S3, and has bad days on demand. It passes on what it does not understand.
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What happens to requests from now on; each only to those that `only` says. */
export interface Toxic {
  /** Default: all. */
  readonly only?: (request: IncomingMessage) => boolean;
  /**
   * `down`: the connection goes at once. `hang`: nothing is ever said. `refuse`: an answer of S3's. `cut`: the connection goes
   * after so many bytes of what is sent. `slow`: so many bytes of it a second.
   */
  readonly does:
    | 'down'
    | 'hang'
    | { readonly refuse: readonly [status: number, code: string, message: string] }
    | { readonly cut: number }
    | { readonly slow: number };
}

export interface S3Front {
  readonly port: number;
  toxic: Toxic | undefined;
  /** How many requests the toxic has met since it was last asked. */
  met(): number;
  close(): Promise<void>;
}

export async function startS3Front(target: string): Promise<S3Front> {
  let met = 0;
  const server = http.createServer((request, response) => {
    const { toxic } = front;
    const applies = toxic && (toxic.only?.(request) ?? true);
    if (applies) met++;
    void answer(target, request, response, applies ? toxic.does : undefined).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, done));
  const front: S3Front = {
    port: (server.address() as AddressInfo).port,
    toxic: undefined,
    met() {
      const count = met;
      met = 0;
      return count;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return front;
}

async function answer(target: string, request: IncomingMessage, response: ServerResponse, does?: Toxic['does']) {
  if (does === 'down') return void request.destroy();
  if (does === 'hang') return void request.resume();
  if (typeof does === 'object' && 'refuse' in does) return refuse(request, response, does.refuse);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (typeof does === 'object' && 'cut' in does && bytes > does.cut) return void request.destroy();
    if (typeof does === 'object' && 'slow' in does) await pause((1000 * part.length) / does.slow);
  }
  const { method = '', url = '', headers } = request;
  const onward = http.request(new URL(url, target), { method, headers, agent: false }, (found) => {
    response.writeHead(found.statusCode ?? 502, found.headers);
    found.pipe(response).on('error', () => found.destroy());
  });
  onward.on('error', () => response.destroy()).end(Buffer.concat(parts));
}

/** As S3 says it. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  [status, code, message]: readonly [number, string, string],
): void {
  request.resume();
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}
