import t from 'tap';
import { backLines } from '../../../lib/jobs/restore/repository/back.ts';
import {
  backTo,
  countOf,
  hookLines,
  refsForNew,
  sentenceOf,
  updates,
} from '../../../lib/jobs/restore/repository/refs.ts';

const [a, b, c] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
const refs = (all: Record<string, string>) => new Map(Object.entries(all));

t.test('what belongs to pull requests is kept under a name that means nothing to Gitea', (t) => {
  const found = {
    path: 'a/b.git',
    head: 'ref: refs/heads/main',
    refs: refs({ 'refs/heads/pull/1': a, 'refs/pull/1/head': b }),
  };
  t.same(refsForNew(found), { ...found, refs: refs({ 'refs/heads/pull/1': a, 'refs/restored/pull/1/head': b }) });
  t.end();
});

t.test('branches and tags go back, what is newer stays, and nothing else is looked at', (t) => {
  const kept = refs({
    ...{ 'refs/heads/gone': a, 'refs/heads/main': a, 'refs/heads/same': a, 'refs/heads/x': a, 'refs/tags/v1': b },
    ...{ 'refs/heads/alias': 'ref: refs/heads/main', 'refs/pull/1/head': a },
  });
  const live = refs({
    'refs/heads/main': b,
    'refs/heads/same': a,
    'refs/heads/later': c,
    'refs/heads/x/y': c,
    'refs/pull/2/head': c,
  });
  t.same(backTo(kept, live), {
    changes: [
      { ref: 'refs/heads/gone', to: a },
      { ref: 'refs/heads/main', from: b, to: a },
      { ref: 'refs/tags/v1', to: b },
    ],
    blocked: [{ ref: 'refs/heads/x', to: a }],
    newer: ['refs/heads/later', 'refs/heads/x/y'],
  });
  t.same(backTo(live, live).changes, []);
  t.end();
});

t.test('git keeps what was first, and hears what it has to be now', (t) => {
  const changes = [
    { ref: 'refs/heads/gone', to: a },
    { ref: 'refs/heads/main', from: b, to: a },
  ];
  t.equal(
    updates(changes, 'S').toString('latin1'),
    `create refs/heads/gone ${a}\ncreate refs/before-restore/S/heads/main ${b}\nupdate refs/heads/main ${a} ${b}\n`,
  );
  t.same(hookLines(changes), [`${'0'.repeat(40)} ${a} refs/heads/gone`, `${b} ${a} refs/heads/main`]);
  t.same(changes.map(sentenceOf), [
    `branch gone comes back at ${a.slice(0, 10)}`,
    `branch main goes from ${b.slice(0, 10)} back to ${a.slice(0, 10)}`,
  ]);
  t.equal(hookLines([{ ref: 'refs/heads/x', to: 'a'.repeat(64) }])[0]?.split(' ')[0], '0'.repeat(64));
  t.equal(countOf(refs({ 'refs/heads/a': a, 'refs/tags/b': a, 'refs/tags/c': a })), '1 branch, 2 tags');
  t.end();
});

t.test('where nothing is to be set back, that is said with the way to an older generation', async (t) => {
  t.match(backLines({ changes: [], newer: [], blocked: [] }), [/as the generation has them; --to takes an older one$/]);
});
