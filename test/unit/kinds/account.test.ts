// The scripts run for real; the containers of Gitea and its database are played.
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import type { AccountSpec } from '../../../lib/core/spec.ts';
import { probe } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import { account, awaitsPassword } from '../../../lib/kinds/gitea/account.ts';

/** `users` as the database has them: name, and `t` for an administrator. It does not answer while they are undefined. */
function sandbox(
  t: Test,
  users: readonly [string, 't' | 'f', 'signed in'?][] | undefined,
  gitea = 'made',
  signsInMeanwhile = false,
  factors: readonly string[] = [],
) {
  const folder = t.testdir({ bin: {}, inside: {} });
  const at = (path: string) => join(folder, path);
  const answers: Record<string, string> = {
    made: `echo "generated random password is 'it is new'"; echo "New user 'x' has been successfully created!"`,
    exists: `echo "Command error: user already exists [name: x]" >&2; exit 1`,
    silent: `echo "New user 'x' has been successfully created!"`,
    broken: `echo "generated random password is 'it is new'"; echo "no space left" >&2; exit 1`,
  };
  const admins = (users ?? []).filter(([, admin]) => admin === 't');
  const signedIn = admins.some(([, , signed]) => signed !== undefined);
  const rows = [
    ...(users ?? []).map(([name]) => `user\\t${name}\\n`),
    ...admins.map(([name]) => `admin\\t${name}\\n`),
    ...(signedIn ? ['signed-in\\t\\n'] : []),
    ...factors.map((name) => `factor\\t${name}\\n`),
  ];
  writeFileSync(
    at('bin/docker'),
    `#!/bin/sh
case "$*" in
  *" psql "*) ${users ? '' : 'exit 2'}
    case "$*" in
      *"set local role gitea;"*) ;;
      *) exit 3 ;;
    esac
    case "$*" in *two_factor*) printf '%s\\n' "$*" >> ${at('asked')} ;; esac
    for word; do case "$word" in
      *"select 1 from"*last_login_unix*) ${signedIn || signsInMeanwhile ? 'echo 1' : ':'} ;;
      *"select 1 from"*is_admin*) ${admins.length > 0 ? 'echo 1' : ':'} ;;
      '\\echo '*) printf '%s\\n' "$word" | sed 's/^.echo //; s/:ERROR$/false/' ;;
      *"select "*) printf '${rows.join('')}' ;;
    esac; done ;;
  *"exec -i gitea sh -c "*) shift 3; echo "renew $*" >> ${at('log')}; PATH=${at('inside')}:$PATH exec "$@" ;;
  *" create "*) echo "create $*" >> ${at('log')}; ${answers[gitea]} ;;
  *" generate-access-token "*) echo token >> ${at('log')}; printf 'a-token\\r\\n' ;;
esac
`,
  );
  // As strict as Gitea: what it is not told by these flags it does not do.
  writeFileSync(
    at('inside/gitea'),
    `#!/bin/sh
case "$*" in
  "admin user change-password --username Alice --password="*" --must-change-password=true") ;;
  *) echo "Incorrect Usage: $*"; exit 1 ;;
esac
word=\${6#--password=}
${gitea === 'weak' ? 'echo "Command error: password $word does not meet complexity requirements"; exit 1' : ''}
printf %s "$word" > ${at('in-force')}
${gitea === 'killed' ? 'kill -9 0' : `echo "Alice's password has been successfully updated!"`}
`,
  );
  for (const name of ['bin/docker', 'inside/gitea']) chmodSync(at(name), 0o755);
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
    (await probe(host, [wanted])).get('a') as Parameters<typeof account.diff>[1];
  return {
    spec,
    at,
    /** Why it would be made, or undefined. */
    diff: async (wanted = spec) => account.diff(wanted, await look(wanted)),
    /** Made as a deploy does that looked when there was no database yet. */
    make: (wanted = spec) => {
      const unknown = { exists: undefined, hasToken: false, hasPassword: false, untouched: false };
      return account.apply(wanted, account.diff(wanted, unknown)!, { host, progress: () => {} }, unknown);
    },
    awaits: async () => awaitsPassword(await look(spec)),
    /** Given another password, as a deploy does whose store has none. */
    renew: async () => {
      const wanted = { ...spec, newPassword: new Secret('first password', "it is 'new' $HOME") };
      const observed = await look(wanted);
      const change = account.diff(wanted, observed);
      if (change) await account.apply(wanted, change, { host, progress: () => {} }, observed);
      return change;
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

t.test('an administrator: while the database does not answer, none is made', async (t) => {
  const { make, created } = sandbox(t, undefined);
  await t.rejects(make(), { message: /the database does not say who is an administrator/ });
  t.notOk(created());
});

t.test('a token that Gitea gave up on is none, whatever it printed', async (t) => {
  const box = sandbox(t, [['alice', 'f']], 'exists');
  const spec = { ...box.spec, admin: false, token: { name: 'probe', scopes: 'all', file: box.at('token') } };
  writeFileSync(
    box.at('bin/docker'),
    readFileSync(box.at('bin/docker'), 'utf8').replace("'a-token\\r\\n'", '"half\\n"; exit 1'),
  );
  await t.rejects(box.make(spec));
  t.equal(box.text('token'), undefined);
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

t.test('an administrator whom nobody ever was: given another password, in force before it can be found', async (t) => {
  const { awaits, renew, text, mode, told, at } = sandbox(t, [['alice', 't']]);
  t.ok(await awaits());
  t.match(await renew(), { action: 'refresh', impact: 'none', why: /no administrator has ever signed in/ });
  t.equal(text('password'), "it is 'new' $HOME");
  t.equal(text('in-force'), "it is 'new' $HOME");
  t.equal(mode('password'), 0o600);
  t.notOk(existsSync(at('password.next')));
  t.notMatch(told(), 'it is', 'no command of the host has it among its words');
  t.notOk(await awaits(), 'and it is on its way now');
  t.equal(await renew(), undefined, 'not twice');
});

t.test('an administrator’s password stays as it is', async (t) => {
  const left = async (name: string, users: Parameters<typeof sandbox>[1]) => {
    const { awaits, renew, text } = sandbox(t, users);
    t.notOk(await awaits(), name);
    t.equal(await renew(), undefined, name);
    t.equal(text('in-force'), undefined, name);
  };
  await left('once it was signed in to', [['alice', 't', 'signed in']]);
  await left('where another administrator has a way in', [
    ['alice', 't'],
    ['root', 't', 'signed in'],
  ]);
  await left('where the account of that name is no administrator', [
    ['alice', 'f'],
    ['root', 't'],
  ]);
  const there = sandbox(t, [['alice', 't']]);
  writeFileSync(there.at('password'), 'first');
  t.notOk(await there.awaits(), 'while it is on its way to the store');
  t.equal(await there.renew(), undefined);
  const silent = sandbox(t, undefined);
  t.notOk(await silent.awaits(), 'where nobody can be asked');
});

t.test('another password that did not come about: nothing to be found, and no word of it', async (t) => {
  for (const [answer, meanwhile, message, inForce] of [
    ['weak', false, /<secret first password> does not meet complexity/, false],
    ['made', true, /has signed in meanwhile/, false],
    ['killed', false, /could not be given/, true],
  ] as const) {
    const { awaits, renew, text } = sandbox(t, [['alice', 't']], answer, meanwhile);
    const error = await renew().then(
      () => new Error('made'),
      (failure: Error) => failure,
    );
    t.match(error.message, message, answer);
    t.notMatch(error.message, "it is 'new'");
    t.equal(text('password'), undefined, answer);
    t.equal(text('in-force') !== undefined, inForce);
    t.ok(await awaits(), 'the next run begins anew');
  }
});

t.test('a second factor: a row beside the account, where it is wanted and missing', async (t) => {
  const without = sandbox(t, [['alice', 'f']]);
  const spec = { ...without.spec, admin: false, secondFactor: true };
  t.equal(await without.diff({ ...spec, secondFactor: false }), undefined);
  t.notOk(without.text('asked'), 'nobody looks at the table where none is wanted');
  t.match(await without.diff(spec), { action: 'refresh', why: /no second factor/ });
  await without.make(spec);
  t.match(
    without.text('asked'),
    /insert into two_factor .* select id, '', .* where lower_name = 'alice' and not exists/,
  );
  const with_ = sandbox(t, [['alice', 'f']], 'made', false, ['alice']);
  t.equal(await with_.diff(spec), undefined);
  const other = sandbox(t, [['alice', 'f']], 'made', false, ['alice2']);
  t.match(await other.diff(spec), { action: 'refresh' }, 'that of another account is none');
});
