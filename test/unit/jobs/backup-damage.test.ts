import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { damagesIn, damagesOf, isKnown, readLooked, sentencesOf } from '../../../lib/jobs/backup/checking/damage.ts';
import { fails, resticThat, says } from './backups.ts';

const pack = 'ab'.repeat(32);
const snapshot = (id: string, ...tags: string[]) => ({ id, tree: id, tags });
/** Two whole ones, each with one of changes, as restic lists them. */
const archive = [
  snapshot('a1', 'generation=g1'),
  snapshot('a2', 'manifest=g1', 'kind=full', 'full=g1'),
  snapshot('a3', 'generation=g3'),
  snapshot('a4', 'manifest=g3', 'kind=full', 'full=g3'),
];
const recent = [
  snapshot('r1', 'generation=g2'),
  snapshot('r2', 'manifest=g2', 'kind=partial', 'full=g1'),
  snapshot('r3', 'generation=g4'),
  snapshot('r4', 'manifest=g4', 'kind=partial', 'full=g3'),
  snapshot('r5', 'wal'),
];
const lists = `list archive ${JSON.stringify(archive)}\n\nlist recent ${JSON.stringify(recent)}\n\n`;

t.test('where all is sound the newest generation is it', async (t) => {
  const looked = readLooked('local', lists);
  t.same(looked, { ids: ['g1', 'g2', 'g3', 'g4'], damages: [] });
  t.match(damagesOf(new Map([['local', looked]])), { packs: {}, hurt: { local: [] }, sound: { local: 'g4' } });
});

t.test('a damaged pack hurts what has parts of it, and what rests on that', async (t) => {
  const looked = readLooked(
    'local',
    `${lists}said archive pack ${pack} contains 1 errors: [unexpected pack id 12]
said archive The repository contains damaged pack files. These must be removed
said archive restic repair packs ${pack}
pack archive ${pack}
hurt archive a3
file archive /generation/data/git/lfs/x y
`,
  );
  const [damage] = looked.damages;
  t.match(damage, { place: 'local', repository: 'archive', packs: [pack], hurt: ['g3', 'g4'] });
  t.same(sentencesOf(damage!), [
    `local archive: pack ${pack} contains 1 errors: [unexpected pack id 12]`,
    'local archive: which has parts of /generation/data/git/lfs/x y',
    'local archive: which hurts g3, g4',
  ]);
  t.match(damagesOf(new Map([['local', looked]])), {
    packs: { 'local archive': [pack] },
    ...{ hurt: { local: ['g3', 'g4'], remote: [] }, lost: { local: [] }, sound: { local: 'g2' } },
  });
});

t.test('a damaged manifest hurts its generation, one of changes hurts itself alone, and the log none', async (t) => {
  const hurt = (word: string) => readLooked('remote', `${lists}said recent x\n${word}\n`).damages[0]?.hurt;
  t.same(hurt('hurt recent r4'), ['g4']);
  t.same(hurt('hurt recent r1'), ['g2']);
  t.same(hurt('hurt recent r5'), []);
  t.match(
    sentencesOf(readLooked('remote', `${lists}said recent x\nhurt recent r5`).damages[0]!).at(-1),
    /no generation/,
  );
});

t.test('what is gone for good is known from the second time on, and nothing else is', async (t) => {
  const looked = readLooked('local', `${lists}said archive blob 12 not found in index\nhurt archive a1\n`);
  const [damage] = looked.damages;
  const before = damagesOf(new Map([['local', looked]]));
  t.same(before.lost.local, ['g1', 'g2']);
  t.notOk(isKnown(damage!, undefined));
  t.ok(isKnown(damage!, before));
  t.notOk(isKnown({ ...damage!, hurt: ['g1', 'g3'] }, before), 'another one is hurt');
  t.notOk(isKnown({ ...damage!, packs: [pack] }, before), 'a file is damaged anew');
  t.notOk(isKnown({ ...damage!, hurt: [] }, before));
  t.notOk(isKnown({ ...damage!, place: 'remote' }, before));
});

t.test('packs that are known to be damaged are asked for again', async (t) => {
  const { restic, calls } = resticThat(() => says(lists));
  await damagesIn(restic, 'local', '--read-data', { 'local archive': [pack], 'remote recent': ['12'] });
  t.match(calls[0]?.script, `look archive '${pack}'\nlook recent ''`);
  await t.rejects(damagesIn(resticThat(() => fails('no route\n')).restic, 'remote', ''), {
    message: /remote no route/,
  });
});

t.test(
  'what somebody removed while it was looked at is no damage, and what is damaged is none of theirs',
  async (t) => {
    const { restic, calls } = resticThat(() => says(lists));
    await damagesIn(restic, 'local', '--read-data');
    /** restic whose checks end with these codes, while its index is another one each time or stays. */
    const looked = (codes: readonly number[], index: 'changes' | 'stays') => {
      const dir = t.testdir({ codes: codes.join('\n') });
      const script = `cd ${dir}
run() {
  case "$2 $3" in
    'check --no-lock')
      code=$(head -n 1 codes); sed -i 1d codes
      echo check >>checks
      [ "$code" = 0 ] || { echo 'pack ${pack} does not exist'; return "$code"; } ;;
    'list index') cat checks 2>/dev/null | wc -l ;;
    'snapshots --no-lock') echo '[]' ;;
    *) ;;
  esac
}
${index === 'stays' ? 'wc() { echo 1; }' : ''}
${calls[0]!.script}`;
      const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      return { said: /^said archive .*/m.exec(stdout)?.[0], left: readFileSync(`${dir}/codes`, 'utf8').trim() };
    };
    t.match(looked([1, 0, 0], 'changes'), { said: undefined, left: '' });
    t.match(looked([1, 1, 0], 'changes'), { said: /does not exist/, left: '' });
    t.match(looked([1, 0], 'stays'), { said: /does not exist/, left: '' });
  },
);

t.test('of a place that does not answer nothing is forgotten', async (t) => {
  const broken = readLooked('remote', `${lists}said archive x\npack archive ${pack}\nhurt archive a3\n`);
  const before = damagesOf(new Map([['remote', broken]]));
  const after = damagesOf(new Map([['local', readLooked('local', lists)]]), before);
  t.match(after, { packs: { 'remote archive': [pack] }, hurt: { local: [], remote: ['g3', 'g4'] } });
  t.match(damagesOf(new Map([['remote', readLooked('remote', lists)]]), before), { packs: {}, hurt: { remote: [] } });
});
