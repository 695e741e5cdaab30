import { join } from 'node:path';
import t from 'tap';
import type { Recovered } from '../../../lib/jobs/restore/database/database.ts';
import { takePoint } from '../../../lib/jobs/restore/database/kept.ts';
import { readRows } from '../../../lib/jobs/restore/database/read-rows.ts';
import { withHeads } from '../../../lib/jobs/restore/files/files.ts';
import { pullFate, refsIn, releaseFate } from '../../../lib/jobs/restore/settling/ahead.ts';
import { withoutFiles } from '../../../lib/jobs/restore/settling/ahead-files.ts';
import { makeEmpty } from '../../../lib/jobs/restore/settling/empty.ts';
import { sentences } from '../../../lib/jobs/restore/settling/go-back.ts';
import { fails, played, put } from './backups.ts';

/** A database that answers by what the query says, and remembers what it was told. */
function database(answer: (sql: string) => string) {
  const told: string[] = [];
  const not = () => Promise.reject(new Error('not played'));
  const tell = async (sql: string) => void told.push(sql);
  return {
    told,
    database: { ask: async (sql: string) => answer(sql), tell, halt: not, stop: not, drop: not } as Recovered,
  };
}

const path = 'alice/work.git';
const refs = new Map([
  ['refs/heads/main', 'c1'],
  ['refs/heads/m\u00c3\u00bc', 'c2'],
  ['refs/tags/v1', 't1'],
  ['refs/pull/1/head', 'c0'],
]);
const list = [{ path, head: 'ref: refs/heads/main', refs }];
const has = refsIn(list);

t.test('a release without its tag is a draft, a tag alone without it is gone', async (t) => {
  const release = { id: 1, path, name: 'alice/work', tag: 'v1', isTag: false, known: true };
  t.equal(releaseFate(release, has), 'back');
  t.equal(releaseFate({ ...release, known: false }, has), 'stays', 'Gitea was late with its row');
  t.equal(releaseFate({ ...release, tag: 'v2' }, has), 'draft');
  t.equal(releaseFate({ ...release, tag: 'v2', isTag: true }, has), 'gone');
  t.equal(releaseFate({ ...release, path: 'alice/other.git', isTag: true }, has), 'gone');
});

t.test(
  'a pull request without its head waits for its branch, or is an issue where nothing is left of it',
  async (t) => {
    const pull = {
      id: 1,
      issue: 2,
      repository: 3,
      name: 'alice/work',
      number: 1,
      base: 'main',
      head: 'x',
      agit: false,
    };
    t.equal(pullFate(pull, path, has), 'whole');
    t.equal(pullFate({ ...pull, number: 2 }, path, has), 'broken');
    t.equal(pullFate({ ...pull, number: 2, base: 'mü' }, path, has), 'broken', 'names are bytes');
    t.equal(pullFate({ ...pull, number: 2, base: 'gone' }, path, has), 'issue');
    t.equal(pullFate({ ...pull, number: 2, agit: true }, path, has), 'issue', 'a push with -o topic would fail');
  },
);

t.test('a pull request that was made since stands where its branch stands', async (t) => {
  const other = { path: 'bob/other.git', head: 'x', refs: new Map<string, string>() };
  const heads = [
    { path, number: 1, branch: 'main' },
    { path, number: 2, branch: 'mü' },
    { path, number: 3, branch: 'gone' },
  ];
  const [first, second] = withHeads([...list, other], heads);
  t.same([...first!.refs].slice(4), [['refs/pull/2/head', 'c2']]);
  t.equal(first!.refs.get('refs/pull/1/head'), 'c0', 'one that has a head keeps it');
  t.equal(second, other);
});

t.test('what went back is told by name, and only what did', async (t) => {
  const at = '2026-11-29T22:15:00.000Z';
  t.same(sentences(at, [], [], []), []);
  const branch = (name: string, since: 'pushed' | 'made' | 'deleted') => ({ repository: 'A/work', name, since });
  t.same(
    sentences(
      at,
      [branch('main', 'pushed'), branch('x', 'made'), branch('y', 'deleted'), branch('z', 'pushed')],
      [{ repository: 'A/new' }],
      [{ name: 'A/work#3' }],
    ),
    [
      `pushes after ${at} are gone: A/work main, A/work z`,
      'branches made after it are gone: A/work x',
      'branches deleted after it are back: A/work y',
      'repositories made after it are empty: A/new',
      'pull requests merged after it are open again, for the merge is not in git: A/work#3',
    ],
  );
  const many = Array.from({ length: 23 }, (_, at) => branch(`b${at}`, 'made'));
  t.match(sentences(at, many, [], []), [/b19 and 3 more$/]);
});

t.test('tables of an updated Gitea are not mixed with those of before', async (t) => {
  const atPoint = { tables: ['branch', 'repository'] as const, gitea: '323', folder: '/x' };
  const same = database(() => '323\n');
  await takePoint(same.database, atPoint);
  t.match(same.told.join('\n'), /copy runbooks_at_point.branch from .*at-point.branch/);
  const updated = database(() => '338\n');
  await t.rejects(takePoint(updated.database, atPoint), {
    exitCode: 22,
    message: /version 323 there, and of 338.*--to latest/s,
  });
  t.same(updated.told, []);
});

t.test('rows come in pieces', async (t) => {
  const asked: string[] = [];
  const { database: one } = database((sql) => {
    asked.push(sql);
    return asked.length === 1 ? '{"a":1}\n'.repeat(50_000) : '{"a":2}\n';
  });
  const rows = await readRows<{ a: number }>(one, 'select x');
  t.equal(rows.length, 50_001);
  t.match(asked, [/limit 50000 offset 0;$/, /limit 50000 offset 50000;$/]);
});

t.test('what has a row and no file is told, and goes where Gitea would answer with an error', async (t) => {
  const data = t.testdir();
  const uuid = '3f1c0000-0000-0000-0000-000000000000';
  put(join(data, 'data/attachments/a/b/ab00'), 'there');
  put(join(data, 'git/lfs/ab/cd/ef'), 'there');
  const answer = (sql: string) => {
    if (sql.includes('to_regclass')) return 't\n';
    t.match(sql, 'created_unix >= 940', 'from a minute before the restore point');
    const row = (id: number, key: string, name: string) => `${JSON.stringify({ id, key, name })}\n`;
    if (sql.includes('from lfs_meta_object'))
      return row(1, 'abcdef', 'A/work abcdef') + row(2, 'abcd99', 'A/work abcd99');
    return sql.includes('from attachment')
      ? row(3, uuid, 'pic.png of A/work#1') + row(4, 'ab00', 'x')
      : row(5, 'ee', 'y');
  };
  const { database: one, told } = database(answer);
  t.same(await withoutFiles(one, data, 1_000_000), [
    '1 LFS objects uploaded after it are not there, and have to be pushed again: A/work abcd99',
    '1 attachments uploaded after it are gone: pic.png of A/work#1',
  ]);
  t.equal(told.length, 1, 'of a storage that is nowhere to be seen nothing is known');
  t.match(told[0], /delete from attachment where id in \(3\)/);
  put(join(data, 'packages/aa/x'), '');
  const again = database(answer);
  t.match(await withoutFiles(again.database, data, 1_000_000), { 2: /1 packages .*: y$/ });
  t.match(again.told.at(-1), /delete from package_blob where id in \(5\)/, 'or it would never be stored again');
});

t.test('an empty repository is made by git itself, as the user of Gitea', async (t) => {
  const { host, commands } = played();
  const git = { image: 'gitea:1', container: 'gitea-restore-git' };
  await makeEmpty(host, git, '/r', []);
  t.same(commands, []);
  await makeEmpty(host, git, '/r', [{ path, branch: 'main', format: 'sha1' }]);
  t.match(
    commands.at(-1),
    /docker run .*--network none --user 1000:1000 .*source=\/r,target=\/repositories .*git init/s,
  );
  const bad = played((command) =>
    command.includes('docker run') ? fails('fatal: no space') : { code: 0, stdout: '', stderr: '' },
  );
  await t.rejects(makeEmpty(bad.host, git, '/r', [{ path, branch: 'main', format: 'sha1' }]), {
    exitCode: 20,
    message: /no space/,
  });
});
