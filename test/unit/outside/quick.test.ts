import { createServer } from 'node:net';
import t from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import type { CheckResult, CheckStatus } from '../../../lib/core/event.ts';
import { outsideChecks } from '../../../lib/outside/outside.ts';
import { config, fixture, goodHeaders, listen, serve, type Wanted } from './service.ts';

async function look(wanted: Wanted, settings: Config = config()): Promise<Map<string, CheckResult>> {
  const service = await serve(wanted);
  try {
    const results = await outsideChecks({ config: settings, level: 'quick', elsewhere: service.elsewhere });
    return new Map(results.map((result) => [result.id.replace('outside.', ''), result]));
  } finally {
    await service.close();
  }
}

t.test('a healthy service passes every check', async (t) => {
  const results = await look({});
  t.same(
    [...results.values()].filter(({ status }) => status !== 'pass'),
    [],
  );
  t.same(
    [...results.keys()],
    ['dns', 'certificate', 'tls-versions', 'redirect', 'headers', 'healthz', 'version', 'sign-in', 'closed'],
  );
});

const without = (name: string) => Object.fromEntries(Object.entries(goodHeaders).filter(([key]) => key !== name));
const tls = { staging: false, caBundle: fixture('-root.crt') };

const withSource = config({ gitea: { sshPort: 2222, signIn: { passwordForm: false, sources: [{ name: 'corp' }] } } });

const cases: readonly {
  name: string;
  wanted?: Wanted;
  settings?: Config;
  check: string;
  status: CheckStatus;
  detail: RegExp;
  next?: RegExp;
}[] = [
  {
    name: 'wrong name',
    settings: config({ domain: 'other.example.com' }),
    check: 'certificate',
    status: 'fail',
    detail: /it is for DNS:git\.example\.com, not for other\.example\.com/,
  },
  {
    name: 'expired',
    wanted: { certificate: 'expired' },
    check: 'certificate',
    status: 'fail',
    detail: /^expired on 2021-01-01, issued by Test only test root$/,
    next: /journalctl/,
  },
  {
    name: 'overdue',
    wanted: { certificate: 'overdue' },
    check: 'certificate',
    status: 'warn',
    detail: /valid until 2046-01-01, .*should have been renewed/,
  },
  {
    name: 'placeholder',
    wanted: { certificate: 'placeholder' },
    check: 'certificate',
    status: 'fail',
    detail: /placeholder/,
    next: /deploy\.mjs once the ACME server/,
  },
  {
    name: 'staging by mistake',
    wanted: { certificate: 'staging' },
    check: 'certificate',
    status: 'fail',
    detail: /staging service/,
    next: /tls\.staging to false/,
  },
  {
    name: 'staging on purpose',
    wanted: { certificate: 'staging' },
    settings: config({ tls: { ...tls, staging: true } }),
    check: 'certificate',
    status: 'warn',
    detail: /staging service/,
  },
  {
    name: 'unknown root',
    settings: config({ tls: { staging: false } }),
    check: 'certificate',
    status: 'fail',
    detail: /incomplete or its root is not trusted/,
    next: /tls\.caBundle/,
  },
  {
    name: 'TLS 1.1',
    wanted: { tls: { minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } },
    check: 'tls-versions',
    status: 'fail',
    detail: /^TLS 1\.1 is accepted$/,
  },
  {
    name: 'only TLS 1.2',
    wanted: { tls: { maxVersion: 'TLSv1.2' } },
    check: 'tls-versions',
    status: 'fail',
    detail: /^TLS 1\.3 is refused$/,
  },
  {
    name: 'only TLS 1.3',
    wanted: { tls: { minVersion: 'TLSv1.3' } },
    check: 'tls-versions',
    status: 'fail',
    detail: /^TLS 1\.2 is refused$/,
  },
  {
    name: 'no redirect',
    wanted: { redirect: () => ({ body: 'hello' }) },
    check: 'redirect',
    status: 'fail',
    detail: /answers 200 instead of 301/,
  },
  {
    name: 'temporary redirect',
    wanted: { redirect: (url) => ({ status: 302, headers: { location: `https://git.example.com${url}` } }) },
    check: 'redirect',
    status: 'fail',
    detail: /answers 302/,
  },
  {
    name: 'redirect to the front page',
    wanted: { redirect: () => ({ status: 301, headers: { location: 'https://git.example.com/' } }) },
    check: 'redirect',
    status: 'fail',
    detail: /leads to https:\/\/git\.example\.com\/$/,
  },
  {
    name: 'permanent redirect by 308',
    wanted: { redirect: (url) => ({ status: 308, headers: { location: `https://git.example.com${url}` } }) },
    check: 'redirect',
    status: 'pass',
    detail: /308/,
  },
  {
    name: 'no HSTS',
    wanted: { headers: without('strict-transport-security') },
    check: 'headers',
    status: 'fail',
    detail: /^Strict-Transport-Security is missing$/,
  },
  {
    name: 'HSTS switched off',
    wanted: { headers: { ...goodHeaders, 'strict-transport-security': 'max-age=0' } },
    check: 'headers',
    status: 'fail',
    detail: /Strict-Transport-Security/,
  },
  {
    name: 'no nosniff',
    wanted: { headers: without('x-content-type-options') },
    check: 'headers',
    status: 'fail',
    detail: /nosniff is missing/,
  },
  {
    name: 'no referrer policy',
    wanted: { headers: without('referrer-policy') },
    check: 'headers',
    status: 'fail',
    detail: /Referrer-Policy is missing/,
  },
  {
    name: 'framing allowed',
    wanted: { headers: without('x-frame-options') },
    check: 'headers',
    status: 'fail',
    detail: /neither X-Frame-Options/,
  },
  {
    name: 'frame-ancestors instead',
    wanted: { headers: { ...without('x-frame-options'), 'content-security-policy': "frame-ancestors 'self'" } },
    check: 'headers',
    status: 'pass',
    detail: /all set/,
  },
  {
    name: 'Server tells',
    wanted: { headers: { ...goodHeaders, server: 'nginx/1.30.4' } },
    check: 'headers',
    status: 'fail',
    detail: /Server tells a version: nginx\/1\.30\.4/,
  },
  {
    name: 'database down',
    wanted: {
      pages: {
        '/api/healthz': {
          status: 424,
          body: '{"status":"fail","checks":{"database:ping":[{"status":"fail","output":"refused"}]}}',
        },
      },
    },
    check: 'healthz',
    status: 'fail',
    detail: /answers 424: .*"output":"refused"/,
    next: /status\.mjs/,
  },
  {
    name: 'not installed',
    wanted: { pages: { '/api/healthz': { body: '{"status":"pass"}' } } },
    check: 'healthz',
    status: 'fail',
    detail: /without a database check/,
  },
  {
    name: 'still starting',
    wanted: { pages: { '/api/healthz': { status: 502, body: 'Bad Gateway' } } },
    check: 'healthz',
    status: 'fail',
    detail: /the proxy answers 502/,
  },
  {
    name: 'another version',
    wanted: { pages: { '/api/v1/version': { body: '{"version":"1.26.4"}' } } },
    check: 'version',
    status: 'fail',
    detail: /^1\.26\.4 runs, 1\.27\.3 is configured$/,
  },
  {
    name: 'version with build tags',
    wanted: { pages: { '/api/v1/version': { body: '{"version":"1.27.3+15-gabc"}' } } },
    check: 'version',
    status: 'pass',
    detail: /1\.27\.3/,
  },
  {
    name: 'version without the 1.',
    wanted: { pages: { '/api/v1/version': { body: '{"version":"28.1.0"}' } } },
    settings: config({
      images: { gitea: `registry.example.com:5000/gitea/gitea:28.1.0-rootless@sha256:${'0'.repeat(64)}` },
    }),
    check: 'version',
    status: 'pass',
    detail: /^28\.1\.0$/,
  },
  {
    name: 'version hidden on purpose',
    wanted: { pages: { '/api/v1/version': { status: 403 } } },
    settings: config({ gitea: { sshPort: 2222, requireSignIn: true } }),
    check: 'version',
    status: 'skip',
    detail: /requireSignIn/,
  },
  {
    name: 'version hidden by mistake',
    wanted: { pages: { '/api/v1/version': { status: 403 } } },
    check: 'version',
    status: 'fail',
    detail: /answers 403/,
  },
  {
    name: 'no sign-in form',
    wanted: { pages: { '/user/login': { body: 'Welcome to nginx!' } } },
    check: 'sign-in',
    status: 'fail',
    detail: /no password field/,
  },
  {
    name: 'a password form that the config has turned off',
    settings: config({ gitea: { sshPort: 2222, signIn: { passwordForm: false, sources: [] } } }),
    check: 'sign-in',
    status: 'fail',
    detail: /asks for a password/,
  },
  {
    name: 'no password form, as the config says',
    wanted: { pages: { '/user/login': { body: 'Sign in with Corp' } } },
    settings: config({ gitea: { sshPort: 2222, signIn: { passwordForm: false, sources: [] } } }),
    check: 'sign-in',
    status: 'pass',
    detail: /asks for no password, registration is off/,
  },
  {
    name: 'a button for each source',
    wanted: { pages: { '/user/login': { body: '<a href="/user/oauth2/corp">' } } },
    settings: withSource,
    check: 'sign-in',
    status: 'pass',
    detail: /registration is off/,
  },
  {
    name: 'a button for another source only',
    wanted: { pages: { '/user/login': { body: '<a href="/user/oauth2/corp2">' } } },
    settings: withSource,
    check: 'sign-in',
    status: 'fail',
    detail: /has no button for corp$/,
  },
  {
    name: 'registration open',
    wanted: { pages: { '/user/sign_up': { body: '<input id="p" type="password">' } } },
    check: 'sign-in',
    status: 'fail',
    detail: /anyone can register/,
  },
  {
    name: 'metrics open',
    wanted: { pages: { '/metrics': { body: 'gitea_users 3' } } },
    check: 'closed',
    status: 'fail',
    detail: /\/metrics answers 200/,
  },
  {
    name: 'metrics behind a token only',
    wanted: { pages: { '/metrics': { status: 401 } } },
    check: 'closed',
    status: 'fail',
    detail: /\/metrics answers 401/,
  },
  {
    name: 'internal API refused by Gitea, not by the proxy',
    wanted: {
      pages: {
        '/api/internal/manager/processes': {
          status: 403,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
          body: 'Forbidden\n',
        },
      },
    },
    check: 'closed',
    status: 'fail',
    detail: /\/api\/internal\/manager\/processes answers 403/,
  },
];

for (const { name, wanted = {}, settings, check, status, detail, next } of cases) {
  t.test(`${check}: ${name}`, async (t) => {
    const result = (await look(wanted, settings)).get(check);
    t.match(result, { status, detail });
    if (status === 'fail' || status === 'warn') t.match(result?.next, next ?? /./, 'says what to do next');
  });
}

t.test('nobody listens: every check but DNS fails with a next step', async (t) => {
  const { elsewhere, close } = await serve();
  await close();
  const results = await outsideChecks({ config: config(), level: 'quick', elsewhere });
  for (const result of results.filter(({ id }) => id !== 'outside.dns')) {
    t.match(result, { status: 'fail', detail: /refuses connections/, next: /status\.mjs/ }, result.id);
  }
});

t.test('something else than TLS answers', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH\r\n'));
  const https = await listen(server);
  t.teardown(() => server.close());
  const results = await outsideChecks({
    config: config(),
    level: 'quick',
    elsewhere: { address: '127.0.0.1', https, http: https },
  });
  for (const result of results.filter(({ id }) => id !== 'outside.dns'))
    t.match(result, { status: 'fail', next: /./ }, result.id);
});

t.test("an unreadable tls.caBundle is the configuration's fault", async (t) => {
  const settings = config({ tls: { staging: false, caBundle: '/nonexistent/ca.pem' } });
  const error: unknown = await outsideChecks({ config: settings, level: 'quick' }).catch((thrown: unknown) => thrown);
  t.match(error, { kind: 'configInvalid', parts: { next: /tls\.caBundle/ } });
});

t.test('interrupted', async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  t.teardown(() => process.off('warning', note));
  const controller = new AbortController();
  const server = createServer(() => controller.abort(new Error('interrupted')));
  const https = await listen(server);
  t.teardown(() => server.close());
  const elsewhere = { address: '127.0.0.1', https, http: https };
  await t.rejects(outsideChecks({ config: config(), level: 'quick', elsewhere, signal: controller.signal }), {
    message: 'interrupted',
  });
  await new Promise(setImmediate);
  t.same(warnings, [], 'and Node suspects no leak');
});

t.test('the full level without a probe account says so', async (t) => {
  const service = await serve();
  t.teardown(() => service.close());
  const results = await outsideChecks({ config: config(), level: 'full', elsewhere: service.elsewhere });
  t.match(results.at(-1), { id: 'outside.probe-repository', status: 'skip' });
});
