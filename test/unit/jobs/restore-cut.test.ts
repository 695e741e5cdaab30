// A restore and its undoing, killed before each of the renames and commands that change what is in use.
import fs, { existsSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import t, { type Test } from 'tap';
import { mustBeWhole } from '../../../lib/jobs/converge/whole-state.ts';
import { finish, finishUndo } from '../../../lib/jobs/restore/finish.ts';
import { foldersOf, type Journal, note, openJournal } from '../../../lib/jobs/restore/journal.ts';
import { configIn, played, put, says } from './backups.ts';

const real = { chownSync: fs.chownSync, renameSync: fs.renameSync, rmSync: fs.rmSync };
const replaced = (changes: Partial<typeof real>) => {
  Object.assign(fs, changes);
  syncBuiltinESMExports();
};
// Giving files away takes root.
const chownSync = () => {};
replaced({ chownSync });
t.teardown(() => replaced(real));

const begun = { stamp: '20261130T080000Z', id: '20261129T221503Z', from: 'local' } as const;

/** A host whose containers are started and stopped, and what they were started on. */
function scene(t: Test) {
  const root = t.testdir();
  const config = configIn(root);
  const { work } = foldersOf(config, begun);
  const inUse = [`${root}/data/postgres`, `${root}/data/gitea/data`];
  for (const path of inUse) put(`${path}/is`, 'old');
  for (const name of ['base', 'wal']) put(`${root}/backups/${name}/is`, 'old');
  put(`${work}/postgres/is`, 'new');
  put(`${work}/generation/data/is`, 'new');
  note(config, { ...begun, phase: 'switching' });
  const is = (path: string) => (existsSync(`${path}/is`) ? readFileSync(`${path}/is`, 'utf8') : 'nothing');
  const startedOn: string[] = [];
  let up = true;
  let left = Number.POSITIVE_INFINITY;
  let cut = false;
  const step = () => {
    cut ||= left-- <= 0;
    if (cut) throw new Error('killed');
  };
  const { host } = played((command) => {
    if (command.startsWith('cat ')) return says(JSON.stringify(openJournal(config) ?? {}));
    step();
    if (command.includes('docker stop')) up = false;
    if (!command.includes('docker start')) return says('');
    up = true;
    startedOn.push(inUse.map(is).join());
    return says('');
  });
  const tell = () => {};
  const go = async (journal: Journal) =>
    journal.phase === 'undoing' ? finishUndo({ config, host }, journal) : finish({ config, host, tell }, journal);
  return {
    ...{ config, host, startedOn },
    now: () => ({ up, inUse: inUse.map(is).join(), journal: openJournal(config)?.phase }),
    /** Goes on from what is on record; killed at this step, for good. Gives whether it was. */
    async run(at = Number.POSITIVE_INFINITY): Promise<boolean> {
      [left, cut] = [at, false];
      const renameSync: typeof fs.renameSync = (...words) => {
        step();
        real.renameSync(...words);
      };
      const rmSync: typeof fs.rmSync = (...words) => {
        step();
        real.rmSync(...words);
      };
      replaced({ renameSync, rmSync });
      const ended = await go(openJournal(config)!).then(
        () => true,
        () => false,
      );
      replaced({ ...real, chownSync });
      return !ended;
    },
  };
}

/** Tries each step until none is cut any more; gives how many there were. */
async function atEach(t: Test, look: (t: Test, at: number) => Promise<boolean>): Promise<number> {
  for (let at = 0; ; at++) {
    let was = false;
    await t.test(`at step ${at}`, async (t) => {
      was = await look(t, at);
    });
    if (!was) return at;
  }
}

/** Nothing may be started on the data of two moments. */
async function isGuarded(t: Test, { now, config, host }: ReturnType<typeof scene>) {
  const mixed = !['old,old', 'new,new'].includes(now().inUse);
  const asked = mustBeWhole(config, host);
  if (mixed) await t.rejects(asked, { exitCode: 22, message: /restore\.mjs finishes it/ });
  else await asked.catch(() => {});
}

t.test('the next call finishes it, and nothing is ever started on data of two moments', async (t) => {
  const steps = await atEach(t, async (t, at) => {
    const one = scene(t);
    const was = await one.run(at);
    if (was) await isGuarded(t, one);
    if (openJournal(one.config)) await one.run();
    t.same(one.now(), { up: true, inUse: 'new,new', journal: undefined });
    t.same(
      one.startedOn.filter((state) => state !== 'new,new'),
      [],
    );
    return was;
  });
  t.ok(steps >= 10, `${steps} steps`);
});

t.test('or it is undone, and that goes on in the same way after a cut of its own', async (t) => {
  const steps = await atEach(t, async (t, at) => {
    let undoing = false;
    for (const first of [1, 3, 5, 100]) {
      const one = scene(t);
      await one.run(first);
      note(one.config, { ...begun, phase: 'undoing' });
      const was = await one.run(at);
      undoing ||= was;
      if (was) await isGuarded(t, one);
      if (openJournal(one.config)) await one.run();
      t.same(one.now(), { up: true, inUse: 'old,old', journal: undefined }, `restored up to step ${first}`);
      t.same(
        one.startedOn.filter((state) => state !== 'old,old' && state !== 'new,new'),
        [],
      );
    }
    return undoing;
  });
  t.ok(steps >= 8, `${steps} steps`);
});
