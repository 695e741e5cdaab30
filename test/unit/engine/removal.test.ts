// What is turned off goes again: the real engine and the real kinds on this machine, in a temporary directory.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { sha256 } from '../../../lib/core/hash.ts';
import type { Mark, MarkType } from '../../../lib/core/mark.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { apply } from '../../../lib/engine/apply.ts';
import { withDiffs } from '../../../lib/engine/diffs.ts';
import { planOf } from '../../../lib/engine/plan.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { readOnly } from '../../../lib/host/wrappers.ts';

const owner = { uid: process.getuid!(), gid: process.getgid!() };
const quiet = { onEvent: () => {}, needs: new Map<string, readonly string[]>() };
const look = async (host: Host, specs: readonly Spec[]) => planOf(specs, await probe(host, specs));

function scratch(test: Pick<typeof t, 'teardown'>): string {
  const root = mkdtempSync(join(tmpdir(), 'removal-'));
  test.teardown(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

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

function wanted(root: string): Spec[] {
  const file = (id: string, path: string, content: string | Uint8Array | Secret): Spec => ({
    ...{ kind: 'file', id, phase: 'one', path: join(root, path), content, mode: '0600' },
    ...owner,
  });
  return [
    { kind: 'directory', id: 'dir', phase: 'one', path: join(root, 'etc'), mode: '0750', ...owner },
    file('plain', 'etc/plain', 'one\ntwo\n'),
    file('hidden', 'etc/hidden', new Secret('s', 'hunter2')),
    file('binary', "etc/a b'c", new Uint8Array([0, 255, 10])),
    { kind: 'symlink', id: 'link', phase: 'one', path: join(root, 'current'), target: 'etc' },
  ];
}

/** What is wanted, with the marks of it, as a deploy has it. */
function marked(root: string, specs: readonly Spec[]): Spec[] {
  const marks = specs.flatMap((spec) => {
    if (spec.kind === 'directory') return [{ spec: spec.id, mark: markOf('directory', spec.path, '') }];
    if (spec.kind === 'symlink') return [{ spec: spec.id, mark: markOf('link', spec.path, spec.target) }];
    if (spec.kind !== 'file') return [];
    const mark =
      spec.content instanceof Secret
        ? markOf('secret', spec.path, '')
        : markOf('file', spec.path, sha256(spec.content));
    return [{ spec: spec.id, mark }];
  });
  const places = { path: join(root, 'state/marks'), kept: join(root, 'state/kept'), searched: [root], stays: [] };
  return [...specs, { kind: 'owned', id: 'owned', phase: 'last', header: 'ours', ...places, wanted: marks }];
}
const markOf = (type: MarkType, name: string, value: string): Mark => ({ type, name, value, readers: [] });

t.test(
  'what is turned on comes, what is turned off goes, and then nothing is left to do; the plan shows both',
  async (t) => {
    const root = scratch(t);
    const host = localHost();
    const [all, none] = [marked(root, wanted(root)), marked(root, [])];
    mkdirSync(join(root, 'state'));
    await apply(host, await look(host, none), quiet);
    const before = readdirSync(root, { recursive: true });
    await apply(host, await look(host, all), quiet);
    t.same((await look(host, all)).steps, [], 'on');
    const off = await withDiffs(readOnly(host), await look(readOnly(host), none));
    t.strictSame(
      off.steps.map(({ change }) => `${change.action} ${change.title.replace(root, '')}`),
      ["remove /etc/a b'c", 'remove /etc/hidden', 'remove /etc/plain', 'remove /current', 'remove /etc/'],
    );
    t.equal(new Set(off.steps.map(({ change }) => change.id)).size, 5);
    t.match(off.steps[2]?.change.diff, /^-one\n-two$/m);
    t.notMatch(JSON.stringify(off.steps.map(({ change }) => change)), /hunter2/);
    await apply(host, off, quiet);
    t.same((await look(host, none)).steps, [], 'off');
    t.strictSame(
      readdirSync(root, { recursive: true }).filter((name) => !`${name}`.startsWith('state')),
      before.filter((name) => !`${name}`.startsWith('state')),
    );
    t.equal(readFileSync(join(root, 'state/marks'), 'utf8'), '');
  },
);

t.test('cut off after every change of turning on or off, what follows leaves nothing of it', async (t) => {
  for (const [first, calls] of [
    ['on', 6],
    ['off', 5],
  ] as const) {
    for (let cut = 0; cut <= calls; cut++) {
      const root = scratch(t);
      const host = localHost();
      const [all, none] = [marked(root, wanted(root)), marked(root, [])];
      if (first === 'off') await apply(host, await look(host, all), quiet);
      let done = 0;
      const dying = dyingHost(() => done++ >= cut);
      const specs = first === 'on' ? all : none;
      await look(dying, specs)
        .then((plan) => apply(dying, plan, quiet))
        .catch(() => {});
      await apply(host, await look(host, none), quiet);
      t.same((await look(host, none)).steps, []);
      const left = readdirSync(root, { recursive: true }).filter((name) => !`${name}`.startsWith('state'));
      t.strictSame(left, [], `cut off after ${cut} of turning ${first}`);
    }
  }
});

t.test('where the marks cannot be written nothing is changed', async (t) => {
  const root = scratch(t);
  writeFileSync(join(root, 'state'), 'in the way');
  const plan = await look(localHost(), marked(root, wanted(root)));
  await t.rejects(apply(localHost(), plan, quiet), { name: 'RunbookError', message: /could not be marked as ours/ });
  t.strictSame(readdirSync(root), ['state']);
});
