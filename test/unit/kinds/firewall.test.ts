// The scripts run for real, with nft and systemd's programs played: a file is the table in force.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import type { FirewallSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Reconnectable } from '../../../lib/host/port.ts';
import { firewall } from '../../../lib/kinds/access/firewall.ts';

const spec: FirewallSpec = {
  kind: 'firewall',
  id: 'firewall:x',
  phase: 'p',
  path: '/etc/rules',
  rules: 'rules\n',
  unit: { name: 'fw.service', path: '/etc/fw.service', content: 'unit\n' },
  ssh: undefined,
};
const hash = { rules: sha256('rules\n'), unit: sha256('unit\n') };

t.test('what differs is named', async (t) => {
  const diff = (
    { live = 'L', wanted = 'L', file = hash.rules, unit = hash.unit, state = 'enabled active' },
    more = '',
    rules: string | undefined = spec.rules,
  ) => {
    const text = `firewall:x\tfound\t${[file, unit, state, live, wanted].join('\t')}\n${more}`;
    return firewall.diff({ ...spec, rules }, firewall.parse(text, [spec]).get(spec.id)!);
  };
  const whys: [Parameters<typeof diff>[0], string][] = [
    [{ live: 'M' }, 'other rules are in force'],
    [{ live: '' }, 'is not in force'],
    [{ file: 'x' }, 'the rules for the next boot are others'],
    [{ file: '' }, 'the rules for the next boot are others'],
    [{ unit: '' }, 'its unit is another one'],
    [{ state: 'enabled inactive' }, 'its unit is enabled inactive'],
    [{ state: 'disabled active' }, 'its unit is disabled active'],
    [{ live: '', file: '' }, 'does not exist'],
  ];
  t.equal(diff({}), undefined, 'nothing');
  for (const [found, why] of whys) t.match(diff(found), { title: 'firewall', why, impact: 'none' });
  const others = 'firewall:x\tpublished\tbyhand\t0.0.0.0:9999->80/tcp\n';
  t.match(diff({ live: '', file: '' }, others), { action: 'create', why: /closes.*byhand: 0\.0\.0\.0:9999->80\/tcp/ });
  t.notMatch(diff({ live: '' }, others)?.why, /closes/, 'they have been closed before');
});

t.test('not wanted: each thing that is left is a reason, and nobody is locked out by that', async (t) => {
  const off: FirewallSpec = { ...spec, rules: undefined, ssh: undefined };
  const diff = (...found: string[]) =>
    firewall.diff(off, firewall.parse(`firewall:x\tfound\t${found.join('\t')}\n`, [off]).get(off.id)!);
  t.equal(diff('', '', ' inactive', '', ''), undefined);
  for (const left of [
    ['x', '', '', '', ''],
    ['', 'x', '', '', ''],
    ['', '', '', 'x', ''],
  ])
    t.match(diff(...left), { why: /not wanted any more/ });
});

t.test('who would be locked out is told before anything is changed', async (t) => {
  const from = ['198.51.100.0/24', '2001:db8::/48'];
  const diff = (client: string, ssh: FirewallSpec['ssh'] | 'left alone' = { port: 22, from }, live = '') => {
    const text = `firewall:x\tfound\t${hash.rules}\t${hash.unit}\tenabled active\t${live}\tL\nfirewall:x\tclient\t${client}\n`;
    return firewall.diff(
      { ...spec, ssh: ssh === 'left alone' ? undefined : ssh },
      firewall.parse(text, [spec]).get(spec.id)!,
    );
  };
  for (const inside of ['198.51.100.255 5 10.0.0.1 22', '2001:db8:0:7::1 5 2001:db8:9::1 22'])
    t.ok(diff(inside), inside);
  for (const outside of ['198.51.101.0 5 10.0.0.1 22', '2001:db8:1::1 5 2001:db8:9::1 22']) {
    const client = outside.split(' ')[0]!;
    t.throws(() => diff(outside), {
      name: 'RunbookError',
      exitCode: 22,
      message: new RegExp(`you come from ${client},`),
    });
    t.ok(diff(outside, 'left alone'), 'where SSH is left alone it does not matter');
    t.equal(diff(outside, { port: 22, from }, 'L'), undefined, 'nor where there is nothing to do');
  }
  t.ok(diff('127.0.0.1 5 127.0.0.1 22'), 'a tunnel that ends on the host');
  t.ok(diff('::1 5 ::1 22'));
  t.ok(diff(''), 'no SSH at all');
  t.throws(() => diff('198.51.100.7 5 10.0.0.1 2200'), {
    name: 'RunbookError',
    exitCode: 22,
    message: /port 2200, host\.port is 22/,
  });
  t.throws(() => diff('192.0.2.7 5 10.0.0.1 2200', { port: 22, from: undefined }), {
    name: 'RunbookError',
    exitCode: 22,
  });
});

/** A host whose table is the file `live`; `boot` is what a boot would load. */
function sandbox(t: Test, { reconnect = async (): Promise<unknown> => undefined, before = 'old\n' as string | null }) {
  const folder = t.testdir({ bin: {}, etc: {}, run: {}, ...(before === null ? {} : { live: before }) });
  const at = (path: string) => join(folder, path);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  if (before !== null) writeFileSync(at('etc/rules'), before);
  program('unshare', 'shift; TABLE=$(mktemp); export TABLE; "$@"; rm -f "$TABLE"');
  program(
    'nft',
    `table=\${TABLE:-${at('live')}}
case "$*" in
'-c -f '*) ! grep -q unfit "$3" ;;
'-f '*) f=$2; [ "$f" != - ] || f=/dev/stdin; [ -r "$f" ] && cat "$f" > "$table" ;;
*list*) cat "$table" ;;
*delete*) rm "$table" ;;
esac`,
  );
  program('systemctl', `echo "systemctl $*" >> ${at('log')}`);
  program(
    'systemd-run',
    `echo "armed over $(cat ${at('live')} 2>/dev/null)" >> ${at('log')}; shift 5; printf '%s' "$3" > ${at('armed')}`,
  );
  program('sync', 'true');
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const local = localHost();
  const elsewhere = (command: Command) => ({
    ...command,
    script: (command.script ?? '').replaceAll('/run/gitea-runbooks', at('run')),
  });
  const host: Reconnectable = {
    ...local,
    query: (command) => local.query(elsewhere(command)),
    run: (command) => local.run(elsewhere(command)),
    reconnect: () => reconnect().then(localHost),
  };
  const here: FirewallSpec = {
    ...spec,
    path: at('etc/rules'),
    unit: { ...spec.unit, path: at('etc/fw.service') },
  };
  return {
    host,
    here,
    at,
    text: (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined),
    apply: (wanted = here, on: Reconnectable = host) =>
      firewall.apply(wanted, {} as never, { host: on, progress: () => {} }, {} as never),
  };
}

t.test('armed before loaded; on the disk only when confirmed', async (t) => {
  let unconfirmed: unknown;
  const box = sandbox(t, {
    reconnect: async () => {
      unconfirmed = [
        box.text('live'),
        box.text('etc/rules'),
        box.text('etc/fw.service'),
        box.text('armed') !== undefined,
      ];
    },
  });
  await box.apply();
  t.same(unconfirmed, ['rules\n', 'old\n', undefined, true], 'a boot in between loads the old rules');
  t.same([box.text('live'), box.text('etc/rules'), box.text('etc/fw.service')], ['rules\n', 'rules\n', 'unit\n']);
  const log = box.text('log')!.split('\n');
  t.ok(log.includes('armed over old'), 'the way back first');
  t.match(log.slice(-4), [/daemon-reload/, /enable.*fw.service/, /reload-or-restart fw.service/]);
});

t.test('rules that nft does not take change nothing', async (t) => {
  const box = sandbox(t, {});
  await t.rejects(box.apply({ ...box.here, rules: 'unfit\n' }), { name: 'RunbookError', exitCode: 20 });
  t.same([box.text('live'), box.text('etc/rules'), box.text('armed')], ['old\n', 'old\n', undefined]);
});

t.test('a second connection that is refused: the old rules, or none where there were none', async (t) => {
  for (const before of ['old\n', null]) {
    const box = sandbox(t, { before, reconnect: () => Promise.reject(new Error('timed out')) });
    await t.rejects(box.apply(), { name: 'RunbookError', exitCode: 20, message: /second connection/ });
    t.same(
      [box.text('live'), box.text('etc/rules'), box.text('etc/fw.service')],
      [before ?? undefined, before ?? undefined, undefined],
    );
  }
});

t.test('what is armed does the same; confirmed too late, nothing is kept', async (t) => {
  const { execFileSync } = await import('node:child_process');
  const box = sandbox(t, {
    reconnect: async () => execFileSync('sh', ['-c', box.text('armed')!]),
  });
  await t.rejects(box.apply(), { name: 'RunbookError', exitCode: 20, message: /could not be confirmed/ });
  t.same([box.text('live'), box.text('etc/rules'), box.text('etc/fw.service')], ['old\n', 'old\n', undefined]);
});

t.test('rules on the disk that cannot be loaded do not keep unconfirmed ones in force', async (t) => {
  const box = sandbox(t, { reconnect: () => Promise.reject(new Error('timed out')) });
  writeFileSync(
    box.at('bin/nft'),
    readFileSync(box.at('bin/nft'), 'utf8').replace("'-f '*)", `"-f ${box.at('etc/rules')}") exit 1 ;;\n'-f '*)`),
  );
  await t.rejects(box.apply(), { name: 'RunbookError', exitCode: 20 });
  t.equal(box.text('live'), undefined, 'open rather than closed behind the operator');
});

t.test('without a second connection to prove it nothing is changed, but it can be taken away', async (t) => {
  const box = sandbox(t, {});
  const { reconnect: _reconnect, ...alone } = box.host;
  await t.rejects(box.apply(box.here, alone as Reconnectable), { name: 'RunbookError', exitCode: 22 });
  t.equal(box.text('live'), 'old\n');
  await box.apply({ ...box.here, rules: undefined }, alone as Reconnectable);
  t.same([box.text('live'), box.text('etc/rules'), box.text('etc/fw.service')], [undefined, undefined, undefined]);
});

t.test('the look compares tables, and sees where the connection comes from through sudo', async (t) => {
  const box = sandbox(t, { before: null });
  const look = async (env: Record<string, string>) => {
    const { execFileSync } = await import('node:child_process');
    const snippet = firewall.snippet([box.here]).replaceAll('/run/gitea-runbooks', box.at('run'));
    const stdout = execFileSync('env', ['-i', `PATH=${process.env.PATH}`, 'sh', '-c', snippet], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return firewall.parse(stdout, [box.here]).get(spec.id)!;
  };
  program(box.at('bin/systemctl'));
  t.match(await look({}), { live: '', file: '', unit: '' });
  await box.apply();
  const found = await look({});
  t.equal(found.live, found.wanted);
  t.not(found.live, '');
  t.match(found, { file: hash.rules, unit: hash.unit });
  writeFileSync(box.at('live'), 'rules\nby hand\n');
  const edited = await look({});
  t.not(edited.live, edited.wanted);
});

function program(path: string) {
  writeFileSync(path, '#!/bin/sh\ntrue\n');
}
