import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { type Mark, type MarkType, markLine, thingOf } from '../../../lib/core/mark.ts';
import type { OwnedSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { owned } from '../../../lib/kinds/removal/owned.ts';
import { type FoundMarks, parseMarks } from '../../../lib/kinds/removal/owned-found.ts';
import { adoptScript, removeScript } from '../../../lib/kinds/removal/owned-script.ts';

// The scripts for real, on a root of their own; programs that belong to the machine are played.
const header = 'Managed by somebody.';
const [ours, edited] = [`# ${header}\nours\n`, `# ${header}\nby hand\n`];

function scene(t: Test) {
  const root = t.testdir();
  const at = (path: string) => join(root, path);
  const put = (path: string, text: string) => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  };
  const log = join(root, 'log');
  const { PATH } = process.env;
  for (const name of ['systemctl', 'docker', 'swapoff', 'blkid']) {
    put(
      `bin/${name}`,
      `#!/bin/sh\necho "${name} $*" >>${log}\n[ ! -x ${root}/played ] || ${root}/played ${name} "$@"\n`,
    );
    chmodSync(at(`bin/${name}`), 0o755);
  }
  process.env.PATH = `${root}/bin:${PATH}`;
  t.teardown(() => (process.env.PATH = PATH));
  const mark = (type: MarkType, name: string, value = '', readers: string[] = []): Mark => ({
    ...{ type, value, readers },
    name: type === 'image' || type === 'network' ? name : at(name),
  });
  const spec = (wanted: readonly Mark[] = [], more: Partial<OwnedSpec> = {}): OwnedSpec => ({
    ...{ kind: 'owned', id: 'owned', phase: 'removal', path: at('state/marks'), kept: at('state/kept'), header },
    ...{ stays: [], searched: [at('etc')], wanted: wanted.map((mark) => ({ spec: mark.name, mark })) },
    ...more,
  });
  const marks = () =>
    existsSync(at('state/marks')) ? readFileSync(at('state/marks'), 'utf8').split('\n').filter(Boolean) : [];
  const marked = (...all: Mark[]) => put('state/marks', `${all.map(markLine).join('\n')}\n`);
  const look = async (one: OwnedSpec, unmet: readonly string[] = []) => {
    const { stdout } = await localHost().query({ script: owned.snippet([one]) });
    const found = owned.parse(stdout, [one]).get('owned') as FoundMarks;
    return { found, ...owned.among!(one, found, new Set(unmet)) };
  };
  const told: string[] = [];
  /** What an engine does: mark, then one change after the other. */
  const run = async (one: OwnedSpec, unmet: readonly string[] = []) => {
    const { found, changes, first } = await look(one, unmet);
    if (first) t.equal((await localHost().run({ script: first })).code, 0);
    for (const change of changes)
      await owned.apply(one, change, { host: localHost(), progress: (line) => told.push(line) }, found);
    return changes.map(({ title, why }) => `${title.replace(`${root}/`, '')}: ${why.replaceAll(root, '')}`);
  };
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  const play = (script: string) => {
    put('played', `#!/bin/sh\n${script}\n`);
    chmodSync(at('played'), 0o755);
  };
  return { root, at, put, mark, spec, marks, marked, look, run, said, play, told };
}

t.test(
  'what will be made is marked before it is made, and what was as wanted already in a step of its own',
  async (t) => {
    const { put, mark, spec, marks, run, look } = scene(t);
    put('etc/old', ours);
    const wanted = [mark('file', 'etc/old', sha256(ours)), mark('file', 'etc/new', 'h'), mark('directory', 'etc/made')];
    const both = spec([...wanted, mark('directory', 'etc'), mark('swap', 'swapfile')]);
    const { first } = await look(both, [wanted[1]!.name, wanted[2]!.name]);
    await localHost().run({ script: first! });
    t.same(marks(), wanted.slice(1).map(markLine), 'before the first change');
    t.same(await run(both), ['marks of what is ours: of what is as wanted one is not marked yet']);
    t.same(marks().sort(), wanted.map(markLine).sort(), 'a folder or a swap file that was there is not taken for ours');
    t.same(await run(both), []);
  },
);

t.test('marks that cannot be read are not overwritten by new ones', async (t) => {
  const { at, put, mark, spec, run } = scene(t);
  const read = spec([mark('file', 'etc/old', sha256(ours))]);
  put('etc/old', ours);
  t.equal((await run(read)).length, 1);
  // Something whose reading fails, for root as well.
  rmSync(at('state/marks'));
  symlinkSync('/proc/self/mem', at('state/marks'));
  const { code, stderr } = await localHost().run({ script: adoptScript(read, [mark('file', 'etc/new', 'h')]) });
  t.not(code, 0);
  t.match(stderr, /marks: Input\/output error/);
  t.equal(readlinkSync(at('state/marks')), '/proc/self/mem');
});

t.test('what is marked and wanted no more goes; what was edited is kept as a copy', async (t) => {
  const { at, put, mark, spec, marks, marked, run, look } = scene(t);
  for (const name of ['a', 'b', 'c', 'd/e']) put(`etc/${name}`, ours);
  put('etc/b', edited);
  put('etc/near', 'of others');
  symlinkSync('near', at('etc/link'));
  symlinkSync('near', at('etc/turned'));
  const known = sha256(ours);
  const all = [
    ...['a', 'b', 'c', 'd/e', 'gone'].map((name) => mark('file', `etc/${name}`, known)),
    ...[mark('link', 'etc/link', 'near'), mark('link', 'etc/turned', 'elsewhere')],
    ...[mark('directory', 'etc/d'), mark('directory', 'etc'), mark('directory', 'etc/d/none')],
  ];
  marked(...all);
  const only = spec([mark('file', 'etc/c', known)]);
  const { changes } = await look(only);
  t.ok(changes.every(({ action, impact }) => action === 'remove' && impact === 'none'));
  t.same(await run(only), [
    'etc/d/e: is wanted no more',
    'etc/a: is wanted no more',
    'etc/b: is wanted no more; not as it was written: a copy stays below /state/kept',
    'etc/gone: is wanted no more, and is gone already',
    'etc/link: is wanted no more',
    'etc/turned: is wanted no more',
    'etc/d/none/: is wanted no more, and is gone already',
    'etc/d/: is wanted no more, if nothing else is in it',
    'etc/: is wanted no more, if nothing else is in it',
  ]);
  for (const gone of ['a', 'b', 'd', 'link']) t.notOk(existsSync(at(`etc/${gone}`)), gone);
  for (const left of ['c', 'near', 'turned']) t.ok(existsSync(at(`etc/${left}`)), left);
  t.equal(readFileSync(`${at('state/kept')}${at('etc/b')}`, 'utf8'), edited);
  t.notOk(existsSync(`${at('state/kept')}${at('etc/a')}`));
  t.same(marks(), [markLine(all[2]!)]);
  t.same(await run(only), []);
});

t.test('both what lies there and what will be written are ours while a deploy is under way', async (t) => {
  const { put, mark, spec, marks, marked, look } = scene(t);
  put('etc/a', ours);
  marked(mark('file', 'etc/a', sha256(ours)));
  const next = mark('file', 'etc/a', 'next');
  const { first } = await look(spec([next]), [next.name]);
  await localHost().run({ script: first! });
  t.equal(marks().length, 2);
  const { changes } = await look(spec());
  t.equal(changes[0]?.why, 'is wanted no more', 'cut off before it was written, and turned off again');
  await localHost().run({ script: (await look(spec([next]))).first! });
  t.same(marks(), [markLine(next)]);
});

t.test('a file that is no file any more stays, and so do those that others look after', async (t) => {
  const { at, mark, spec, marked, marks, run } = scene(t);
  mkdirSync(at('etc/a'), { recursive: true });
  symlinkSync('/nowhere', at('etc/b'));
  marked(mark('file', 'etc/a', 'h'), mark('file', 'etc/b', 'h'), mark('secret', 'etc/c'));
  t.match(await run(spec([], { stays: [at('etc/c')] })), [/etc\/a: .*no file any more/, /etc\/b: .*no file any more/]);
  t.ok(existsSync(at('etc/a')));
  t.same(marks(), [], 'for others to look after');
});

t.test('of a secret no hash is written down and no copy kept', async (t) => {
  const { at, put, mark, spec, marked, run } = scene(t);
  put('etc/s', 'hunter2');
  marked(mark('secret', 'etc/s'));
  t.same(await run(spec()), ['etc/s: is wanted no more']);
  t.notOk(existsSync(at('etc/s')) || existsSync(at('state/kept')));
});

t.test('a unit is disabled and stopped before its file goes, what starts it before that', async (t) => {
  const { put, mark, spec, marked, run, said, at, play } = scene(t);
  const names = ['x.service', 'x.timer', 'x.service.d/more.conf'];
  for (const name of names) put(`etc/systemd/system/${name}`, ours);
  play(`[ "$2" != stop ] || ls ${at('etc/systemd/system')}/"$4" >>${at('log')}`);
  const of = names.map((name) => mark('file', `etc/systemd/system/${name}`, sha256(ours)));
  marked(...of, mark('file', 'etc/conf', sha256(ours), ['other.service']));
  put('etc/conf', ours);
  t.same(await run(spec()), [
    'etc/systemd/system/x.timer: is wanted no more: it is stopped first',
    'etc/systemd/system/x.service: is wanted no more: it is stopped first',
    'etc/systemd/system/x.service.d/more.conf: is wanted no more',
    'etc/conf: is wanted no more; other.service reads anew',
  ]);
  const words = said().map((line) => line.replace(at('etc/systemd/system/'), 'there: '));
  const expected = (unit: string) => [
    `systemctl disable --quiet -- ${unit}`,
    ...[`systemctl stop -- ${unit}`, `there: ${unit}`],
    // Of a service that would be its data.
    ...(unit.endsWith('.timer') ? [`systemctl clean --what=state -- ${unit}`] : []),
    ...[`systemctl reset-failed -- ${unit}`, 'systemctl daemon-reload'],
  ];
  t.same(words, [
    ...expected('x.timer'),
    ...expected('x.service'),
    'systemctl daemon-reload',
    'systemctl try-restart other.service',
  ]);
});

t.test('a unit that does not stop keeps its file and its mark', async (t) => {
  const { put, mark, spec, marked, marks, run, at, play } = scene(t);
  put('etc/systemd/system/x.service', ours);
  marked(mark('file', 'etc/systemd/system/x.service', sha256(ours)));
  play('[ "$2" != stop ]');
  await t.rejects(run(spec()), {
    exitCode: 20,
    message: /x.service, which is wanted no more, could not be taken away/,
  });
  t.ok(existsSync(at('etc/systemd/system/x.service')));
  t.equal(marks().length, 1);
});

t.test('on a host without marks, what has our header is taken for ours, once', async (t) => {
  const { at, put, mark, spec, marks, run } = scene(t);
  put('etc/here/left', ours);
  put('etc/slashes', `// ${header}\nx;\n`);
  put('etc/mentions', `first\n# ${header}\n`);
  put('etc/wanted', ours);
  put('etc/data.mount', ours);
  put('etc/kept', ours);
  put('opt/other', ours);
  const only = spec([mark('file', 'etc/wanted', sha256(ours))], { stays: [at('etc/kept')] });
  t.same(await run(only), [
    'marks of what is ours: of what is as wanted one is not marked yet',
    'etc/here/left: is wanted no more; not as it was written: a copy stays below /state/kept',
    'etc/slashes: is wanted no more; not as it was written: a copy stays below /state/kept',
  ]);
  for (const left of ['etc/mentions', 'etc/wanted', 'etc/data.mount', 'etc/kept', 'opt/other'])
    t.ok(existsSync(at(left)), left);
  t.equal(readFileSync(`${at('state/kept')}${at('etc/here/left')}`, 'utf8'), ours);
  t.same(marks(), [markLine(mark('file', 'etc/wanted', sha256(ours)))]);
  put('etc/here/left', ours);
  t.same(await run(only), [], 'afterwards the marks alone count');
});

t.test("somebody else's file in the place of one of ours is kept as a copy before it is replaced", async (t) => {
  const { at, put, mark, spec, look } = scene(t);
  put('etc/foreign', 'of others');
  put('etc/older', ours);
  const wanted = [mark('file', 'etc/foreign', 'h'), mark('file', 'etc/older', 'h'), mark('file', 'etc/new', 'h')];
  const { first } = await look(
    spec(wanted),
    wanted.map(({ name }) => name),
  );
  t.equal((await localHost().run({ script: first! })).code, 0);
  t.equal(readFileSync(`${at('state/kept')}${at('etc/foreign')}`, 'utf8'), 'of others');
  t.notOk(existsSync(`${at('state/kept')}${at('etc/older')}`));
});

t.test('of each image the one before the wanted one stays, of one that is wanted no more none', async (t) => {
  const { mark, spec, marked, marks, run, said, play } = scene(t);
  const image = (ref: string) => mark('image', ref);
  marked(...['gitea/gitea:1', 'gitea/gitea:2', 'prom/prometheus:v3', 'gitea/gitea:3'].map(image));
  play('[ "$2 $3" != "image inspect" ] || echo sha256:$5 1');
  const wanted = spec([image('mirror.example.com:5000/gitea:4@sha256:abc'), image('postgres:18')]);
  t.same(
    await run(
      wanted,
      wanted.wanted.map((one) => one.spec),
    ),
    [
      'image gitea/gitea:1: nobody runs it any more',
      'image gitea/gitea:2: nobody runs it any more',
      'image prom/prometheus:v3: nobody runs it any more',
    ],
  );
  t.equal(said().filter((line) => line.startsWith('docker image rm')).length, 3);
  t.same(
    marks().map((line) => line.split('\t')[1]),
    ['gitea/gitea:3', 'mirror.example.com:5000/gitea:4@sha256:abc', 'postgres:18'],
  );
});

t.test('an image that a container uses stays, unless the name is one of several', async (t) => {
  for (const [names, used, removed] of [
    [1, 'sha256:i', false],
    [2, 'sha256:i', true],
    [1, 'sha256:iother', true],
  ] as const) {
    const { mark, spec, marked, run, said, play } = scene(t);
    marked(mark('image', 'a:1'));
    play(
      `case "$2 $3" in "image inspect") echo sha256:i ${names} ;; "ps -aq") echo c ;; inspect*) echo ${used} ;; esac`,
    );
    await run(spec());
    t.equal(said().includes('docker image rm a:1'), removed, `${names} names, a container with ${used}`);
  }
});

t.test('a network goes; one that somebody else uses stays', async (t) => {
  for (const [others, fails] of [
    [0, true],
    [1, false],
  ] as const) {
    const { mark, spec, marked, marks, run, play } = scene(t);
    marked(mark('network', 'gitea_old'));
    play(`case "$3 $4" in "rm gitea_old") exit 1 ;; "inspect -f") echo ${others} ;; esac`);
    if (fails) await t.rejects(run(spec()), { name: 'RunbookError', exitCode: 20 });
    else await run(spec());
    t.equal(marks().length, fails ? 1 : 0);
  }
});

t.test('the swap file that was made here goes when memory has room for what is in it; any other stays', async (t) => {
  for (const { label = 'gitea-runbooks', used = 100, gone, code = 0 } of [
    { gone: true },
    { used: 900, gone: false, code: 1 },
    { label: '', gone: false },
  ]) {
    const { root, at, put, mark, said, play } = scene(t);
    put('swapfile', 'swap');
    put('proc/swaps', `Filename Type Size Used Priority\n${at('swapfile')} file 2097148 ${used * 1024} -2\n`);
    put('proc/meminfo', `MemTotal: 1 kB\nMemAvailable: ${1000 * 1024} kB\n`);
    const fstab = `UUID=1 / ext4 defaults 0 1\n${at('swapfile')}2 none swap sw 0 0\n`;
    put('etc/fstab', `${fstab}${at('swapfile')} none swap sw 0 0\n`);
    put('state/marks', `${markLine(mark('swap', 'swapfile'))}\n`);
    play(`[ "$1" != blkid ] || echo '${label}'`);
    const place = { path: at('state/marks'), kept: at('state/kept'), header };
    const script = removeScript(place, [mark('swap', 'swapfile')]).replace(/ (\/proc\/|\/etc\/)/g, ` ${root}$1`);
    const output = await localHost().run({ script });
    t.equal(output.code, code, output.stdout);
    t.equal(existsSync(at('swapfile')), !gone);
    t.equal(said().includes(`swapoff -- ${at('swapfile')}`), gone);
    t.equal(readFileSync(at('etc/fstab'), 'utf8') === fstab, gone);
    if (code) t.match(output.stdout, '900 MiB of it are in use, and only 1000 MiB');
    t.equal(readFileSync(at('state/marks'), 'utf8') === '', code === 0);
  }
});

t.test(
  'sshd settings lose their mark only when a second connection has proven that one gets in without them',
  async (t) => {
    const { mark, spec } = scene(t);
    const sshd = mark('sshd', 'etc/ssh/sshd_config.d/x.conf', 'h');
    const found: FoundMarks = { marks: [sshd], states: new Map([[thingOf(sshd), 'h']]) };
    const [change] = owned.among!(spec(), found, new Set()).changes;
    t.match(change, { title: `sshd settings ${sshd.name}`, action: 'remove', why: 'is wanted no more' });
    for (const [getsIn, reconnect] of [
      [false, () => Promise.reject(new Error('no way in'))],
      [true, async () => localHost()],
    ] as const) {
      const scripts: string[] = [];
      const run = async ({ script = '' }) => ({ code: scripts.push(script) * 0, stdout: '', stderr: '' });
      const host = { ...localHost(), run, reconnect };
      const done = owned.apply(spec(), change!, { host, progress: () => {} }, found);
      if (getsIn) await done;
      else await t.rejects(done, { exitCode: 20, message: /second connection with the new sshd settings was refused/ });
      t.match(scripts[0], `rm -f ${sshd.name}`);
      t.equal(scripts.at(-1)!.includes('ENVIRON["thing"]'), getsIn);
    }
  },
);

t.test(
  'a file of sshd that only its first line tells to be ours goes the careful way; one that is marked says how',
  (t) => {
    const marks = (...lines: readonly Mark[]) =>
      parseMarks(lines.map((mark) => `mark\t${markLine(mark)}\n`).join('')).marks;
    const mark = (type: Mark['type'], name: string, value: string): Mark => ({ type, name, value, readers: [] });
    const drop = '/etc/ssh/sshd_config.d/10-gitea.conf';
    t.match(marks(mark('file', drop, '')), [{ type: 'sshd', name: drop }]);
    t.match(marks(mark('file', drop, 'abc')), [{ type: 'file' }], 'written as a plain file');
    t.match(marks(mark('secret', drop, '')), [{ type: 'secret' }]);
    t.match(marks(mark('file', '/etc/ssh/ssh_config.d/x.conf', '')), [{ type: 'file' }]);
    t.strictSame(parseMarks('mark\tfile\nmark\n').marks, [], 'a line that is cut off is no mark');
    t.end();
  },
);
