import t from 'tap';
import { mediumFile } from '../../lab/standin/log.ts';
import { autoMigrationOff, newerDatabase, notUpToDate, startVerdict } from '../../lab/standin/migrate.ts';
import { userNameProblem } from '../../lab/standin/names.ts';
import { atLeast, releaseOf } from '../../lab/standin/release.ts';

t.test('releases and their migration numbers', async (t) => {
  const numbers = {
    '1.22.6': 299,
    '1.23.8': 312,
    '1.24.7': 321,
    '1.25.4': 323,
    '1.26.4': 331,
    '1.27.3': 343,
    '28.0.0': 356,
  };
  for (const [version, want] of Object.entries(numbers)) t.equal(releaseOf(version).dbVersion, want, version);
  t.throws(() => releaseOf('1.28.0'), /no migration number/);
  t.throws(() => releaseOf('latest'), /not a Gitea version/);
  t.ok(atLeast(releaseOf('28.0.0'), 1, 27), '28 comes after 1.27');
  t.ok(atLeast(releaseOf('1.26.3'), 1, 26, 3));
  t.notOk(atLeast(releaseOf('1.26.2'), 1, 26, 3));
});

t.test('what a start does with a database', async (t) => {
  const refused = (message: string): object => ({ do: 'refuse', message });
  t.same(startVerdict(-1, 343, false), { do: 'migrate' }, 'an empty database is set up in any case');
  t.same(startVerdict(343, 343, false), { do: 'serve' });
  t.same(startVerdict(331, 343, false), refused(autoMigrationOff(331, 343)));
  t.same(startVerdict(356, 343, false), refused(autoMigrationOff(356, 343)));
  t.same(startVerdict(331, 343, true), { do: 'migrate' });
  t.same(startVerdict(356, 343, true), refused(newerDatabase(356, 343)));
  t.match(startVerdict(60, 343, true), { do: 'refuse', message: /no longer supports auto-migration/ });
});

t.test('the words that runbooks look for', async (t) => {
  t.equal(
    autoMigrationOff(331, 343),
    '"database.AUTO_MIGRATION" is disabled, but current database version 331 is not equal to the expected version 343.' +
      'You can set "database.AUTO_MIGRATION" to true or migrate manually by running "gitea [--config /path/to/app.ini] migrate"',
  );
  t.match(
    newerDatabase(356, 343),
    /^Migration Error: Your database \(migration version: 356\) is for a newer Gitea, .*release \(343\)\.\nGitea will exit/,
  );
  t.match(notUpToDate(-1, 343), 'database has not been initialized');
});

t.test('a name may be reserved in one release only', async (t) => {
  t.equal(userNameProblem('admin', true), 'name is reserved [name: admin]');
  t.equal(userNameProblem('admin', false), undefined);
  t.equal(userNameProblem('API', false), 'name is reserved [name: api]');
  t.match(userNameProblem('a..b', false), /name is invalid \[a\.\.b\]/);
  t.equal(userNameProblem('x.keys', false), 'name pattern is not allowed [pattern: *.keys]');
});

t.test('source paths in the log are cut differently before and after 1.24', async (t) => {
  t.equal(
    mediumFile('models/migrations/migrations.go', false),
    '...ations/migrations.go'.slice(0, 3) + 'models/migrations/migrations.go'.slice(-20),
  );
  t.equal(mediumFile('models/migrations/migrations.go', true), '.../migrations/migrations.go');
  t.equal(mediumFile('cmd/web.go', true), 'cmd/web.go');
});
