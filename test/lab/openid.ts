// A provider of OpenID Connect as far as a source needs one: its discovery document, and the exchange of a code for a client.
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Provider {
  readonly port: number;
  /** The client's secret from now on. */
  expect(secret: string): void;
  /** What was asked for, oldest first. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** `address` is where Gitea finds it, `client` the id of the one client that it has. */
export async function openIdProvider(
  address: string,
  client: string,
  { key, cert }: { key: string; cert: string },
): Promise<Provider> {
  let secret = '';
  const asked: string[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    asked.push(request.url!);
    const issuer = `https://${address}:${(server.address() as AddressInfo).port}`;
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration')
      return answer(200, {
        ...{ issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
        ...{ jwks_uri: `${issuer}/keys`, userinfo_endpoint: `${issuer}/user` },
      });
    if (request.url !== '/token') return answer(404, {});
    let form = '';
    for await (const part of request) form += part;
    const basic = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    const right = basic === `${encodeURIComponent(client)}:${encodeURIComponent(secret)}`;
    const code = new URLSearchParams(form).get('code');
    if (!right || code !== 'good') return answer(401, { error: right ? 'invalid_grant' : 'invalid_client' });
    return answer(200, { access_token: 'a', token_type: 'Bearer', id_token: 'a.b.c' });
  }).listen(0);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    expect: (value) => {
      secret = value;
    },
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
