import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { sha256 } from '../../../lib/core/hash.ts';
import { scramVerifier } from '../../../lib/core/scram.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type {
  AccountSpec,
  ComposeSpec,
  Impact,
  LeftoversSpec,
  LoginSpec,
  ReloadSpec,
  SwapSpec,
  UnitSpec,
} from '../../../lib/core/spec.ts';
import { compose } from '../../../lib/kinds/containers/compose.ts';
import { worst } from '../../../lib/kinds/containers/compose-observed.ts';
import { reload } from '../../../lib/kinds/containers/reload.ts';
import { login } from '../../../lib/kinds/database/login.ts';
import { leftovers } from '../../../lib/kinds/files/leftovers.ts';
import { account } from '../../../lib/kinds/gitea/account.ts';
import { packages } from '../../../lib/kinds/system/packages.ts';
import { swap } from '../../../lib/kinds/system/swap.ts';
import { parseTimestamp, unit } from '../../../lib/kinds/system/unit.ts';

const base = { phase: 'p' };

t.test('packages: what is removed but configured counts as missing', async (t) => {
  const spec = { ...base, kind: 'packages', id: 'packages', names: ['curl', 'docker.io', 'openssl'] } as const;
  const seen = packages.parse('curl\tii \ndocker.io\trc \n', [spec]).get('packages')!;
  t.match(packages.diff(spec, seen), { action: 'create', title: 'packages docker.io openssl' });
  t.equal(packages.diff(spec, new Set(spec.names)), undefined);
});

t.test('packages: only what is unpacked and configured is installed', async (t) => {
  const spec = { ...base, kind: 'packages', id: 'packages', names: ['curl'] } as const;
  const diff = (state: string) => packages.diff(spec, packages.parse(`curl\t${state}\n`, [spec]).get('packages')!);
  for (const state of ['un ', 'in ', 'ic ', 'iH ', 'iHR', 'iU ', 'iF ', 'iW ', 'rc ', 'pn ', 'ui ', 'hc ', 'hU '])
    t.match(diff(state), { title: 'packages curl' }, state);
  t.equal(diff('ii '), undefined);
  t.equal(diff('hi '), undefined, 'held back by the operator, and installed');
});

t.test('units', async (t) => {
  const spec: UnitSpec = {
    ...base,
    kind: 'unit',
    id: 'u',
    name: 'docker.service',
    watches: ['/etc/docker/daemon.json'],
    impact: 'restart',
  };
  const text = (changes: Record<string, string>, mtime: string) =>
    `${Object.entries({
      Id: 'docker.service',
      LoadState: 'loaded',
      ActiveState: 'active',
      UnitFileState: 'enabled',
      NeedDaemonReload: 'no',
      ActiveEnterTimestamp: 'Mon 2026-11-23 12:00:00.500000 UTC',
      ConditionResult: 'yes',
      ConditionTimestamp: 'Mon 2026-11-23 12:00:00.400000 UTC',
      ...changes,
    })
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n\nwatch\t/etc/docker/daemon.json\t${mtime}\n`;
  const start = Date.parse('2026-11-23T12:00:00.500Z') / 1000;
  const diff = (changes: Record<string, string>, mtime = start - 1) =>
    unit.diff(spec, unit.parse(text(changes, mtime.toFixed(9)), [spec]).get('u')!);
  t.equal(diff({}), undefined);
  t.match(diff({}, start + 0.2), {
    action: 'refresh',
    why: /started before \/etc\/docker\/daemon.json/,
    impact: 'restart',
  });
  t.match(diff({ ActiveState: 'failed' }), { why: 'is failed' });
  t.match(diff({ UnitFileState: 'disabled' }), { why: 'is disabled' });
  t.match(diff({ NeedDaemonReload: 'yes' }), { why: /unit file changed/ });
  t.match(diff({ LoadState: 'not-found', ActiveState: 'inactive', ActiveEnterTimestamp: '' }), { action: 'create' });
  t.equal(
    diff({ ActiveState: 'inactive', ConditionResult: 'no' }),
    undefined,
    'systemd says that it does not apply here',
  );
  t.match(
    diff({ ActiveState: 'inactive', ConditionResult: 'no', ConditionTimestamp: '' }),
    { why: 'is inactive' },
    'never tried',
  );
  t.throws(() => unit.parse('Id=other.service\n', [spec]), /docker.service/);
  t.equal(parseTimestamp(''), undefined);
});

t.test('compose: by the hash that Compose computes itself', async (t) => {
  const spec: ComposeSpec = {
    ...base,
    kind: 'compose',
    id: 'c',
    project: 'gitea',
    path: '/srv/gitea/compose.yaml',
    text: 'services: {}\n',
    timeout: 60,
    data: '/srv/gitea',
    services: [
      { name: 'database', image: 'postgres:18.6', impact: 'downtime', data: 'postgres' },
      { name: 'proxy', image: 'nginx:1.30', impact: 'restart' },
    ],
  };
  const diff = (text: string) => compose.diff(spec, compose.parse(text, [spec]).get('c')!);
  const wanted =
    'engine\nimage\tpostgres:18.6\tsha256:d\t\nimage\tnginx:1.30\tsha256:p\t\nproject\tgitea\nhash\tdatabase\taaa\nhash\tproxy\tbbb\n';
  const proxy = 'container\tproxy\tbbb\trunning\tnone\t\tnginx:1.30\tsha256:p\tsha256:p\n';
  const good = `${wanted}container\tdatabase\taaa\trunning\thealthy\t\tpostgres:18.6\tsha256:d\tsha256:d\n${proxy}`;
  t.equal(diff(good), undefined);
  t.match(diff(''), { action: 'create', impact: 'none', title: 'containers database, proxy' }, 'no Docker yet');
  t.match(diff(good.replace('proxy\tbbb\tr', 'proxy\tccc\tr')), {
    action: 'update',
    title: 'container proxy',
    impact: 'restart',
    why: /other inputs/,
  });
  t.match(diff(good.replace('database\taaa\trunning', 'database\taaa\texited')), {
    why: 'database is exited',
    impact: 'downtime',
  });
  t.match(diff(`${wanted}${proxy}`), { why: 'database no container' });
  const gone = (home: string) =>
    `${good}container\tmetrics\tccc\trunning\tnone\t\tx:1\tsha256:x\tsha256:x\t2026-11-23T12:00:00Z\t${home}\n`;
  t.match(diff(gone('/srv/gitea')), { title: 'container metrics', why: 'metrics is wanted no more', impact: 'none' });
  t.equal(diff(gone('/home/ann/gitea')), undefined, "somebody else's, under the same name of a project");
  t.equal(diff(gone('/srv/gitea-old')), undefined);
  const on = (path: string) => diff(good.replace('healthy\t', `healthy\t${path}|/run/x|`));
  t.equal(on('/srv/gitea/postgres'), undefined);
  t.match(on('/old/postgres'), {
    impact: 'destroys-data',
    why: /data lies in \/old, and host.dataPath says \/srv\/gitea/,
  });
  for (const place of ['/srv/gitea-old', '/srv/gite', '/srv/gitea/old', '/mnt/srv/gitea', '/srv'])
    t.match(
      on(`${place}/postgres`),
      { impact: 'destroys-data', why: `the data lies in ${place}, and host.dataPath says /srv/gitea:` },
      place,
    );
  for (const other of ['/srv/gitea-old/postgres-18', '/srv/gitea-old/mypostgres', '/srv/gitea-old/postgres/x'])
    t.equal(on(other), undefined, `${other} is no folder of the data`);
  t.equal(on('/srv/gitea-old/postgres|/srv/gitea/postgres'), undefined, 'it has the wanted one as well');
});

t.test('compose: of several containers the worst impact counts, in any order', async (t) => {
  const service = (name: string, impact: Impact) => ({ name, image: 'x:1', impact });
  const services = [
    service('hook', 'none'),
    service('proxy', 'reload'),
    service('gitea', 'restart'),
    service('database', 'downtime'),
  ];
  const spec = { kind: 'compose', services } as unknown as ComposeSpec;
  const rank = (...names: string[]) => worst(spec, names);
  const turned = { ...spec, services: [...services].reverse() };
  for (const [names, impact] of [
    [['hook'], 'none'],
    [['hook', 'proxy'], 'reload'],
    [['proxy', 'gitea'], 'restart'],
    [['hook', 'proxy', 'gitea'], 'restart'],
    [['gitea', 'database'], 'downtime'],
    [['database', 'hook'], 'downtime'],
    [['gone'], 'none'],
    [['gone', 'proxy'], 'reload'],
    [[], 'none'],
  ] as const) {
    t.equal(rank(...names), impact, names.join(' '));
    t.equal(rank(...[...names].reverse()), impact);
    t.equal(worst(turned, names), impact, `${names.join(' ')}, listed the other way round`);
  }
});

t.test('compose: a container that has read another file than the one that is wanted is started anew', async (t) => {
  const content = new Secret('app.ini', 'APP_NAME = Gitea\n');
  const path = '/srv/gitea/gitea/config/app.ini.0123456789ab';
  const spec: ComposeSpec = {
    ...{ ...base, kind: 'compose', id: 'c', project: 'gitea', path: '/srv/gitea/compose.yaml', text: 'services: {}\n' },
    ...{
      timeout: 60,
      data: '/srv/gitea',
      services: [{ name: 'gitea', image: 'gitea/gitea:1', impact: 'restart', reads: [{ path, content }] }],
    },
  };
  const hash = sha256(content.reveal());
  const started = Date.parse('2026-11-23T12:00:00Z') / 1000;
  const diff = (changed: number, found = hash, state = 'running', label = 'aaa') => {
    const text = `engine\nimage\tgitea/gitea:1\tsha256:a\t\nproject\tgitea\nhash\tgitea\taaa\ncontainer\tgitea\t${label}\t${state}\thealthy\t/x|\tgitea/gitea:1\tsha256:a\tsha256:a\t2026-11-23T12:00:00.123456789Z\nread\t${found}\t${changed.toFixed(9)}\t${path}\n`;
    return compose.diff(spec, compose.parse(text, [spec]).get('c')!);
  };
  t.equal(diff(started - 3600), undefined);
  t.equal(diff(started + 0.12), undefined, 'written just before the start');
  const stale = {
    title: 'container gitea',
    impact: 'restart',
    why: /gitea may run with another .*app.ini.* than is wanted/,
  };
  t.match(diff(started + 0.13), stale, 'put back after the start');
  t.match(diff(started - 3600, sha256('other')), stale, 'changed before the start: it has read that');
  t.match(diff(started + 0.13, hash, 'exited'), { why: 'gitea is exited' });
  t.match(diff(started + 0.13, hash, 'running', 'bbb'), { why: 'gitea was started with other inputs' });
});

t.test('reload: only a running container can be behind', async (t) => {
  const spec: ReloadSpec = {
    ...base,
    kind: 'reload',
    id: 'r',
    container: 'gitea-proxy-1',
    url: 'http://x/config',
    hash: 'new',
    test: [],
    reload: [],
  };
  const diff = (text: string) => reload.diff(spec, reload.parse(text, [spec]).get('r')!);
  t.equal(diff(''), undefined);
  t.equal(diff('r\tnew\n'), undefined);
  t.match(diff('r\told\n'), { action: 'refresh', impact: 'reload', why: /older configuration/ });
  t.match(diff('r\t\n'), { why: /does not say/ });
});

t.test('swap: any swap will do, and a container has none of its own', async (t) => {
  const spec: SwapSpec = { ...base, kind: 'swap', id: 's', path: '/swapfile', sizeMiB: 2048 };
  const diff = (text: string) => swap.diff(spec, swap.parse(text, [spec]).get('s')!);
  t.match(diff(''), { action: 'create' });
  t.equal(diff('swap /dev/vda2 partition 1 0 -2\n'), undefined);
  t.equal(diff('container\n'), undefined);
});

t.test('accounts: an existing one is its owner’s', async (t) => {
  const spec: AccountSpec = {
    ...base,
    kind: 'account',
    id: 'a',
    username: 'Probe',
    email: 'p@x.org',
    admin: false,
    mustChangePassword: false,
    gitea: 'g',
    database: 'd',
    passwordFile: '/p',
    token: { name: 't', scopes: 's', file: '/t' },
  };
  const diff = (text: string) => account.diff(spec, account.parse(text, [spec]).get('a')!);
  t.match(diff(''), { action: 'create' });
  t.match(diff('reachable\n'), { action: 'create' });
  t.match(diff('reachable\nuser\tprobe\n'), { action: 'refresh', why: '/t is not there' });
  t.equal(diff('reachable\nuser\tprobe\nfile\t/t\n'), undefined);
  const first: AccountSpec = { ...spec, admin: true };
  const admin = (text: string) => account.diff(first, account.parse(text, [first]).get('a')!);
  t.match(admin('reachable\nuser\tother\nfile\t/t\n'), { action: 'create' });
  t.equal(admin('reachable\nadmin\t\nfile\t/t\n'), undefined, 'any administrator will do');
});

t.test('database login: by what the database itself keeps of the password', async (t) => {
  const base: LoginSpec = {
    ...{ phase: 'p', kind: 'login', id: 'l', role: 'gitea_a', password: new Secret('postgres_password', 'abc') },
    ...{ database: 'd', project: 'gitea', composeFile: '/srv/gitea/compose.yaml' },
  };
  const diff = (text: string, spec = base) => login.diff(spec, login.parse(text, [spec]).get('l')!);
  const row = (password: string, canLogIn = 't', member = 't', acts = 't', plain = 't') =>
    `reachable\ngitea_a\t${canLogIn}\t${password && scramVerifier(new Secret('x', password)).reveal()}\t${member}\t${acts}\t${plain}\n`;
  t.equal(diff(row('abc')), undefined);
  t.match(diff(row('abd')), {
    action: 'update',
    title: 'database login gitea_a',
    why: 'has another password than <secret postgres_password>',
  });
  t.match(diff(row('')), { why: /another password/ });
  const closed = row('', 'f');
  t.match(diff(closed), { impact: 'destroys-data', why: /these secrets are an old copy/ });
  t.match(diff(closed, { ...base, reopen: true }), { impact: 'none', why: /may not log in, has another password/ });
  t.match(diff(row('abc', 'f')), { why: 'may not log in' });
  t.match(diff(row('abc', 't', 'f')), { why: 'does not act as gitea' });
  t.match(diff(row('abc', 't', 't', 'f')), { why: 'does not act as gitea' });
  t.match(diff(row('abc', 't', 't', 't', 'f')), { why: 'may more than act as gitea', impact: 'none' });
  t.match(diff('reachable\ngitea_b\tt\t\tt\tt\tt\n'), { action: 'create', why: 'does not exist' });
  t.match(diff(''), { action: 'create', why: 'the database does not answer yet' });
});

t.test('database login that is not in use: closed', async (t) => {
  const spec: LoginSpec = {
    ...{ phase: 'p', kind: 'login', id: 'l', role: 'gitea_a', password: undefined },
    ...{ database: 'd', project: 'gitea', composeFile: '/srv/gitea/compose.yaml' },
  };
  const diff = (row: string) => login.diff(spec, login.parse(row && `reachable\n${row}\n`, [spec]).get('l')!);
  t.equal(diff(''), undefined);
  t.equal(diff('gitea_b\tt\tSCRAM\tt\tt\tt'), undefined, 'there is none of that name');
  t.equal(diff('gitea_a\tf\t\tt\tt\tt'), undefined);
  for (const open of ['gitea_a\tt\t\tt\tt\tt', 'gitea_a\tf\tSCRAM\tt\tt\tt'])
    t.match(diff(open), { action: 'update', why: /still open/ });
});

t.test('leftovers: what has a stem and is not kept, and nothing else', async (t) => {
  const spec: LeftoversSpec = {
    ...{ ...base, kind: 'leftovers', id: 'f', directory: '/etc/x' },
    stems: ['token', 'password'],
    keep: ['token.b', 'password.host'],
  };
  const diff = (...names: string[]) =>
    leftovers.diff(spec, leftovers.parse(names.map((name) => `f\t${name}\n`).join(''), [spec]).get('f')!);
  t.equal(diff(), undefined);
  t.equal(
    diff('token.b', 'password.host', 'tokens', 'probe_token', 'key', '.token.b.gitea-runbooks.abcdef'),
    undefined,
  );
  t.match(diff('token', 'token.a', 'token.b'), {
    action: 'update',
    why: 'nobody reads token, token.a any more',
    impact: 'none',
  });
});

t.test('a failure has its four parts and its code', async (t) => {
  const error = new RunbookError('changeFailed', { what: 'broke', where: 'host', cause: 'a\nb', next: 'try this' });
  t.equal(error.message, 'host: broke\n    a\n    b\nNext: try this');
  t.equal(error.exitCode, 20);
});
