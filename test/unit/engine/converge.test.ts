import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import type { Change } from '../../../lib/core/change.ts';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { RunEvent } from '../../../lib/core/event.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { apply } from '../../../lib/engine/apply.ts';
import { withDiffs } from '../../../lib/engine/diffs.ts';
import { planOf } from '../../../lib/engine/plan.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { readOnly } from '../../../lib/host/wrappers.ts';
import { kinds } from '../../../lib/kinds/index.ts';

// The real engine and the real kinds on this machine, in a temporary directory: no root needed, nothing pretended.
const [uid, gid] = [process.getuid!(), process.getgid!()];
const owner = { uid, gid };

function wanted(root: string): Spec[] {
  return [
    { kind: 'directory', id: 'dir', phase: 'one', path: join(root, 'etc'), mode: '0750', ...owner },
    {
      kind: 'file',
      id: 'plain',
      phase: 'one',
      path: join(root, 'etc/plain'),
      content: 'one\ntwo\n',
      mode: '0644',
      ...owner,
    },
    {
      kind: 'file',
      id: 'hidden',
      phase: 'one',
      path: join(root, 'etc/hidden'),
      content: new Secret('s', 'hunter2'),
      mode: '0400',
      ...owner,
    },
    {
      kind: 'file',
      id: 'binary',
      phase: 'two',
      path: join(root, "etc/a b'c"),
      content: new Uint8Array([0, 255, 10]),
      mode: '0600',
      ...owner,
    },
    { kind: 'symlink', id: 'link', phase: 'two', path: join(root, 'current'), target: 'etc' },
  ];
}

const needs = new Map([
  ['two', ['one']],
  ['three', ['two']],
]);
const quiet = { onEvent: () => {}, needs };
const scratch = (test: Pick<typeof t, 'teardown'>) => {
  const root = mkdtempSync(join(tmpdir(), 'converge-'));
  test.teardown(() => rmSync(root, { recursive: true, force: true }));
  return root;
};
const titles = (changes: readonly { change: Change }[]) => changes.map(({ change }) => change.id);
const look = async (host: Host, specs: readonly Spec[]) => planOf(specs, await probe(host, specs));

t.test('from nothing to converged, and then nothing to do', async (t) => {
  const root = scratch(t);
  const [host, specs] = [localHost(), wanted(root)];
  const first = await look(host, specs);
  t.same(titles(first.steps), ['dir', 'plain', 'hidden', 'binary', 'link']);
  t.ok(first.steps.every(({ change }) => change.action === 'create' && change.why !== ''));
  const applied = await apply(host, first, quiet);
  t.match(applied, { changed: 5, failures: [], skipped: [] });
  t.equal(readFileSync(join(root, 'etc/hidden'), 'utf8'), 'hunter2');
  t.equal(statSync(join(root, 'etc/hidden')).mode & 0o777, 0o400);
  t.same(await look(host, specs), { steps: [], unchanged: 5 });
});

t.test('drift made by hand is seen, explained and repaired', async (t) => {
  const root = scratch(t);
  const [host, specs] = [localHost(), wanted(root)];
  await apply(host, await look(host, specs), quiet);
  const cases: [string, () => void, RegExp][] = [
    ['plain', () => writeFileSync(join(root, 'etc/plain'), 'edited\n'), /content differs/],
    ['plain', () => chmodSync(join(root, 'etc/plain'), 0o666), /mode 666, wanted 0644/],
    ['hidden', () => rmSync(join(root, 'etc/hidden')), /does not exist/],
    ['dir', () => chmodSync(join(root, 'etc'), 0o777), /mode 777, wanted 0750/],
    [
      'link',
      () => {
        rmSync(join(root, 'current'));
        symlinkSync('/nowhere', join(root, 'current'));
      },
      /points to \/nowhere/,
    ],
  ];
  for (const [id, edit, why] of cases) {
    edit();
    const plan = await look(host, specs);
    t.same(titles(plan.steps), [id]);
    t.match(plan.steps[0]!.change.why, why);
    await apply(host, plan, quiet);
    t.same((await look(host, specs)).steps, [], `${id} is repaired`);
  }
});

t.test(
  'a file that is written once keeps its content, and owner and mode are set without writing it again',
  async (t) => {
    const root = scratch(t);
    const path = join(root, 'once');
    const spec = (content: string, keep?: boolean): Spec => ({
      ...{ kind: 'file', id: 'once', phase: 'one', path, content: new Secret('s', content), mode: '0400', ...owner },
      ...(keep ? { keep } : {}),
    });
    const host = localHost();
    await apply(host, await look(host, [spec('first', true)]), quiet);
    t.same((await look(host, [spec('second', true)])).steps, [], 'another value is no change');
    const { ino } = statSync(path);
    for (const keep of [true, false]) {
      chmodSync(path, 0o644);
      const plan = await look(host, [spec(keep ? 'second' : 'first', keep)]);
      t.match(plan.steps[0]?.change.why, /^mode 644, wanted 0400$/);
      await apply(host, plan, quiet);
      t.equal(readFileSync(path, 'utf8'), 'first');
      t.match(statSync(path), { ino, mode: 0o100400 });
    }
    t.match((await look(host, [spec('second')])).steps[0]?.change.why, 'holds another value');
  },
);

t.test('cut off after every single change in turn, the next run converges', async (t) => {
  for (let cut = 0; cut < 5; cut++) {
    const root = scratch(t);
    const specs = wanted(root);
    let done = 0;
    const dying = dyingHost(() => done++ >= cut);
    await t.rejects(
      look(dying, specs).then((plan) => apply(dying, plan, quiet)),
      { name: 'RunbookError', kind: 'hostUnreachable' },
    );
    const host = localHost();
    const rest = await look(host, specs);
    t.equal(rest.steps.length, 5 - cut, `${cut} changes had been made`);
    await apply(host, rest, quiet);
    t.same((await look(host, specs)).steps, []);
    t.same(
      readdirSync(join(root, 'etc')).filter((name) => name.startsWith('.')),
      [],
      'nothing half-done lies about',
    );
  }
});

t.test('after a change that reveals something only what is then left is done', async (t) => {
  const root = scratch(t);
  const [host, specs] = [localHost(), wanted(root)];
  const first = await look(host, specs);
  Object.assign(kinds.directory, { reveals: () => true });
  t.teardown(() => Object.assign(kinds.directory, { reveals: undefined }));
  const done: string[] = [];
  const again = async () => {
    // As when a volume is mounted on the directory: two of the files have been on it all the time.
    writeFileSync(join(root, 'etc/plain'), 'one\ntwo\n');
    writeFileSync(join(root, 'etc/hidden'), 'hunter2', { mode: 0o400 });
    return look(host, specs);
  };
  const applied = await apply(host, first, { ...quiet, again, afterChange: ({ id }) => done.push(id) });
  t.same(done, ['dir', 'binary', 'link']);
  t.match(applied, { changed: 3, failures: [], skipped: [] });
  t.same((await look(host, specs)).steps, []);
});

t.test('a failed phase stops what needs it and nothing else', async (t) => {
  const root = scratch(t);
  const specs: Spec[] = [
    { kind: 'file', id: 'bad', phase: 'one', path: join(root, 'missing/file'), content: '', mode: '0644', ...owner },
    { kind: 'file', id: 'needs-it', phase: 'three', path: join(root, 'later'), content: '', mode: '0644', ...owner },
    { kind: 'file', id: 'free', phase: 'zero', path: join(root, 'free'), content: '', mode: '0644', ...owner },
  ];
  const events: RunEvent[] = [];
  const applied = await apply(localHost(), await look(localHost(), specs), { onEvent: (e) => events.push(e), needs });
  t.same(
    applied.failures.map(({ change }) => change.id),
    ['bad'],
  );
  t.same(
    applied.skipped.map(({ id }) => id),
    ['needs-it'],
  );
  t.equal(applied.changed, 1);
  t.match(applied.failures[0]!.error, { kind: 'changeFailed', parts: { next: /./ } });
  t.match(
    events.filter(({ type }) => type === 'change.end'),
    [{ ok: false, error: /./ }, { ok: true }],
  );
});

t.test('an aborted run finishes the change under way and says where it stopped', async (t) => {
  const root = scratch(t);
  const [host, specs, controller] = [localHost(), wanted(root), new AbortController()];
  const plan = await look(host, specs);
  const run = apply(host, plan, { ...quiet, signal: controller.signal, afterChange: () => controller.abort() });
  await t.rejects(run, { kind: 'interrupted', exitCode: 130, message: /after 1 of 5 changes/ });
  t.equal((await look(host, specs)).steps.length, 4);
});

t.test('what would destroy data is refused before anything is touched', async (t) => {
  const root = scratch(t);
  const path = join(root, 'key');
  const spec: Spec = {
    kind: 'file',
    id: 'key',
    phase: 'one',
    path,
    content: new Secret('key', 'old'),
    mode: '0400',
    ...owner,
    protect: 'what the old key encrypted would be lost',
  };
  await apply(localHost(), await look(localHost(), [spec]), quiet);
  await t.rejects(look(localHost(), [{ ...spec, content: new Secret('key', 'new') }]), {
    kind: 'refused',
    exitCode: 22,
    message: /would be lost/,
  });
  t.equal(readFileSync(path, 'utf8'), 'old');
});

t.test('diffs show what differs, and never a secret', async (t) => {
  const root = scratch(t);
  const [host, specs] = [localHost(), wanted(root)];
  await apply(host, await look(host, specs), quiet);
  writeFileSync(join(root, 'etc/plain'), 'one\n2\n');
  chmodSync(join(root, 'etc/hidden'), 0o600);
  writeFileSync(join(root, 'etc/hidden'), 'swordfish');
  const { steps } = await withDiffs(readOnly(host), await look(readOnly(host), specs));
  t.match(steps[0]!.change.diff, /^-2$/m);
  t.match(steps[0]!.change.diff, /^\+two$/m);
  t.equal(steps[1]!.change.diff, undefined);
  t.notMatch(JSON.stringify(steps.map(({ change }) => change)), /hunter2|swordfish/);
});

t.test('of settings with secrets in them the diff shows the keys, and no value of a hidden one', async (t) => {
  const root = scratch(t);
  const path = join(root, 'app.ini');
  writeFileSync(path, '[mailer]\nWORD = swordfish\nFROM = a@example.com\n');
  const spec: Spec = {
    ...{ kind: 'file', id: 'ini', phase: 'one', path, mode: '0400', ...owner },
    content: new Secret('app.ini', '[mailer]\nWORD = hunter2\nFROM = b@example.com\n'),
    settings: { hidden: ['mailer.WORD'], inUse: { container: 'none', target: '/etc/gitea' } },
  };
  const host = localHost();
  const { steps } = await withDiffs(host, await look(host, [spec]));
  t.match(steps[0]!.change.diff, /^-.*a@example\.com$/m);
  t.match(steps[0]!.change.diff, /^\+.*b@example\.com$/m);
  t.match(steps[0]!.change.diff, /WORD = <another secret>/, 'that it is another one is told');
  t.notMatch(JSON.stringify(steps), /hunter2|swordfish/);
});

t.test(
  'each diff is of its own file, also beside files that are not there, are empty, or have no last line break',
  async (t) => {
    const root = scratch(t);
    const before = {
      missing: undefined,
      one: 'first\n',
      empty: '',
      two: 'second',
      gone: undefined,
      three: 'third\n\n',
    };
    for (const [name, text] of Object.entries(before)) if (text !== undefined) writeFileSync(join(root, name), text);
    const specs = Object.keys(before).map(
      (id): Spec => ({
        ...{ kind: 'file', id, phase: 'one', path: join(root, id), content: `new ${id}\n`, mode: '0644' },
        ...owner,
      }),
    );
    const host = localHost();
    const { steps } = await withDiffs(host, await look(host, specs));
    t.same(titles(steps), Object.keys(before));
    for (const { change } of steps) {
      const removed = change.diff!.split('\n').filter((line) => /^-(?!--)/.test(line));
      const was = before[change.id as keyof typeof before] ?? '';
      t.same(
        removed,
        was === ''
          ? []
          : was
              .replace(/\n$/, '')
              .split('\n')
              .map((line) => `-${line}`),
        change.id,
      );
      t.match(change.diff, `+new ${change.id}\n`);
    }
  },
);

t.test('a unit is restarted in the same run in which a file that it watches is written', async (t) => {
  const root = scratch(t);
  const file: Spec = {
    kind: 'file',
    id: 'conf',
    phase: 'one',
    path: join(root, 'conf'),
    content: 'x',
    mode: '0644',
    ...owner,
  };
  const unit: Spec = {
    kind: 'unit',
    id: 'unit',
    phase: 'one',
    name: 'x.service',
    watches: [file.path],
    impact: 'restart',
  };
  const running = { properties: { LoadState: 'loaded', ActiveState: 'active', UnitFileState: 'enabled' }, newer: [] };
  const { steps } = planOf(
    [file, unit],
    new Map<string, unknown>([
      ['conf', undefined],
      ['unit', running],
    ]),
  );
  t.match(
    steps.map(({ change }) => change),
    [{ id: 'conf' }, { id: 'unit', impact: 'restart', why: /conf will be written/ }],
  );
});

/** This machine, until `dead()` says so: from then on every change fails as a lost connection does. */
function dyingHost(dead: () => boolean): Host {
  const host = localHost();
  const lost = () => new RunbookError('hostUnreachable', { what: 'connection lost', next: 'run it again' });
  return {
    ...host,
    run: async (command) => (dead() ? Promise.reject(lost()) : host.run(command)),
    put: async (file) => (dead() ? Promise.reject(lost()) : host.put(file)),
  };
}
