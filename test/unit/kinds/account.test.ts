// The scripts run for real; the containers of Gitea and its database are played.
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { AccountSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { account } from '../../../lib/kinds/account.ts';

/** `users` as the database has them: name, and `t` for an administrator. It does not answer while they are undefined. */
function sandbox(t: Test, users: readonly [string, 't' | 'f'][] | undefined, gitea = 'made') {
  const folder = t.testdir({ bin: {} });
  const at = (path: string) => join(folder, path);
  const answers: Record<string, string> = {
    made: `echo "generated random password is 'it is new'"; echo "New user 'x' has been successfully created!"`,
    exists: `echo "Command error: user already exists [name: x]" >&2; exit 1`,
    silent: `echo "New user 'x' has been successfully created!"`,
    broken: `echo "generated random password is 'it is new'"; echo "no space left" >&2; exit 1`,
  };
  const admins = (users ?? []).filter(([, admin]) => admin === 't');
  writeFileSync(
    at('bin/docker'),
    `#!/bin/sh
case "$*" in
  *" psql "*) ${users ? '' : 'exit 2'}
    case "$*" in *"select 1 from"*is_admin*) ${admins.length > 0 ? 'echo 1' : ':'} ;; *) printf '${(users ?? [])
      .map(([name]) => `user\\t${name}\\n`)
      .concat(admins.length > 0 ? ['admin\\t\\n'] : [])
      .join('')}' ;; esac ;;
  *" create "*) echo "create $*" >> ${at('log')}; ${answers[gitea]} ;;
  *" generate-access-token "*) echo token >> ${at('log')}; printf 'a-token\\r\\n' ;;
esac
`,
  );
  chmodSync(at('bin/docker'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const spec: AccountSpec = {
    ...{ kind: 'account', id: 'a', phase: 'accounts', username: 'Alice', email: 'alice@example.com', admin: true },
    ...{ mustChangePassword: true, gitea: 'gitea', database: 'database', passwordFile: at('password') },
  };
  const host = localHost();
  const look = async (wanted: AccountSpec) =>
    account.parse((await host.query({ script: account.snippet([wanted]) })).stdout, [wanted]).get('a')!;
  return {
    spec,
    at,
    /** Why it would be made, or undefined. */
    diff: async (wanted = spec) => account.diff(wanted, await look(wanted)),
    /** Made as a deploy does that looked when there was no database yet. */
    make: (wanted = spec) => {
      const change = account.diff(wanted, { exists: undefined, hasToken: false })!;
      return account.apply(wanted, change, { host, progress: () => {} }, { exists: undefined, hasToken: false });
    },
    created: () => existsSync(at('log')) && readFileSync(at('log'), 'utf8').includes('create'),
    told: () => readFileSync(at('log'), 'utf8'),
    text: (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined),
    mode: (name: string) => statSync(at(name)).mode & 0o777,
  };
}

t.test('an administrator: made on an empty instance, its password in a file of its owner alone', async (t) => {
  const { diff, make, text, mode, told, at } = sandbox(t, []);
  t.match(await diff(), { action: 'create' });
  await make();
  t.equal(text('password'), 'it is new');
  t.equal(mode('password'), 0o600);
  t.notOk(existsSync(at('password.next')));
  t.match(told(), /--username Alice .*--must-change-password=true --admin/);
});

t.test('an administrator: renamed by its owner, it gets no second one', async (t) => {
  for (const users of [
    [['root', 't']],
    [
      ['root', 't'],
      ['alice', 'f'],
    ],
  ] as [string, 't' | 'f'][][]) {
    const { diff, make, created } = sandbox(t, users);
    t.equal(await diff(), undefined, 'seen');
    await make();
    t.notOk(created(), 'asked again where the database did not answer before');
  }
});

t.test('an administrator: users that are none do not stand for it', async (t) => {
  const { diff, make, created } = sandbox(t, [['bob', 'f']]);
  t.match(await diff(), { action: 'create' });
  await make();
  t.ok(created());
});

t.test('an account that is no administrator is made beside one, once', async (t) => {
  const box = sandbox(t, [['root', 't']]);
  const probe = { ...box.spec, admin: false, restricted: true };
  t.match(await box.diff(probe), { action: 'create' });
  await box.make(probe);
  t.match(box.told(), /--restricted/);
  t.notMatch(box.told(), /--admin/);
  const known = sandbox(t, [['alice', 'f']]);
  t.equal(await known.diff({ ...known.spec, admin: false }), undefined, 'in any case of its name');
});

t.test('an account that exists already is met, and an earlier password stays', async (t) => {
  const { make, text, at } = sandbox(t, [], 'exists');
  writeFileSync(at('password'), 'earlier');
  await make();
  t.equal(text('password'), 'earlier');
});

t.test('a failure of Gitea: said, without the password, and no file', async (t) => {
  for (const [answer, message] of [
    ['silent', /did not print a password/],
    ['broken', /no space left/],
  ] as const) {
    const { make, text } = sandbox(t, [], answer);
    const error = await make().then(
      () => new Error('made'),
      (failure: Error) => failure,
    );
    t.match(error.message, message);
    t.notMatch(error.message, 'it is new');
    t.equal(text('password'), undefined);
  }
});

t.test('a token: made where its file is not there or empty, in a file of its owner alone', async (t) => {
  const box = sandbox(t, [['alice', 'f']], 'exists');
  const spec = { ...box.spec, admin: false, token: { name: 'probe', scopes: 'all', file: box.at('token') } };
  t.match(await box.diff(spec), { action: 'refresh' });
  await box.make(spec);
  t.equal(box.text('token'), 'a-token');
  t.equal(box.mode('token'), 0o600);
  t.equal(await box.diff(spec), undefined);
  writeFileSync(box.at('token'), '');
  t.match(await box.diff(spec), { action: 'refresh' });
});
