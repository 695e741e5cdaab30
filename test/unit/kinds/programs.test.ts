// Units, swap and the reload of the proxy: the scripts run for real, with systemd, Docker and the like played.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { ReloadSpec, SwapSpec, UnitSpec } from '../../../lib/core/spec.ts';
import { look, sandbox } from './sandbox.ts';

const unitSpec: UnitSpec = { kind: 'unit', id: 'u', phase: 'p', name: 'a.service', impact: 'restart' };
const shows = (more: Record<string, string> = {}) => {
  const values = { Id: 'a.service', LoadState: 'loaded', ActiveState: 'failed', UnitFileState: 'enabled', ...more };
  return Object.entries(values)
    .map(([key, value]) => `echo '${key}=${value}'`)
    .join('; ');
};
const systemctl = (enabled: string, restart = 'true', more: Record<string, string> = {}) =>
  `case "$1" in show) ${shows(more)} ;; is-enabled) echo ${enabled}; [ ${enabled} = enabled ] ;; restart) ${restart} ;; esac`;

t.test('a unit is enabled where it can be, and restarted', async (t) => {
  const cases: [string, string[]][] = [
    ['enabled', ['restart a.service']],
    ['static', ['restart a.service']],
    ['disabled', ['enable a.service', 'restart a.service']],
    ['masked', ['unmask a.service', 'enable a.service', 'restart a.service']],
  ];
  for (const [state, wanted] of cases) {
    const { host, calls } = sandbox(t.testdir(), { systemctl: systemctl(state) });
    const { change, apply } = await look(host, unitSpec);
    t.match(change, { action: 'refresh', title: 'a.service', why: 'is failed', impact: 'restart' });
    await apply();
    const told = calls().filter((line) => !line.includes(' show '));
    t.same(
      told,
      ['daemon-reload', 'is-enabled a.service', ...wanted].map((words) => `systemctl ${words}`),
      state,
    );
  }
});

t.test('a unit that does not start shows its own log', async (t) => {
  const { host } = sandbox(t.testdir(), {
    systemctl: systemctl('enabled', 'exit 1'),
    journalctl: 'echo "bind: address in use"',
  });
  await t.rejects((await look(host, unitSpec)).apply(), {
    kind: 'changeFailed',
    message:
      /a\.service did not start[\s\S]*bind: address in use[\s\S]*systemctl status a\.service; journalctl -u a\.service/,
  });
});

t.test('a unit: all reasons, and those that do as well', async (t) => {
  const why = async (more: Record<string, string>, spec = unitSpec, others = '') => {
    const { host } = sandbox(t.testdir(), { systemctl: `${systemctl('enabled', 'true', more)}${others}` });
    return (await look(host, spec)).change?.why;
  };
  const active = { ActiveState: 'active' };
  t.equal(await why(active), undefined);
  t.equal(await why({ ...active, UnitFileState: 'static' }), undefined);
  t.equal(await why({ ...active, UnitFileState: 'masked' }), 'is masked');
  t.equal(await why({ ...active, NeedDaemonReload: 'no' }), undefined);
  t.equal(
    await why({ NeedDaemonReload: 'yes', UnitFileState: 'disabled' }),
    'its unit file changed on disk, is disabled, is failed',
  );
  t.equal(await why({ LoadState: 'not-found' }), 'is not there yet');
  const either = { ...unitSpec, alternatives: ['b.service'] };
  t.equal(await why({}, either, '; echo; echo Id=b.service; echo ActiveState=active'), undefined);
  t.equal(await why({}, either, '; echo; echo Id=b.service; echo ActiveState=inactive'), 'is failed');
  t.equal(await why({}, unitSpec, '; echo; echo Id=b.service; echo ActiveState=active'), 'is failed', 'not named');
});

t.test('a unit that started before a file was written', async (t) => {
  const root = t.testdir({ conf: '', other: '' });
  const spec = { ...unitSpec, watches: [join(root, 'conf'), join(root, 'none')] };
  const why = async (time: string) => {
    const more = { ActiveState: 'active', ActiveEnterTimestamp: time };
    const { host, calls } = sandbox(root, { systemctl: systemctl('enabled', 'true', more) });
    const found = (await look(host, spec)).change?.why;
    t.match(calls()[0], /^systemctl show .*--timestamp=us .*ActiveEnterTimestamp.* -- a\.service$/);
    return found;
  };
  t.equal(await why('Mon 2001-01-01 00:00:00.000000 UTC'), `started before ${join(root, 'conf')} was last written`);
  t.equal(await why('Mon 2101-01-03 00:00:00.000000 UTC'), undefined);
  t.equal(await why(''), undefined, 'one that never started reads it when it does');
});

const swapSpec = (path: string): SwapSpec => ({ kind: 'swap', id: 's', phase: 'p', path, sizeMiB: 64 });

t.test('a swap file is made whole, named in fstab once, and switched on', async (t) => {
  const root = t.testdir();
  const path = join(root, 'swapfile');
  const before = `${path}2 none swap sw 0 0\n`;
  writeFileSync(join(root, 'fstab'), before);
  const programs = {
    fallocate: 'eval "file=\\${$#}"; echo "$2" > "$file"',
    mkswap: 'eval "file=\\${$#}"; echo swap >> "$file"; stat -c %a "$file" > "$file.mode"',
    swapon: '[ -e "$1" ]',
    'systemd-detect-virt': 'exit 1',
  };
  const { host, calls } = sandbox(root, programs);
  const moved = (script: string) => script.replaceAll('/etc/fstab', join(root, 'fstab'));
  const there = {
    ...host,
    run: (command: Parameters<typeof host.run>[0]) =>
      host.run('script' in command ? { ...command, script: moved(command.script!) } : command),
  };
  const { swap } = await import('../../../lib/kinds/system/swap.ts');
  const spec = swapSpec(path);
  const observed = { active: false, container: false };
  const change = swap.diff(spec, observed)!;
  t.match(change, { action: 'create', title: `swap file ${path} of 64 MiB`, why: /no swap/ });
  const apply = () => swap.apply(spec, change, { host: there, progress: () => {} }, observed);
  await apply();
  t.same(calls(), [`fallocate -l 64M ${path}.next`, `mkswap -q -L gitea-runbooks ${path}.next`, `swapon ${path}`]);
  t.equal(readFileSync(path, 'utf8'), '64M\nswap\n');
  t.equal(readFileSync(`${path}.next.mode`, 'utf8'), '600\n');
  t.notOk(existsSync(`${path}.next`));
  const entry = `${path} none swap sw 0 0\n`;
  t.equal(readFileSync(join(root, 'fstab'), 'utf8'), `${before}${entry}`);
  await apply();
  t.same(calls().slice(3), [`swapon ${path}`], 'one that is there is only switched on');
  t.equal(readFileSync(join(root, 'fstab'), 'utf8'), `${before}${entry}`);
  sandbox(root, { swapon: 'echo "not permitted" >&2; exit 1' });
  await t.rejects(apply(), {
    kind: 'changeFailed',
    message: /swap file could not be made[\s\S]*not permitted[\s\S]*host\.swap: off/,
  });
});

t.test("where the kernel is somebody else's there is nothing to do about swap", async (t) => {
  const { host } = sandbox(t.testdir(), { 'systemd-detect-virt': '[ "$*" = "--container --quiet" ]', tail: 'true' });
  t.strictSame((await look(host, swapSpec('/swapfile'))).observed, { active: false, container: true });
  const other = sandbox(t.testdir(), { 'systemd-detect-virt': 'exit 1', tail: 'echo /dev/vda2 partition' });
  t.strictSame((await look(other.host, swapSpec('/swapfile'))).observed, { active: true, container: false });
});

const reloadSpec: ReloadSpec = {
  ...{ kind: 'reload', id: 'r', phase: 'p', container: 'proxy 1', url: 'http://192.0.2.2/config', hash: 'new' },
  ...{ test: ['nginx', '-t'], reload: ['nginx', '-s', 'reload'] },
};

/** Docker and the proxy: `curl` answers with the lines of a file, one a call, and with the last one from then on. */
function proxied(root: string, answers: readonly string[], more: { state?: string; test?: string } = {}) {
  const file = join(root, 'answers');
  writeFileSync(file, `${answers.join('\n')}\n`);
  return sandbox(root, {
    docker: `case "$1 $*" in inspect*) echo ${more.state ?? 'true'} ;; *' -t') ${more.test ?? 'true'} ;; logs*) echo 'the log of nginx' ;; esac`,
    curl: `head -n 1 '${file}'; [ "$(wc -l < '${file}')" -lt 2 ] || sed -i 1d '${file}'`,
    sleep: 'true',
  });
}

t.test('a proxy with another configuration is told to take up the new one', async (t) => {
  const { host, calls } = proxied(t.testdir(), ['old', 'old', 'new', 'new', 'old', 'new']);
  const { change, apply } = await look(host, reloadSpec);
  t.match(change, { action: 'refresh', title: 'configuration of proxy 1', why: /older/, impact: 'reload' });
  const before = calls().length;
  await apply();
  const told = calls().slice(before);
  t.same(told.slice(0, 2), ['docker exec proxy 1 nginx -t', 'docker exec proxy 1 nginx -s reload']);
  // old, new, new, old, then four in a row.
  t.equal(told.filter((line) => line.startsWith('curl')).length, 8);
  t.equal((await look(host, reloadSpec)).change, undefined);
});

t.test('a proxy that is down reads the file when it starts; one that says nothing is told', async (t) => {
  t.equal((await look(proxied(t.testdir(), ['old'], { state: 'false' }).host, reloadSpec)).change, undefined);
  t.match((await look(proxied(t.testdir(), ['']).host, reloadSpec)).change, { why: /does not say/ });
});

t.test('a configuration that Nginx refuses is not reloaded, one that it does not take up is an error', async (t) => {
  const refused = proxied(t.testdir(), ['old'], { test: 'echo "unknown directive" >&2; exit 1' });
  await t.rejects((await look(refused.host, reloadSpec)).apply(), {
    kind: 'changeFailed',
    message: /unknown directive/,
  });
  t.notOk(refused.calls().some((line) => line.endsWith('reload')));
  const deaf = proxied(t.testdir(), ['old']);
  await t.rejects((await look(deaf.host, reloadSpec)).apply(), {
    kind: 'changeFailed',
    message: /proxy 1 did not take up its new configuration[\s\S]*the log of nginx[\s\S]*docker exec proxy 1 nginx -t/,
  });
});
