// How often one address may try to prove who it is, and how much of Nginx it can take.
import t, { type Test } from 'tap';
import { nginxConfig, proxy } from '../../../lib/phases/proxy.ts';
import { input } from './input.ts';
import { http, locations } from './nginx-text.ts';

t.test('every way to prove who one is has the limit of the sign-in form, and small bodies', async (t) => {
  const { text } = nginxConfig(input());
  const [[name = '', body = ''] = []] = [...locations(text)].filter(([one]) => one.startsWith('~ ^/user/('));
  const pattern = name.slice(2);
  t.match(locations(text).get('@held_form'), /limit_req zone=login burst=5 nodelay;\s+client_max_body_size 64k;/);
  t.match(body, /limit_req zone=login burst=5 nodelay;/);
  t.match(body, /client_max_body_size 64k;/);
  const limited = new RegExp(pattern);
  for (const path of [
    ...[
      'login',
      'login/',
      'login/openid',
      'openid/connect',
      'two_factor',
      'two_factor/scratch',
      'webauthn/assertion',
      'webauthn/passkey/login',
    ],
    ...['forgot_password', 'recover_account', 'link_account', 'link_account_signin', 'link_account_signup', 'sign_up'],
  ])
    t.match(`/user/${path}`, limited);
  for (const path of [
    '/user/settings/security/two_factor/enroll',
    '/user/events',
    '/alice/user/login',
    '/login/oauth/access_token',
  ])
    t.notMatch(path, limited);
});

/** The script of wrong passwords with Nginx around it: an answer is counted, and then a further request let in or not. */
async function guesses(t: Test, loginRequestsPerMinute: number) {
  const spec = proxy
    .desired(input({ config: { proxy: { loginRequestsPerMinute } } }))
    .find(({ id }) => /guesses/.test(id));
  if (spec?.kind !== 'file') throw new Error('no script');
  const dict = () => {
    const values = new Map<string, number>();
    const expired = new Set<string>();
    // As in njs, where `incr` goes on with a value that has expired, and leaves it expired.
    return {
      get: (key: string) => (expired.has(key) ? undefined : values.get(key)),
      delete: (key: string) => expired.delete(key) && values.delete(key),
      expire: (key: string) => void expired.add(key),
      has: (key: string) => values.has(key),
      set: (key: string, value: number) => void values.set(key, value),
      incr: (key: string, by: number, init: number) => values.set(key, (values.get(key) ?? init) + by).get(key),
      values,
    };
  };
  const shared = { wrong: dict(), right: dict() };
  Object.assign(globalThis, { ngx: { shared } });
  const folder = t.testdir({ 'guesses.mjs': String(spec.content) });
  const { default: script } = await import(`${folder}/guesses.mjs`);
  const request = (authorization: string | undefined, uri: string, status: number, from: string) => ({
    headersIn: authorization === undefined ? {} : { Authorization: authorization },
    variables: { remote_addr: from, uri, status: String(status) },
  });
  return {
    shared,
    answer: (authorization: string | undefined, uri: string, status: number, from = '198.51.100.1') =>
      script.count(request(authorization, uri, status, from)),
    refused: (authorization: string, from = '198.51.100.1') =>
      script.tooOften(request(authorization, '/', 0, from)) === '1',
  };
}

t.test(
  'one address cannot take all connections, and Nginx has a file for each end of as many as it takes',
  async (t) => {
    const { text } = nginxConfig(input());
    t.match(http(text), /limit_conn_zone \$binary_remote_addr zone=address:/);
    t.match(http(text), /\n {8}limit_conn address 512;/);
    const number = (name: string) => Number(new RegExp(`${name} (\\d+);`).exec(text)?.[1]);
    t.ok(number('worker_rlimit_nofile') >= 2 * number('worker_connections'));
    t.ok(number('worker_connections') >= 4 * 512 * 2, 'who waits takes four');
    t.match(text, /\nworker_shutdown_timeout 1h;/, 'no worker stays for ever');
  },
);

t.test('wrong passwords by basic authentication are counted by address, and nothing else is', async (t) => {
  const { answer, refused, shared } = await guesses(t, 3);
  for (let time = 0; time < 20; time++) {
    answer(undefined, '/alice/repo/info/refs', 401);
    answer('token abc', '/api/v1/user', 401);
    answer('Basic b2s=', '/api/v1/user', 200);
  }
  t.notOk(refused('Basic bmV3'), 'git without credentials, tokens, and what is right');
  t.equal(answer('Basic bm8=', '/api/v1/user', 401), '1');
  t.equal(answer('basic bm8=', '/alice/repo/info/refs', 401), '2');
  t.notOk(refused('Basic bm8='), 'below the limit');
  t.equal(answer('Basic bm8x', '/v2/', 401), '3');
  t.ok(refused('Basic bm8y'), 'at the limit');
  t.notOk(refused('Basic bm8y', '198.51.100.2'), 'not from elsewhere');
  t.notOk(refused('Basic b2s='), 'who was let in before goes on');
  t.notOk([...shared.right.values.keys()].join().includes('b2s'), 'by a hash');
  shared.wrong.expire('198.51.100.1');
  t.notOk(refused('Basic bmV3'), 'a minute later');
  for (const count of ['1', '2', '3']) t.equal(answer('Basic bm8=', '/api/v1/user', 401), count);
  t.ok(refused('Basic bmV3'), 'and again');
});

t.test('a guess is not known as right by an answer for which nobody looked at it', async (t) => {
  const { answer, refused } = await guesses(t, 1);
  for (const uri of [
    ...[
      '/',
      '/assets/js/index.js',
      '/explore/repos',
      '/alice/repo/src/branch/main/info/refs',
      '/alice/repo',
      '/api/healthz',
    ],
    ...['/alice/repo/info/refs/x', '/x/api/v1/user'],
  ])
    answer('Basic Z3Vlc3M=', uri, 200);
  answer('Basic Z3Vlc3M=', '/api/v1/user', 404);
  answer('Basic bm8=', '/api/v1/user', 401);
  t.ok(refused('Basic Z3Vlc3M='));
  for (const uri of [
    '/api/v1/user',
    '/alice/repo.git/info/refs',
    '/alice/repo/git-receive-pack',
    '/a/b.git/info/lfs/objects/batch',
  ]) {
    const fresh = `Basic ${uri}`;
    t.ok(refused(fresh), uri);
    answer(fresh, uri, 200);
    t.notOk(refused(fresh), uri);
  }
});
