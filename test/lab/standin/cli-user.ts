/** `gitea admin user ...` */
import { Database } from './db.ts';
import { type FlagSpec, parseFlags, UsageError } from './flags.ts';
import { complexEnough, generatePassword } from './password.ts';
import { atLeast, currentRelease, type Release } from './release.ts';
import { hasPermissionScope, normalizeScope } from './scopes.ts';
import { int, list, type Settings } from './settings.ts';
import { allUsers, createUser, newToken, notExist, setPassword, tokenNameUsed, userByName } from './users.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const complexity = (s: Settings): string[] => {
  const given = list(s, 'security', 'PASSWORD_COMPLEXITY').map((one) => one.replace(/"/g, '').toLowerCase());
  return given.length > 0 ? given : ['off'];
};

const flag = (kind: FlagSpec['kind'], names: string, fallback?: string): FlagSpec => ({
  kind,
  names: names.split('|'),
  ...(fallback === undefined ? {} : { fallback }),
});

function createSpecs(release: Release): FlagSpec[] {
  const specs = [
    ...['name', 'username', 'password'].map((one) => flag('string', one)),
    { ...flag('string', 'email'), required: atLeast(release, 1, 25) },
    ...['admin', 'random-password', 'must-change-password', 'access-token', 'restricted'].map((one) => flag('bool', one)),
    flag('int', 'random-password-length', '12'),
  ];
  if (atLeast(release, 1, 23)) specs.push(flag('string', 'access-token-name', 'gitea-admin'), flag('string', 'access-token-scopes', 'all'));
  if (atLeast(release, 1, 24)) specs.push(flag('string', 'user-type', 'individual'), flag('string', 'fullname'));
  return specs;
}

function checkedScope(given: string, release: Release): string {
  let scope: string;
  try {
    scope = normalizeScope(given);
  } catch (error) {
    throw new UsageError(`invalid access token scope provided: ${(error as Error).message}`);
  }
  if (atLeast(release, 1, 23) && !hasPermissionScope(scope)) throw new UsageError('access token does not have any permission');
  return scope;
}

async function create(s: Settings, db: Database, args: string[]): Promise<void> {
  const release = currentRelease();
  const f = parseFlags(createSpecs(release), args);
  if (!f.isSet('email')) throw new UsageError('email is not set'); // the words up to 1.24
  if (f.isSet('name') && f.isSet('username')) {
    throw new UsageError(atLeast(release, 1, 25) ? 'option name cannot be set along with option username' : 'cannot set both --name and --username flags');
  }
  if (!f.isSet('name') && !f.isSet('username')) {
    throw new UsageError(atLeast(release, 1, 25) ? 'one of these flags needs to be provided: name, username' : 'one of --name or --username flags must be set');
  }
  const bot = f.get('user-type') === 'bot';
  if (!bot && !['', 'individual'].includes(f.get('user-type'))) throw new UsageError(`invalid user type: ${f.get('user-type')}`);
  if (bot && (f.isSet('password') || f.isSet('random-password'))) throw new UsageError('password can only be set for individual users');
  if (f.isSet('password') && f.isSet('random-password')) throw new UsageError('cannot set both -random-password and -password flags');
  if (f.isSet('name')) process.stderr.write('--name flag is deprecated. Use --username instead.\n');
  const name = f.get('username') || f.get('name');
  let password = f.get('password');
  if (!f.isSet('password') && f.isSet('random-password')) {
    password = generatePassword(Number(f.get('random-password-length')), complexity(s));
    print(`generated random password is '${password}'`); // printed before the user exists: it may still fail
  } else if (!f.isSet('password') && !bot) throw new UsageError('must set either password or random-password flag');
  let mustChangePassword = !bot;
  if (f.isSet('must-change-password')) {
    if (bot) throw new UsageError('must-change-password flag can only be set for individual users');
    mustChangePassword = f.on('must-change-password');
  } else if (!bot) {
    const any = await db.query('SELECT 1 FROM "user" LIMIT 1').catch((error: Error) => {
      throw new Error(`IsTableNotEmpty: ${error.message}`);
    });
    mustChangePassword = any.length > 0;
  }
  const token = accessToken(f, release);
  const user = await createUser(db, {
    name,
    email: f.get('email'),
    password,
    fullName: f.get('fullname'),
    isAdmin: f.on('admin'),
    isRestricted: f.on('restricted'),
    mustChangePassword,
    type: bot ? 4 : 0,
  }).catch((error: Error) => {
    throw new Error(`CreateUser: ${error.message}`);
  });
  // Up to 1.22 the token came first.
  const created = `New user '${name}' has been successfully created!`;
  if (atLeast(release, 1, 23)) print(created);
  if (token) print(`Access token was successfully created... ${await newToken(db, user.id, token.name, token.scope)}`);
  if (!atLeast(release, 1, 23)) print(created);
}

function accessToken(f: ReturnType<typeof parseFlags>, release: Release): { name: string; scope: string } | undefined {
  if (!f.isSet('access-token')) {
    if (f.isSet('access-token-name') || f.isSet('access-token-scopes')) {
      throw new UsageError('access-token-name and access-token-scopes flags are only valid when access-token flag is set');
    }
    return undefined;
  }
  if (!atLeast(release, 1, 23)) return f.on('access-token') ? { name: 'gitea-admin', scope: '' } : undefined;
  const name = f.get('access-token-name').trim();
  if (name === '') throw new UsageError('access-token-name cannot be empty');
  return { name, scope: checkedScope(f.get('access-token-scopes'), release) };
}

async function generateToken(_s: Settings, db: Database, args: string[]): Promise<void> {
  const release = currentRelease();
  const scopes = flag('string', 'scopes', atLeast(release, 1, 23) ? 'all' : '');
  const f = parseFlags([flag('string', 'username|u'), flag('string', 'token-name|t', 'gitea-admin'), flag('bool', 'raw'), scopes], args);
  if (!f.isSet('username')) {
    throw new UsageError(`${atLeast(release, 1, 24) ? 'you' : 'You'} must provide a username to generate a token for`);
  }
  const user = await userByName(db, f.get('username'));
  if (!user) throw new UsageError(notExist(0, f.get('username')));
  if (await tokenNameUsed(db, user.id, f.get('token-name'))) throw new UsageError('access token name has been used already');
  const token = await newToken(db, user.id, f.get('token-name'), checkedScope(f.get('scopes'), release));
  print(f.on('raw') ? token : `Access token was successfully created: ${token}`);
}

async function changePassword(s: Settings, db: Database, args: string[]): Promise<void> {
  const specs = [flag('string', 'username|u'), flag('string', 'password|p')].map((one) => ({ ...one, required: true }));
  const f = parseFlags([...specs, flag('bool', 'must-change-password', 'true')], args);
  const user = await userByName(db, f.get('username'));
  if (!user) throw new UsageError(notExist(0, f.get('username')));
  const min = int(s, 'security', 'MIN_PASSWORD_LENGTH', 8);
  if (f.get('password').length < min) throw new UsageError(`password is not long enough, needs to be at least ${min} characters`);
  if (!complexEnough(f.get('password'), complexity(s))) throw new UsageError('password does not meet complexity requirements');
  await setPassword(db, user.id, f.get('password'), f.on('must-change-password'));
  print(`${user.name}'s password has been successfully updated!`);
}

async function mustChange(_s: Settings, db: Database, args: string[]): Promise<void> {
  const f = parseFlags([flag('bool', 'all|A'), flag('string', 'exclude|e'), flag('bool', 'unset')], args);
  if (f.rest.length === 0 && !f.isSet('all')) throw new UsageError('either usernames or --all must be provided');
  const lower = (names: string[]): string[] => names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
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
  const rows = users.map((u) => [`${u.id}`, u.name, u.email, `${u.isActive}`, ...(f.isSet('admin') ? [] : [`${u.isAdmin}`, 'false'])]);
  const widths = head.map((_, column) => Math.max(5, ...[head, ...rows].map((row) => (row[column] as string).length + 1)));
  for (const row of [head, ...rows]) {
    print(row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] as number))).join(''));
  }
}

const COMMANDS: Record<string, (s: Settings, db: Database, args: string[]) => Promise<void>> = {
  create,
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
