import t, { type Test } from 'tap';
import type { Output } from '../../../lib/host/port.ts';
import { ship } from '../../../lib/jobs/backup/off-host/ship.ts';
import { stateOf, tellState } from '../../../lib/jobs/backup/store/state.ts';
import type { BackupState } from '../../../lib/phases/backup-watch.ts';
import { configIn, fails, fine, manifestOf, momentOf, played, put, remote, resticThat, says } from './backups.ts';

const [full, id] = ['20261123T021000Z', '20261123T120000Z'];
const note = (name: string, kind: string) => ({
  id: name,
  kind,
  at: momentOf(name),
  degraded: [],
  snapshot: `s-${name}`,
});
const [whole, partial] = [note(full, 'full'), note(id, 'partial')];

/** A place that holds the generations of these databases. */
function scene(
  t: Test,
  state: BackupState,
  { systems = [] as string[], begin = fine as Output, copy = fine as Output } = {},
) {
  const root = t.testdir();
  const config = configIn(root, { remote });
  tellState(config, 'backup', state);
  const rows = systems.map((system) => ({
    tags: [`manifest=${full}`, 'kind=full', `full=${full}`, `system=${system}`],
  }));
  const { restic, calls } = resticThat(({ what, script }) =>
    what.startsWith('list') ? says(`${JSON.stringify(rows)}\n`) : script.includes(' init ') ? begin : copy,
  );
  const go = () => ship({ config, host: played().host, restic, tell: () => {} }, '7001');
  return { root, go, calls, state: () => stateOf(config, 'backup') };
}

/** The lines that copy. */
const copies = (script = '') => script.split('\n').filter((line) => / copy |^answers/.test(line));

t.test('the first time the repositories are made, and the manifest goes last', async (t) => {
  const { go, calls, state } = scene(t, { generation: partial, full: whole });
  await go();
  t.same(
    calls.map(({ place }) => place),
    ['remote', 'remote', 'remote'],
  );
  for (const name of ['archive', 'recent'])
    t.match(calls[0]?.script, new RegExp(`/${name}" init --copy-chunker-params \\$from_${name}`));
  t.same(copies(calls[2]?.script), [
    'answers archive',
    `archive copy $from_archive --tag generation=${full} || exit`,
    `archive copy $from_archive --tag manifest=${full} || exit`,
    'answers recent',
    `recent copy $from_recent --tag generation=${id} || exit`,
    `recent copy $from_recent --tag manifest=${id} || exit`,
  ]);
  t.match(state(), { shipped: { id }, shippedFull: full });
});

t.test('a whole one that is there is not sent again', async (t) => {
  const { go, calls } = scene(t, { generation: partial, full: whole, shippedFull: full });
  await go();
  t.equal(calls.length, 1);
  t.notMatch(calls[0]?.script, 'archive');
});

t.test('another place than the one before begins with everything', async (t) => {
  const { go, calls, state } = scene(t, {
    ...{ generation: partial, full: whole, shippedFull: full },
    place: 'rest:https://before.example.com/gitea',
  });
  await go();
  t.match(calls[0]?.script, / init /);
  t.match(calls.at(-1)?.script, `archive copy $from_archive --tag generation=${full}`);
  t.equal(state().place, remote.repository);
});

t.test('nothing is asked of the place where there is nothing to send', async (t) => {
  for (const state of [{}, { generation: whole, full: whole, shippedFull: full }]) {
    const { go, calls } = scene(t, state);
    await go();
    t.same(calls, []);
  }
});

t.test('a place with the generations of another database is left alone', async (t) => {
  const { go, calls, state } = scene(t, { generation: whole, full: whole }, { systems: ['6000'] });
  await t.rejects(go(), {
    exitCode: 22,
    message: /backups of another Gitea: 1 generation, the newest is 20261123T021000Z/,
  });
  t.notOk(calls.some(({ script }) => script.includes(' copy ')));
  t.equal(state().shippedFull, undefined);
  await t.resolves(
    scene(t, { generation: whole, full: whole }, { systems: ['6000', '7001'] }).go(),
    'its own among them',
  );
});

t.test('one that could not be sent stays to be sent', async (t) => {
  const { go, state } = scene(t, { generation: whole, full: whole }, { copy: fails('Fatal: connection refused') });
  await t.rejects(go(), { exitCode: 20, message: /on this host only.*connection refused/s });
  t.equal(state().shippedFull, undefined);
  const not = scene(t, { generation: whole, full: whole }, { begin: fails('Access Denied.') });
  await t.rejects(not.go(), { exitCode: 20, message: /could not be made at s3:.*Access Denied/s });
});

t.test('whole ones that were made while the place was away follow, oldest first', async (t) => {
  const [one, two, three] = ['20261120T021000Z', '20261121T021000Z', '20261122T021000Z'];
  const sent = async (shippedFull?: string) => {
    const { go, calls, root } = scene(t, { generation: whole, full: whole, ...(shippedFull ? { shippedFull } : {}) });
    for (const id of [three, one, two, full])
      put(`${root}/backups/generations/${id}.json`, JSON.stringify(manifestOf(id)));
    const changes = manifestOf('20261122T120000Z', three);
    put(`${root}/backups/generations/${changes.id}.json`, JSON.stringify(changes));
    await go();
    return /--tag generation.*(?= \|\| exit)/.exec(calls.at(-1)?.script ?? '')?.[0];
  };
  const words = (...ids: string[]) => ids.map((id) => `--tag generation=${id}`).join(' ');
  t.equal(await sent(one), words(two, three, full));
  t.equal(await sent(three), words(full));
  t.equal(await sent(), words(one, two, three, full), 'and all, where it is new');
});
