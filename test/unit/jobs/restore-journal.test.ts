import { existsSync } from 'node:fs';
import t from 'tap';
import { closeJournal, foldersOf, leftBy, note, openJournal } from '../../../lib/jobs/restore/journal.ts';
import { configIn, put } from './backups.ts';

const journal = { stamp: '20261130T080000Z', id: '20261129T221503Z', from: 'local', phase: 'fetching' } as const;

t.test('a restore that has not come to its end is known until it is closed', async (t) => {
  const config = configIn(t.testdir());
  t.equal(openJournal(config), undefined);
  note(config, journal);
  note(config, { ...journal, phase: 'switching' });
  t.same(openJournal(config), { ...journal, phase: 'switching' });
  closeJournal(config);
  closeJournal(config);
  t.equal(openJournal(config), undefined);
});

t.test('what earlier restores have left, and nothing in use', async (t) => {
  const root = t.testdir();
  const config = configIn(root);
  t.same(leftBy(config), []);
  const [old, open] = ['20261101T000000Z', journal.stamp].map((stamp) => foldersOf(config, { stamp }));
  const all = [...Object.values(old!), ...Object.values(open!)];
  for (const path of all) put(`${path}/file`);
  for (const name of ['data/postgres', 'data/restore-mine', 'data/old-restore-20261101T000000Z', 'backups/restore-x'])
    put(`${root}/${name}/file`);
  t.same([...leftBy(config)].sort(), [...all].sort());
  note(config, journal);
  t.same([...leftBy(config)].sort(), Object.values(old!).sort(), 'one that is under way keeps its own');
});

t.test('the folders of a restore have no name in common, and change places on the disk of the data', async (t) => {
  const root = t.testdir();
  const { aside, ...rest } = foldersOf(configIn(root), journal);
  t.equal(new Set([aside, ...Object.values(rest)]).size, 4);
  for (const path of Object.values(rest)) t.ok(path.startsWith(`${root}/data/`), path);
  t.ok(aside.startsWith(`${root}/backups/`), 'the log stays on the disk of the backups');
  t.notOk(existsSync(aside));
});
