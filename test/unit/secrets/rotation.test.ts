import t from 'tap';
import { loginOf } from '../../../lib/core/database-login.ts';
import { Secret } from '../../../lib/core/secret.ts';
import { type SecretSet, secretNames } from '../../../lib/core/secrets.ts';
import { newValues, rotatable, toRotate, unfinished, withValues } from '../../../lib/secrets/rotation.ts';

const set = (values: Partial<Record<string, string>> = {}) =>
  Object.fromEntries(
    secretNames.map((name) => [name, new Secret(name, values[name] ?? `old-${name}`)]),
  ) as unknown as SecretSet;

t.test('all that can be rotated, or those that are named, each once', async (t) => {
  t.same(toRotate([]), rotatable);
  t.same(toRotate(['gitea_metrics_token', 'postgres_password', 'gitea_metrics_token']), [
    'postgres_password',
    'gitea_metrics_token',
  ]);
});

t.test('the others are refused, each with its reason', async (t) => {
  const refusals: Record<string, RegExp> = {
    gitea_secret_key: /encrypts two-factor secrets.*would be lost/,
    gitea_oauth2_jwt_secret: /signed with it/,
    replication_password: /opens nothing to anybody outside the network/,
    backup_key: /every backup that exists is encrypted with it/,
    inputs_key: /opens nothing/,
    postgres_pasword: /there is no such secret/,
  };
  for (const [name, what] of Object.entries(refusals)) {
    const error = { name: 'RunbookError', exitCode: 22, message: new RegExp(`${what.source}[^]*nothing was changed`) };
    t.throws(() => toRotate(['postgres_password', name]), error, name);
  }
  const decided = [...rotatable, ...Object.keys(refusals)];
  for (const name of secretNames) t.ok(decided.includes(name), `${name} is decided on`);
});

t.test('new values: none is the old one, each looks as it must, and the login changes with the password', async (t) => {
  let current = set();
  for (const role of ['gitea_b', 'gitea_a', 'gitea_b']) {
    const values = newValues(rotatable, current);
    t.same(Object.keys(values).sort(), [...rotatable].sort());
    const next = withValues(current, values);
    t.equal(loginOf(next.postgres_password).role, role);
    t.match(loginOf(next.postgres_password).password.reveal(), /^[A-Za-z0-9]{40}$/);
    t.match(next.gitea_metrics_token.reveal(), /^[A-Za-z0-9]{40}$/);
    t.match(next.gitea_lfs_jwt_secret.reveal(), /^[A-Za-z0-9_-]{43}$/);
    t.match(next.gitea_internal_token.reveal(), /^[\w-]+\.[\w-]+\.[\w-]+$/);
    for (const name of secretNames) {
      const same = next[name].reveal() === current[name].reveal();
      t.equal(same, !(rotatable as readonly string[]).includes(name), name);
    }
    current = next;
  }
  t.same(newValues(['gitea_metrics_token'], current).postgres_password, undefined, 'only what was named');
});

t.test('what waits in the store counts only when it can be rotated', async (t) => {
  const store = { pending: async () => ({ gitea_metrics_token: 'x', gitea_secret_key: 'y', other: 'z' }) };
  t.same(await unfinished(store as never), { gitea_metrics_token: 'x' });
});
