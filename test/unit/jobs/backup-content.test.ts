import t from 'tap';
import { leftOut, partialList, sources, storages } from '../../../lib/jobs/backup/store/content.ts';
import { configIn, put } from './backups.ts';

t.test('a partial generation names whole repositories, single files, and what is small', async (t) => {
  const list = partialList(['ann/a.git', 'ann/a b.git'], ['git/lfs/ab/cd', 'data/avatars/b\u00e4r']).toString('utf8');
  t.same(list.split('\0'), [
    '/generation/data/git/repositories/ann/a.git',
    '/generation/data/git/repositories/ann/a b.git',
    '/generation/data/git/lfs/ab/cd',
    '/generation/data/data/avatars/b\u00e4r',
    ...['config', 'tls', 'letsencrypt', 'wal', 'stage'].map((name) => `/generation/${name}`),
    '',
  ]);
});

t.test('single files are looked for everywhere but in repositories and what is made again', async (t) => {
  const root = t.testdir();
  const not = [
    'git/repositories',
    'queues',
    'indexers',
    'repo-archive',
    'tmp',
    'home',
    'sessions',
    'data/sessions',
    'data/log',
    'log',
  ];
  const wanted = [
    'git/lfs',
    'data/attachments',
    'data/avatars',
    'packages',
    'actions_log',
    'actions_artifacts',
    'ssh',
    'custom',
  ];
  for (const name of [...not, ...wanted]) put(`${root}/${name}/x`);
  put(`${root}/file`);
  t.same(storages(root).sort(), wanted.map((name) => `${root}/${name}`).sort());
  t.same(
    not.filter((name) => name !== 'git/repositories' && !leftOut.includes(`/generation/data/${name}`)),
    [],
  );
});

t.test('neither hooks nor repositories are left out of a whole one', async (t) => {
  t.notMatch(leftOut.join('\n'), /hooks|git\/|lfs|attachments|ssh/);
  t.ok(leftOut.includes('/generation/stage/manifest.json'), 'that of the generation before');
});

t.test('what is there is mounted to be read, and where it lies in the snapshot', async (t) => {
  const root = t.testdir();
  const config = configIn(root);
  put(`${root}/data/tls/x`);
  t.same(sources(config), [
    { source: `${root}/data/gitea/data`, target: '/generation/data' },
    { source: `${root}/data/tls`, target: '/generation/tls' },
    { source: `${root}/backups/base`, target: '/generation/base' },
    { source: `${root}/backups/wal`, target: '/generation/wal' },
    { source: `${root}/backups/stage`, target: '/generation/stage' },
  ]);
});
