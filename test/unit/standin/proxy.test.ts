import t from 'tap';
import { forwardedFor, trusts } from '../../lab/standin/proxy.ts';
import { releaseOf } from '../../lab/standin/release.ts';
import { renderAppIni } from '../../lab/standin/template.ts';

t.test('who is a trusted proxy', async (t) => {
  t.ok(trusts(['*'], '203.0.113.9'));
  t.ok(trusts(['172.31.250.2'], '172.31.250.2'));
  t.ok(trusts(['172.31.250.0/24'], '172.31.250.2'));
  t.notOk(trusts(['172.31.250.0/24'], '172.31.251.2'));
  t.ok(trusts(['127.0.0.0/8', '::1/128'], '::1'));
  t.notOk(trusts(['127.0.0.0/8', '::1/128'], '203.0.113.9'));
  t.notOk(trusts(['nonsense'], '203.0.113.9'));
});

t.test('the address a trusted proxy tells', async (t) => {
  t.equal(forwardedFor({ realIp: '198.51.100.7', forwardedFor: '203.0.113.1' }, 1, []), '198.51.100.7');
  t.equal(forwardedFor({ forwardedFor: '198.51.100.7, 203.0.113.1' }, 1, ['*']), '203.0.113.1', 'one hop only');
  t.equal(forwardedFor({ forwardedFor: '198.51.100.7, 203.0.113.1' }, 2, ['203.0.113.1']), '198.51.100.7');
  t.equal(
    forwardedFor({ forwardedFor: '198.51.100.7, 203.0.113.1' }, 2, []),
    '203.0.113.1',
    'stops at one not trusted',
  );
  t.equal(forwardedFor({}, 1, ['*']), undefined);
});

t.test('the first app.ini', async (t) => {
  const old = renderAppIni({}, releaseOf('1.26.2'));
  t.match(old, 'REVERSE_PROXY_TRUSTED_PROXIES = *');
  t.notMatch(renderAppIni({}, releaseOf('1.26.3')), 'TRUSTED_PROXIES');
  t.match(old, 'INSTALL_LOCK = false');
  t.match(old, 'HOST = localhost:3306');
  t.match(old, '[repository]\nROOT = /var/lib/gitea/git/repositories');
  t.match(renderAppIni({ SECRET_KEY: 'k' }, releaseOf('1.27.3')), 'INSTALL_LOCK = true');
  t.match(renderAppIni({ SECRET_KEY: 'k', INSTALL_LOCK: 'false' }, releaseOf('1.27.3')), 'INSTALL_LOCK = false');
  t.match(renderAppIni({ SSH_PORT: '22' }, releaseOf('1.27.3')), 'SSH_LISTEN_PORT = 22\n');
});
