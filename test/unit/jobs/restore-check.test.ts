import t from 'tap';
import { early, fits, mustBeSound } from '../../../lib/jobs/restore/finding/check.ts';
import { input } from '../phases/input.ts';
import { manifestOf } from './backups.ts';

const { config } = input();
const id = '20261129T221503Z';
const now = { gitea: 338, system: '7001' };
const withImages = (images: Partial<typeof config.images>) => ({ ...config, images: { ...config.images, ...images } });
const wroteBy = (gitea: string, table = 338) => {
  const before = manifestOf(id);
  return { ...before, images: { ...before.images, gitea }, database: { ...before.database, gitea: table } };
};

t.test('what this host wrote comes back without a word', async (t) => {
  t.same(fits(config, manifestOf(id), now), []);
  t.same(fits(config, manifestOf(id), { gitea: undefined, system: undefined }), [], 'with nothing in use either');
});

t.test('what a newer Gitea wrote is refused, with the image to set', async (t) => {
  const newer = wroteBy('gitea/gitea:1.28.0-rootless gitea/gitea@sha256:12', 340);
  t.throws(() => fits(config, newer, now), {
    exitCode: 22,
    message: /written by Gitea 1.28.0, and this host runs 1.27.3.*set images.gitea to gitea\/gitea:1.28.0-rootless,/s,
  });
  t.throws(
    () => fits(config, newer, { gitea: undefined, system: undefined }),
    { name: 'RunbookError', exitCode: 22 },
    'on a new host too',
  );
  t.throws(
    () => fits(config, wroteBy('gitea/gitea:1.27.10', 338), now),
    { name: 'RunbookError', exitCode: 22 },
    'as numbers, not as text',
  );
  t.throws(() => fits(config, wroteBy('gitea/gitea:2.0', 400), now), { name: 'RunbookError', exitCode: 22 });
  t.throws(
    () => fits(config, wroteBy('own/gitea:latest', 340), now),
    { name: 'RunbookError', exitCode: 22 },
    'by the number of its database',
  );
});

t.test('what an older one wrote is brought up to date, which is told', async (t) => {
  t.match(fits(config, wroteBy('gitea/gitea:1.27.2-rootless x', 330), now), [/by Gitea 1.27.2: 1.27.3 will bring/]);
  t.match(fits(config, wroteBy('gitea/gitea:1.9.10', 100), now), [/by Gitea 1.9.10/]);
});

t.test('files of another PostgreSQL are refused', async (t) => {
  t.throws(() => fits(withImages({ postgres: 'postgres:19.0' }), manifestOf(id), now), {
    exitCode: 22,
    message: /of PostgreSQL 18, and this host runs 19.*images.postgres to a version of 18/s,
  });
  t.same(fits(withImages({ postgres: 'postgres:18.9-trixie' }), manifestOf(id), now), []);
});

t.test('another domain, another database and an unsound generation are told', async (t) => {
  const other = manifestOf(id, id, { domain: 'git.example.org', degraded: ['not read: x'] });
  t.match(fits(config, other, { gitea: 338, system: '7002' }), [
    /another domain, git.example.org: this host is git.example.com/,
    /database in use is another one/,
    /not sound: not read: x/,
  ]);
});

t.test('the version of an image is its tag, not the port of a registry nor a digest', async (t) => {
  const mirror = 'registry.example.com:5000';
  const digest = `sha256:${'7'.repeat(64)}`;
  const mirrored = withImages({ gitea: `${mirror}/gitea/gitea:1.27.3`, postgres: `${mirror}/postgres:18.6@${digest}` });
  t.same(fits(mirrored, manifestOf(id), now), []);
  t.throws(() => fits(mirrored, wroteBy(`${mirror}/gitea/gitea:1.28.0`, 338), now), {
    name: 'RunbookError',
    exitCode: 22,
  });
  t.same(
    fits(withImages({ postgres: `postgres@${digest}` }), manifestOf(id), now),
    [],
    'no version, nothing to compare',
  );
});

t.test('a generation that was found damaged is refused, with the sound ones', async (t) => {
  const older = '20261128T221503Z';
  const found = (remote: readonly string[], local?: string) => ({
    ...{ packs: {}, hurt: { local: [id], remote }, lost: { local: [], remote: [] }, sound: { local } },
  });
  t.doesNotThrow(() => mustBeSound(undefined, 'local', id));
  t.doesNotThrow(() => mustBeSound(found([], older), 'local', older));
  t.doesNotThrow(() => mustBeSound(found([], older), 'remote', id));
  t.throws(() => mustBeSound(found([], older), 'local', id), {
    exitCode: 22,
    message: new RegExp(`local copy of ${id} is damaged.*--from remote.*--to ${older}, the newest`, 's'),
  });
  t.throws(() => mustBeSound(found([id]), 'local', id), { message: /touched\. npx zx runbooks\/backup\.mjs --list/ });
});

t.test('a moment before the first copy of the database is told before anything is fetched', async (t) => {
  const before = manifestOf(id);
  const bases = ['20261129T211500Z-whole', '20261129T220000Z-changes'].map((name) => ({
    ...before.database.bases[0]!,
    name,
  }));
  const manifest = { ...before, database: { ...before.database, bases } };
  t.match(early(manifest, '2026-11-29T21:14:59.000Z'), [
    /will most likely be refused: .* begin at 2026-11-29T21:15:00/,
  ]);
  t.same(early(manifest, '2026-11-29T21:15:00.000Z'), []);
  t.same(early(manifest, undefined), []);
});
