import t from 'tap';
import {
  askedName,
  chosen,
  liveOf,
  sourceOf,
  targetOf,
  wantedOfLayers,
} from '../../../lib/jobs/restore/repository/choice.ts';
import { manifestOf } from './backups.ts';

const [full, id] = ['20261123T021000Z', '20261123T120000Z'];
const row = (number: number, owner: string, name: string) => ({ id: number, owner, name, empty: false });
const rows = [row(1, 'alice', 'work'), row(2, 'alice', 'tools'), row(3, 'bob', 'work'), row(4, 'zoe', 'garden')];
const none = new Map();

t.test('what is typed is a repository, as people write one', (t) => {
  t.same(askedName('Alice/my.Repo-1.git'), { owner: 'Alice', name: 'my.Repo-1' });
  for (const text of ['alice', 'alice/', '/work', 'alice/work/more', 'alice/wo rk', ''])
    t.throws(() => askedName(text), { exitCode: 22, message: /write it as owner\/name/ }, text);
  t.end();
});

t.test('it is found whatever the letters, and by the name that it has today', (t) => {
  t.equal(chosen(rows, { owner: 'ALICE', name: 'Work' }, none).id, 1);
  const now = new Map([[2, { owner: 'alice', name: 'Gear' }]]);
  t.equal(chosen(rows, { owner: 'alice', name: 'gear' }, now).id, 2);
  t.equal(chosen(rows, { owner: 'alice', name: 'tools' }, now).id, 2, 'and by that of then');
  // Another one has the name today: the generation's own name comes first.
  t.equal(chosen(rows, { owner: 'bob', name: 'work' }, new Map([[4, { owner: 'bob', name: 'work' }]])).id, 3);
  t.end();
});

t.test('one that is not there is refused, with what may be meant', (t) => {
  const refused = (owner: string, name: string) => {
    try {
      return chosen(rows, { owner, name }, none);
    } catch (error) {
      return error;
    }
  };
  t.match(refused('alice', 'wrok'), { exitCode: 22, message: /no repository alice\/wrok; did you mean alice\/work/ });
  t.match(refused('carol', 'garden'), { message: /did you mean zoe\/garden/ }, 'or the same one of somebody else');
  t.match(refused('nobody', 'nothing-like-it'), { message: /it has 4\nNext: name it as it was called/ });
  t.end();
});

t.test('it comes back under a name that says of when it is, within the limit of Gitea', (t) => {
  t.same(targetOf({ owner: 'alice', name: 'Work' }, id), { owner: 'alice', name: `Work-restored-${id}` });
  const long = targetOf({ owner: 'alice', name: 'x'.repeat(100) }, id);
  t.equal(long.name.length, 100);
  t.ok(long.name.endsWith(`x-restored-${id}`));
  t.same(targetOf({ owner: 'alice', name: 'work' }, id, 'work'), { owner: 'alice', name: 'work' });
  t.same(targetOf({ owner: 'alice', name: 'work' }, id, 'bob/mine'), { owner: 'bob', name: 'mine' });
  for (const as of ['a b', '..', '-', 'x.wiki', 'a..b', 'x.rss', 'a/b/c', 'x'.repeat(101)])
    t.throws(() => targetOf({ owner: 'alice', name: 'work' }, id, as), { name: 'RunbookError', exitCode: 22 }, as);
  t.end();
});

t.test('of each layer only what is needed: what has changed is in the newer one from first to last', (t) => {
  const { files } = manifestOf(id, full);
  const partial = (changed: string[], moved: Partial<typeof files.moved> = {}) =>
    manifestOf(id, full, { files: { ...files, changed, moved: { ...files.moved, ...moved } } });
  const wanted = (manifest: ReturnType<typeof partial>) => wantedOfLayers(sourceOf(rows[0]!, manifest.files), manifest);
  const both = ['alice/work.git', 'alice/work.wiki.git'];
  t.same(wanted(manifestOf(full)), [both]);
  t.same(wanted(partial([])), [both, both]);
  t.same(wanted(partial(['alice/work.git'])), [['alice/work.wiki.git'], both]);
  const renamed = [{ id: 1, from: 'alice/work.git', to: 'alice/new.git' }];
  t.same(wanted(partial(both, { renamed })), [
    ['alice/new.git', 'alice/new.wiki.git'],
    ['alice/new.git', 'alice/new.wiki.git', ...both],
  ]);
  const deleted = [{ id: 1, path: 'alice/work.git' }];
  t.same(wanted(partial(both, { deleted })), [both, []], 'deleted while it was read: what the one below has of it');
  t.match(sourceOf(rows[0]!, partial([], { deleted }).files), { below: true, path: 'alice/work.git' });
  t.end();
});

t.test('one that only has the name today is not the one of the generation', (t) => {
  const now = [
    { id: 9, owner: 'Alice', name: 'Work' },
    { id: 2, owner: 'alice', name: 'gear' },
    { id: 8, owner: 'alice', name: 'tools' },
  ];
  t.same(liveOf(rows[0]!, now), { live: undefined, other: now[0] });
  t.same(liveOf(rows[1]!, now), { live: now[1], other: undefined }, 'renamed meanwhile');
  t.same(liveOf(rows[2]!, now), { live: undefined, other: undefined });
  t.end();
});
