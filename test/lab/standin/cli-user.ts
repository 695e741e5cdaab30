/** `gitea admin user ...` */
import { checkedScope, complexity, create, flag, print } from './cli-user-create.ts';
import { Database } from './db.ts';
import { parseFlags, UsageError } from './flags.ts';
import { complexEnough } from './password.ts';
import { atLeast, currentRelease } from './release.ts';
import { deleteRepo } from './repo-life.ts';
import { findRepo } from './repos.ts';
import { newToken, tokenNameUsed } from './tokens.ts';
import { allUsers, deleteUser, notExist, setPassword, userById, userByName } from './users.ts';
import { int, type Settings } from './values.ts';

async function generateToken(_s: Settings, db: Database, args: string[]): Promise<void> {
  const release = currentRelease();
  const scopes = flag('string', 'scopes', atLeast(release, 1, 23) ? 'all' : '');
  const f = parseFlags(
    [flag('string', 'username|u'), flag('string', 'token-name|t', 'gitea-admin'), flag('bool', 'raw'), scopes],
    args,
  );
  if (!f.isSet('username')) {
    throw new UsageError(`${atLeast(release, 1, 24) ? 'you' : 'You'} must provide a username to generate a token for`);
  }
  const user = await userByName(db, f.get('username'));
  if (!user) throw new UsageError(notExist(0, f.get('username')));
  if (await tokenNameUsed(db, user.id, f.get('token-name')))
    throw new UsageError('access token name has been used already');
  const token = await newToken(db, user.id, f.get('token-name'), checkedScope(f.get('scopes'), release));
  print(f.on('raw') ? token : `Access token was successfully created: ${token}`);
}

async function changePassword(s: Settings, db: Database, args: string[]): Promise<void> {
  const specs = [flag('string', 'username|u'), flag('string', 'password|p')].map((one) => ({ ...one, required: true }));
  const f = parseFlags([...specs, flag('bool', 'must-change-password', 'true')], args);
  const user = await userByName(db, f.get('username'));
  if (!user) throw new UsageError(notExist(0, f.get('username')));
  const min = int(s, 'security', 'MIN_PASSWORD_LENGTH', 8);
  if (f.get('password').length < min)
    throw new UsageError(`password is not long enough, needs to be at least ${min} characters`);
  if (!complexEnough(f.get('password'), complexity(s)))
    throw new UsageError('password does not meet complexity requirements');
  await setPassword(db, user.id, f.get('password'), f.on('must-change-password'));
  print(`${user.name}'s password has been successfully updated!`);
}

async function mustChange(_s: Settings, db: Database, args: string[]): Promise<void> {
  const f = parseFlags([flag('bool', 'all|A'), flag('string', 'exclude|e'), flag('bool', 'unset')], args);
  if (f.rest.length === 0 && !f.isSet('all')) throw new UsageError('either usernames or --all must be provided');
  const lower = (names: string[]): string[] =>
    names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const n = await db.run(
    'UPDATE "user" SET must_change_password = $1 WHERE must_change_password <> $1 AND ($2 OR lower_name = ANY($3)) AND NOT lower_name = ANY($4)',
    [!f.on('unset'), f.on('all'), lower(f.rest), lower(f.get('exclude').split(','))],
  );
  print(`Updated ${n} users setting MustChangePassword to ${!f.on('unset')}`);
}

async function listUsers(_s: Settings, db: Database, args: string[]): Promise<void> {
  const f = parseFlags([flag('bool', 'admin')], args);
  const users = (await allUsers(db)).filter((user) => !f.isSet('admin') || user.isAdmin);
  const head = ['ID', 'Username', 'Email', 'IsActive', ...(f.isSet('admin') ? [] : ['IsAdmin', '2FA'])];
  const rows = users.map((u) => [
    `${u.id}`,
    u.name,
    u.email,
    `${u.isActive}`,
    ...(f.isSet('admin') ? [] : [`${u.isAdmin}`, 'false']),
  ]);
  const widths = head.map((_, column) =>
    Math.max(5, ...[head, ...rows].map((row) => (row[column] as string).length + 1)),
  );
  for (const row of [head, ...rows]) {
    print(row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] as number))).join(''));
  }
}

async function remove(s: Settings, db: Database, args: string[]): Promise<void> {
  const f = parseFlags(
    [flag('int', 'id'), flag('string', 'username|u'), flag('string', 'email|e'), flag('bool', 'purge')],
    args,
  );
  const by = ['email', 'username', 'id'].find((one) => f.isSet(one));
  if (!by) throw new UsageError('You must provide the id, username or email of a user to delete');
  const value = f.get(by);
  const user =
    by === 'id'
      ? await userById(db, Number(value))
      : by === 'username'
        ? await userByName(db, value)
        : (await allUsers(db)).find((one) => one.email.toLowerCase() === value.toLowerCase());
  if (!user) throw new UsageError(by === 'id' ? notExist(Number(value), '') : notExist(0, value));
  if (f.on('purge')) {
    const rows = await db.query('SELECT lower_name FROM repository WHERE owner_id = $1', [user.id]);
    for (const row of rows) {
      const repo = await findRepo(db, user.id, String(row.lower_name));
      if (repo) await deleteRepo(db, s, repo);
    }
  }
  await deleteUser(db, user);
}

const COMMANDS: Record<string, (s: Settings, db: Database, args: string[]) => Promise<void>> = {
  create,
  delete: remove,
  list: listUsers,
  'change-password': changePassword,
  'generate-access-token': generateToken,
  'must-change-password': mustChange,
};

/** Runs a subcommand; undefined is one that the stand-in does not know. */
export async function adminUser(s: Settings, name: string, args: string[]): Promise<boolean> {
  const command = COMMANDS[name];
  if (!command) return false;
  const db = new Database(s);
  try {
    await command(s, db, args);
  } finally {
    await db.close();
  }
  return true;
}
