// Registries as they are met, played on this machine: with tokens, pages, redirects and refusals.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { challengeOf, nextPage } from '../../../lib/jobs/update/challenge.ts';
import { inTurn } from '../../../lib/jobs/update/check.ts';
import { checkUpdates } from '../../../lib/jobs/update/index.ts';
import { placesOf } from '../../../lib/jobs/update/places.ts';
import { registry } from '../../../lib/jobs/update/registry.ts';
import { renderUpdates } from '../../../lib/report/updates.ts';
import { input } from '../phases/input.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;

async function served(t: Test, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Played {
  readonly tags?: readonly string[];
  /** By tag. */
  readonly made?: Readonly<Record<string, string>>;
  readonly digests?: Readonly<Record<string, string>>;
  /** What it wants to see: nothing, a token, or name and password. */
  readonly wants?: 'token' | 'basic';
  /** Where blobs are kept. */
  readonly blobs?: string;
  readonly page?: number;
}

/** A registry as Distribution has it, and what was asked. */
async function playedRegistry(t: Test, { tags = [], made = {}, digests = {}, wants, blobs, page = 1000 }: Played) {
  const asked: string[] = [];
  const seen: (string | undefined)[] = [];
  const base: string = await served(t, (request, response) => {
    const url = new URL(request.url!, base);
    asked.push(`${request.method} ${url.pathname}${url.search}`);
    const says = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    if (url.pathname === '/token') {
      seen.push(request.headers.authorization);
      return says(200, { token: 'good' });
    }
    const want = { token: 'Bearer good', basic: `Basic ${Buffer.from('bot:secret word').toString('base64')}` };
    if (wants && request.headers.authorization !== want[wants])
      return says(
        401,
        {},
        { 'www-authenticate': wants === 'basic' ? 'Basic realm="r"' : `Bearer realm="${base}/token",service="reg"` },
      );
    const [, repository, kind, name = ''] = /^\/v2\/(.+)\/(tags|manifests|blobs)\/(.+)$/.exec(url.pathname) ?? [];
    if (repository !== 'gitea/gitea') return says(404, { errors: [] });
    if (kind === 'tags') {
      const from = Number(url.searchParams.get('last') ?? 0);
      const rest =
        from + page < tags.length
          ? { link: `</v2/${repository}/tags/list?last=${from + page}&n=1000>; rel="next"` }
          : undefined;
      return says(200, { name: repository, tags: tags.slice(from, from + page) }, rest);
    }
    if (kind === 'manifests' && request.method === 'HEAD')
      return says(200, '', { 'docker-content-digest': digests[name] ?? digest('0') });
    if (kind === 'manifests' && name.startsWith('sha256:')) return says(200, { config: { digest: name } });
    if (kind === 'manifests')
      return says(200, {
        manifests: [
          { digest: digest('e'), platform: { os: 'linux', architecture: 'arm64' } },
          { digest: `sha256:${name}`, platform: { os: 'linux', architecture: 'amd64' } },
        ],
      });
    if (blobs) return says(307, '', { location: `${blobs}/${name}` });
    return says(200, { created: made[name.slice(7)] });
  });
  return { base, asked, seen };
}

const line = { ca: '' };
const place = (base: string) => ({ base, registry: new URL(base).host, repository: 'gitea/gitea' });
const bot = { user: 'bot', password: new Secret('registry_token', 'secret word') };

t.test('all pages of tags, with a token that is asked for once', async (t) => {
  const tags = Array.from({ length: 25 }, (_, at) => `1.27.${at}-rootless`);
  const { base, asked, seen } = await playedRegistry(t, { tags, wants: 'token', page: 10 });
  const one = registry(line, place(base), undefined);
  t.same(await one.tags(), tags);
  t.same(seen, [undefined]);
  t.equal(asked.filter((call) => call.includes('/tags/list')).length, 4, 'the first one twice');
  t.match(asked[1], /^GET \/token\?service=reg&scope=repository%3Agitea%2Fgitea%3Apull$/);
  const known = await playedRegistry(t, { tags, wants: 'token' });
  t.equal((await registry(line, place(known.base), bot).tags()).length, 25);
  t.same(known.seen, [`Basic ${Buffer.from('bot:secret word').toString('base64')}`]);
});

t.test('when an image was made is in its configuration, which may lie elsewhere', async (t) => {
  const told: IncomingMessage['headers'][] = [];
  const elsewhere = await served(t, (request, response) => {
    told.push(request.headers);
    response.end(JSON.stringify({ created: '2026-11-20T10:00:00.123Z' }));
  });
  const { base } = await playedRegistry(t, { wants: 'basic', blobs: elsewhere });
  const one = registry(line, place(base), bot);
  t.equal(await one.made('1.27.4-rootless'), '2026-11-20T10:00:00.123Z');
  t.equal(told[0]?.authorization, undefined, 'nobody else learns the password');
  const old = await playedRegistry(t, { made: { a: '1970-01-01T00:00:00Z' } });
  t.equal(await registry(line, place(old.base), undefined).made('a'), undefined);
});

t.test('refusals say what to do', async (t) => {
  const { base } = await playedRegistry(t, { wants: 'basic' });
  const of = (repository: string, credentials?: typeof bot) =>
    registry(line, { ...place(base), repository }, credentials).tags();
  await t.rejects(of('gitea/gitea'), {
    message: /does not show gitea\/gitea to everybody: give credentials in updates\.registries/,
  });
  await t.rejects(of('gitea/gitea', { ...bot, user: 'other' }), { message: /does not take the credentials for 127/ });
  await t.rejects(of('no/such', bot), { message: /has no no\/such/ });
  const busy = await served(t, (_, response) => response.writeHead(429, { 'retry-after': '60' }).end());
  await t.rejects(registry(line, place(busy), undefined).tags(), {
    message: /asked too often, and asks to wait 60 s; with credentials/,
  });
  const page = await served(t, (_, response) => response.end('<html>sign in</html>'));
  await t.rejects(registry(line, place(page), undefined).made('a'), { message: /something else than JSON/ });
  await t.rejects(registry(line, place(page), undefined).tags(), { message: /something else than JSON/ });
  const around = await served(t, (request, response) => response.writeHead(307, { location: request.url! }).end());
  await t.rejects(registry(line, place(around), undefined).tags(), { message: /more than 3 times/ });
});

t.test('a mirror stands in for the registry of Docker alone, and comes first', (t) => {
  const mirror = 'http://mirror.example.com:5000';
  t.match(placesOf({ repository: 'postgres' }, undefined), [{ registry: 'docker.io', repository: 'library/postgres' }]);
  const [first, second, ...rest] = placesOf({ repository: 'gitea/gitea' }, mirror);
  t.same(first, { base: mirror, registry: 'mirror.example.com:5000', repository: 'gitea/gitea' });
  t.match(second, { registry: 'docker.io', repository: 'gitea/gitea' });
  t.same(rest, []);
  t.same(placesOf({ registry: 'registry.example.com', repository: 'a/b' }, mirror), [
    { base: 'https://registry.example.com', registry: 'registry.example.com', repository: 'a/b' },
  ]);
  t.match(placesOf({ registry: 'docker.io', repository: 'nginx' }, mirror), [
    { base: mirror, repository: 'library/nginx' },
    {},
  ]);
  t.end();
});

t.test('challenges and links as they are written', (t) => {
  const scope = 'repository:a/b:pull';
  t.same(challengeOf('Basic realm="x"', scope), { scheme: 'basic' });
  t.same(
    challengeOf(
      'bearer realm="https://auth.example.com/t?a=1",service="r.example.com",scope="repository:a/b:pull,push"',
      scope,
    ),
    {
      scheme: 'bearer',
      url: 'https://auth.example.com/t?a=1&service=r.example.com&scope=repository%3Aa%2Fb%3Apull%2Cpush',
    },
  );
  for (const other of [
    undefined,
    '',
    'Negotiate',
    'Bearer service="x"',
    'Bearer realm="file:///etc/passwd"',
    'Bearer realm="/t"',
  ])
    t.equal(challengeOf(other, scope), undefined, String(other));
  const here = 'https://r.example.com/v2/a/b/tags/list';
  t.equal(nextPage('</v2/a/b/tags/list?last=x>; rel="next"', here), 'https://r.example.com/v2/a/b/tags/list?last=x');
  t.equal(nextPage('<https://other.example.com/v2/>; rel="next"', here), undefined, 'never to somebody else');
  t.equal(nextPage('</v2/x>; rel="prev"', here), undefined);
  t.equal(nextPage(undefined, here), undefined);
  t.end();
});

t.test(
  'the whole: what is due, what is not, a tag that was given to another image, a registry that is away',
  async (t) => {
    const { config } = input();
    const tags = ['1.27.3-rootless', '1.27.4-rootless', '1.27.5-rootless', '28.1.0-rootless'];
    const made = { '1.27.4-rootless': '2026-11-20T00:00:00Z', '1.27.5-rootless': '2026-11-29T00:00:00Z' };
    const { base } = await playedRegistry(t, { tags, made, digests: { '1.27.3-rootless': digest('b') } });
    const host = new URL(base).host;
    const gone = 'localhost:1';
    const images = {
      ...config.images,
      gitea: `${host}/gitea/gitea:1.27.3-rootless@${digest('a')}`,
      postgres: `${gone}/postgres:18.6`,
      nginx: `nginx@${digest('c')}`,
      certbot: `${host}/certbot/certbot:v5.9.0`,
      restic: `${host}/gitea/gitea:0.19.1`,
    };
    const report = await checkUpdates({ ...config, images }, { now: new Date('2026-11-30T12:00:00Z') });
    const [gitea, postgres, nginx, certbot, restic] = report.components;
    t.match(gitea, {
      due: { tag: '1.27.4-rootless', step: 'patch' },
      held: [
        { tag: '1.27.5-rootless', why: /held back for 3d/ },
        { tag: '28.1.0-rootless', why: /minor step/ },
      ],
      moved: { from: digest('a'), to: digest('b') },
      notes: [],
    });
    t.match(postgres?.unknown, /localhost:1 cannot be reached: /);
    t.match(nginx?.unknown, /a digest only/);
    t.match(certbot?.unknown, /has no certbot\/certbot/);
    t.match(restic, { due: undefined, held: [], unknown: undefined });
    const text = renderUpdates(report).split('\n');
    t.match(text[0], /^component +in use +due$/);
    t.match(text[1], /^gitea +1\.27\.3-rootless +1\.27\.4-rootless, of 2026-11-20$/);
    t.match(text.join('\n'), /aaaaaaaaaaaa in the config, bbbbbbbbbbbb in the registry\. Nothing changes by itself/);
    t.match(
      text.at(-1),
      /^Due: gitea 1\.27\.4-rootless\. To take it, .*deploy\.mjs\. Not known: postgres, nginx, certbot\.$/,
    );
  },
);

t.test('where the mirror fails the next place is asked, and both are told where neither helps', async (t) => {
  const places = placesOf({ repository: 'gitea/gitea' }, 'http://mirror.example.com:5000');
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const second = await inTurn(places, async ({ registry: name }) => {
    if (name !== 'docker.io') throw new Error('the mirror answered 503');
    return 'tags';
  });
  t.same(second, { answer: 'tags', troubles: ['the mirror answered 503'] });
  const none = await inTurn(places, async () => {
    throw refused;
  });
  t.match(none, {
    answer: undefined,
    troubles: [/^http:\/\/mirror\.example\.com:5000 cannot be reached: connect/, /^https:\/\/registry-1/],
  });
});

t.test('a tag that moves is told: nothing is newer than it, and nobody knows what it is', async (t) => {
  const { config } = input();
  const { base } = await playedRegistry(t, { tags: ['1.27.4-rootless'] });
  const one = `${new URL(base).host}/gitea/gitea:1.27-rootless`;
  const images = { gitea: one, postgres: one, nginx: one, certbot: one, restic: one };
  const { components } = await checkUpdates({ ...config, images });
  t.match(components[0], { due: undefined, notes: [/^1\.27-rootless names no single release/] });
});
