import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { secretNames } from '../../../lib/core/secrets.ts';
import { contributions, desiredState, phases } from '../../../lib/phases/index.ts';
import { secretPath } from '../../../lib/phases/secrets.ts';
import { input, secretValue } from './input.ts';

const secrets = phases.find(({ name }) => name === 'secrets')!;

t.test('every secret becomes a file that its reader alone can read, in a folder for root alone', async (t) => {
  const specs = secrets.desired(input());
  t.match(specs[0], { kind: 'directory', path: '/etc/gitea-runbooks/secrets', mode: '0700', uid: 0 });
  const files = specs.slice(1);
  for (const spec of files) {
    if (spec.kind !== 'file') throw new Error(spec.id);
    t.ok(spec.content instanceof Secret, `${spec.id} stays out of diffs`);
    t.equal(spec.mode, '0400', spec.id);
  }
  for (const name of secretNames)
    t.ok(
      files.some(({ id }) => id.includes(name)),
      name,
    );
  const uid = (end: string) => {
    const found = files.find(({ id }) => id.endsWith(end));
    return found?.kind === 'file' ? found.uid : undefined;
  };
  t.equal(uid('postgres_password.gitea_a'), 0, 'Gitea has its own in app.ini');
  t.equal(uid('inputs_key'), 0);
});

t.test('no other spec holds a value', async (t) => {
  const specs = desiredState(input()).filter((spec) => !(spec.kind === 'file' && spec.content instanceof Secret));
  const text = JSON.stringify(specs);
  for (const name of secretNames) t.notOk(text.includes(secretValue(name)), name);
});

const withValues = (values: Record<string, string>) => {
  const before = input();
  const changed = Object.entries(values).map(([name, value]) => [name, new Secret(name, value)]);
  return { ...before, secrets: { ...before.secrets, ...Object.fromEntries(changed) } };
};

t.test(
  'what can be replaced lies under a name of its value: a container of before goes on reading its own',
  async (t) => {
    const paths = (values: Record<string, string>) =>
      new Map(
        contributions(input().config).secrets.map((wanted) => [
          wanted.secret,
          secretPath(wanted, withValues(values).secrets),
        ]),
      );
    const [before, after] = [paths({}), paths({ gitea_metrics_token: 'other', gitea_secret_key: 'other' })];
    t.not(after.get('gitea_metrics_token'), before.get('gitea_metrics_token'));
    t.equal(after.get('gitea_internal_token'), before.get('gitea_internal_token'));
    t.equal(after.get('gitea_secret_key'), '/etc/gitea-runbooks/secrets/gitea_secret_key', 'under one name for ever');
    t.match(before.get('gitea_metrics_token'), /^\/etc\/gitea-runbooks\/secrets\/gitea_metrics_token\.[0-9a-f]{12}$/);
    const all = (values: Record<string, string>) =>
      desiredState(withValues(values)).find(({ id }) => id === 'leftovers:/etc/gitea-runbooks/secrets');
    t.match(all({}), {
      stems: [
        'postgres_password',
        'gitea_internal_token',
        'gitea_oauth2_jwt_secret',
        'gitea_lfs_jwt_secret',
        'gitea_metrics_token',
      ],
      keep: ['postgres_password.gitea_a'],
    });
    t.match(all({ postgres_password: 'gitea_b:x' }), {
      keep: ['postgres_password.gitea_b'],
    });
  },
);

t.test(
  'the password in a file is that of its role, and another one is refused unless a rotation brings it',
  async (t) => {
    const file = (end: string, value: string, replacing = false) => {
      const specs = secrets.desired({ ...withValues({ postgres_password: value }), replacing });
      const found = specs.find(({ id }) => id.endsWith(end));
      if (found?.kind !== 'file') throw new Error(`no file ${end}`);
      return { value: (found.content as Secret).reveal(), guarded: found.protect !== undefined };
    };
    t.same(file('.gitea_a', 'gitea_a:abc'), { value: 'abc', guarded: true });
    t.same(file('.gitea_b', 'gitea_b:abc'), { value: 'abc', guarded: true });
    t.same(file('.gitea_b', 'gitea_b:abc', true), { value: 'abc', guarded: false });
    t.same(file('.gitea_a', 'alone'), { value: 'alone', guarded: true }, 'a value of version 0.1');
    t.throws(() => file('.gitea_a', 'gitea_b:abc'));
  },
);

t.test('the login in use is there before Gitea, the others are closed and old files go after it', async (t) => {
  const order = (replacing: boolean) =>
    desiredState({ ...withValues({ postgres_password: 'gitea_a:x' }), replacing })
      .filter(({ kind, id }) => ['login', 'compose'].includes(kind) || id.startsWith('leftovers:/etc/'))
      .map((spec) => (spec.kind === 'login' ? `${spec.role} ${spec.password ? 'open' : 'closed'}` : spec.kind));
  t.same(order(false), ['gitea_a open', 'compose', 'gitea_b closed', 'leftovers']);
  t.same(order(true), ['gitea_a open', 'compose'], 'a rotation leaves the old ones until the new are current');
});

t.test('no container sees one but the receiver of the log: Gitea has its own in app.ini', async (t) => {
  const seen = (enabled: boolean) => {
    const compose = desiredState(input({ config: { backup: { enabled } } })).find((spec) => spec.kind === 'compose');
    return compose?.text.match(/\/etc\/gitea-runbooks\/secrets[^",]*/g) ?? [];
  };
  t.match(seen(true), [/\/replication_password\.wal\.[0-9a-f]{12}$/]);
  t.equal(seen(true).length, 1);
  t.same(seen(false), []);
});

t.test(
  'nobody but root comes near the data: an account of the host may have the number of a container user',
  async (t) => {
    for (const dataPath of ['/srv/gitea', '/data/gitea']) {
      const top = desiredState(input({ config: { host: { dataPath } } })).find(
        ({ id }) => id === `directory:${dataPath}`,
      );
      t.match(top, { mode: '0700', uid: 0, gid: 0 });
    }
  },
);
