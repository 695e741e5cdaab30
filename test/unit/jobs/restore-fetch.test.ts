import t, { type Test } from 'tap';
import type { ResticCall } from '../../../lib/jobs/backup/store/restic.ts';
import type { Found } from '../../../lib/jobs/restore/finding/catalog.ts';
import { fetchFiles } from '../../../lib/jobs/restore/finding/fetch.ts';
import { fails, fine, manifestOf, played, resticThat, says } from './backups.ts';

const [full, id] = ['20261123T021000Z', '20261123T120000Z'];
const whole: Found = { manifest: manifestOf(full), layers: [{ repository: 'archive', snapshot: 'aa' }] };
const partial: Found = {
  manifest: manifestOf(id, full),
  layers: [...whole.layers, { repository: 'recent', snapshot: 'bb' }],
};

/** A place of which each snapshot has so many bytes. */
async function fetched(
  t: Test,
  found: Found,
  { bytes = 10, answer = fine, place = 'local' as const, what = 'restore' } = {},
) {
  const folder = t.testdir();
  const size = (script: string) => says(`{"total_size":${bytes}}\n`.repeat(script.split(/ stats | ls /).length - 1));
  const { restic, calls } = resticThat(({ script }) => (script.includes(' ls ') ? size(script) : answer));
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const result = await fetchFiles({ host: played().host, restic, tell }, { what, place, found, folder }).catch(
    (error) => error,
  );
  const restore = calls.find(({ script }) => script.includes(' restore ')) as ResticCall;
  return { calls, restore, told, folder, result };
}

t.test('a whole generation comes into the folder, with its owners, without a lock', async (t) => {
  const { restore, folder, told } = await fetched(t, whole);
  t.match(restore, { what: 'restore', place: 'local', restores: true, urgent: true });
  t.match((await fetched(t, whole, { what: 'drill' })).restore, { urgent: false }, 'nobody waits for a drill');
  t.same(restore.mounts, [{ source: folder, target: '/target', writable: true }]);
  t.same(restore.script.split('\n'), [
    'rm -rf /target/generation/stage',
    'archive restore --no-lock aa --target /target',
  ]);
  t.same(told, [`getting the files of ${full}`]);
});

t.test('what has changed comes over the whole one, whose lists are kept beside', async (t) => {
  const { restore, told } = await fetched(t, partial);
  t.same(restore.script.split('\n'), [
    'rm -rf /target/generation/stage',
    'archive restore --no-lock aa --target /target || exit',
    'rm -rf /target/below',
    'mv /target/generation/stage /target/below',
    'recent restore --no-lock bb --target /target',
  ]);
  t.same(told, [`getting the files of ${id}, over those of ${full}`]);
});

t.test(
  'what does not fit on the disk is refused before anything is fetched: both layers count, and the database twice',
  async (t) => {
    const { result, restore, calls } = await fetched(t, partial, { bytes: 2 ** 60 });
    t.match(result, {
      exitCode: 22,
      message: /needs 5072854620271 MB beside the data in use.*nothing in use was touched/s,
    });
    t.equal(restore, undefined);
    t.match(
      calls[0]?.script,
      /archive stats .* aa \|\| exit\narchive ls .* aa \/generation\/base \/generation\/wal \|.*\nrecent stats .* bb \|\| exit\nrecent ls .* bb /,
    );
  },
);

t.test('what restic has written down of the files is not reckoned again', async (t) => {
  const layers = partial.layers.map((layer) => ({ ...layer, bytes: 2 ** 60 }));
  const { result, calls } = await fetched(t, { ...partial, layers }, { bytes: 0 });
  t.match(result, { exitCode: 22, message: /needs 2536427310136 MB beside/ });
  t.notMatch(calls[0]?.script, / stats /);
  t.match(calls[0]?.script, / ls .* aa \/generation\/base.*\n.* ls .* bb /);
});

t.test('a damaged pack is told in the words of restic, with the other copy', async (t) => {
  const { result } = await fetched(t, whole, { answer: fails('Fatal: pack 12ab: ciphertext verification failed') });
  t.match(result, { exitCode: 20, message: /ciphertext verification failed.*goes on; --from remote takes the other/s });
});
