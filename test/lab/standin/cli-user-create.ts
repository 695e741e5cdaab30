import type { Database } from './db.ts';
import { type FlagSpec, parseFlags, UsageError } from './flags.ts';
import { generatePassword } from './password.ts';
import { atLeast, currentRelease, type Release } from './release.ts';
import { hasPermissionScope, normalizeScope } from './scopes.ts';
import { newToken } from './tokens.ts';
import { createUser } from './users.ts';
import { list, type Settings } from './values.ts';

export const print = (line: string): boolean => process.stdout.write(`${line}\n`);
export const complexity = (s: Settings): string[] => {
  const given = list(s, 'security', 'PASSWORD_COMPLEXITY').map((one) => one.replace(/"/g, '').toLowerCase());
  return given.length > 0 ? given : ['off'];
};

export const flag = (kind: FlagSpec['kind'], names: string, fallback?: string): FlagSpec => ({
  kind,
  names: names.split('|'),
  ...(fallback === undefined ? {} : { fallback }),
});

function createSpecs(release: Release): FlagSpec[] {
  const specs = [
    ...['name', 'username', 'password'].map((one) => flag('string', one)),
    { ...flag('string', 'email'), required: atLeast(release, 1, 25) },
    ...['admin', 'random-password', 'must-change-password', 'access-token', 'restricted'].map((one) =>
      flag('bool', one),
    ),
    flag('int', 'random-password-length', '12'),
  ];
  if (atLeast(release, 1, 23))
    specs.push(flag('string', 'access-token-name', 'gitea-admin'), flag('string', 'access-token-scopes', 'all'));
  if (atLeast(release, 1, 24)) specs.push(flag('string', 'user-type', 'individual'), flag('string', 'fullname'));
  return specs;
}

export function checkedScope(given: string, release: Release): string {
  let scope: string;
  try {
    scope = normalizeScope(given);
  } catch (error) {
    throw new UsageError(`invalid access token scope provided: ${(error as Error).message}`);
  }
  if (atLeast(release, 1, 23) && !hasPermissionScope(scope))
    throw new UsageError('access token does not have any permission');
  return scope;
}

/** `admin user create`: the flags and their words differ between releases. */
export async function create(s: Settings, db: Database, args: string[]): Promise<void> {
  const release = currentRelease();
  const f = parseFlags(createSpecs(release), args);
  if (!f.isSet('email')) throw new UsageError('email is not set'); // the words up to 1.24
  if (f.isSet('name') && f.isSet('username')) {
    throw new UsageError(
      atLeast(release, 1, 25)
        ? 'option name cannot be set along with option username'
        : 'cannot set both --name and --username flags',
    );
  }
  if (!f.isSet('name') && !f.isSet('username')) {
    throw new UsageError(
      atLeast(release, 1, 25)
        ? 'one of these flags needs to be provided: name, username'
        : 'one of --name or --username flags must be set',
    );
  }
  const bot = f.get('user-type') === 'bot';
  if (!bot && !['', 'individual'].includes(f.get('user-type')))
    throw new UsageError(`invalid user type: ${f.get('user-type')}`);
  if (bot && (f.isSet('password') || f.isSet('random-password')))
    throw new UsageError('password can only be set for individual users');
  if (f.isSet('password') && f.isSet('random-password'))
    throw new UsageError('cannot set both -random-password and -password flags');
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
      throw new UsageError(
        'access-token-name and access-token-scopes flags are only valid when access-token flag is set',
      );
    }
    return undefined;
  }
  if (!atLeast(release, 1, 23)) return f.on('access-token') ? { name: 'gitea-admin', scope: '' } : undefined;
  const name = f.get('access-token-name').trim();
  if (name === '') throw new UsageError('access-token-name cannot be empty');
  return { name, scope: checkedScope(f.get('access-token-scopes'), release) };
}
