import type { Database, Row } from './db.ts';
import { emailProblem, userNameProblem } from './names.ts';
import { hashPassword, newSalt, PASSWORD_ALGORITHM, verifyPassword } from './password.ts';
import { atLeast, currentRelease } from './release.ts';

export interface User {
  id: number;
  name: string;
  fullName: string;
  email: string;
  passwd: string;
  salt: string;
  algorithm: string;
  isAdmin: boolean;
  isActive: boolean;
  isRestricted: boolean;
  prohibitLogin: boolean;
  mustChangePassword: boolean;
  type: number;
  created: number;
  lastLogin: number;
  language: string;
}

/** A refusal that Gitea words itself: shown to the user as it is. */
export class Refusal extends Error {}

const now = (): number => Math.floor(Date.now() / 1000);

function toUser(row: Row): User {
  return {
    id: Number(row.id),
    name: String(row.name),
    fullName: String(row.full_name ?? ''),
    email: String(row.email),
    passwd: String(row.passwd),
    salt: String(row.salt ?? ''),
    algorithm: String(row.passwd_hash_algo),
    isAdmin: row.is_admin === true,
    isActive: row.is_active === true,
    isRestricted: row.is_restricted === true,
    prohibitLogin: row.prohibit_login === true,
    mustChangePassword: row.must_change_password === true,
    type: Number(row.type ?? 0),
    created: Number(row.created_unix ?? 0),
    lastLogin: Number(row.last_login_unix ?? 0),
    language: String(row.language ?? ''),
  };
}

export const notExist = (id: number, name: string): string =>
  atLeast(currentRelease(), 1, 22)
    ? `user does not exist [uid: ${id}, name: ${name}]`
    : `user does not exist [uid: ${id}, name: ${name}, keyid: 0]`;

export async function userByName(db: Database, name: string): Promise<User | undefined> {
  const [row] = await db.query('SELECT * FROM "user" WHERE lower_name = $1', [name.toLowerCase()]);
  return row && toUser(row);
}

export async function userById(db: Database, id: number): Promise<User | undefined> {
  const [row] = await db.query('SELECT * FROM "user" WHERE id = $1', [id]);
  return row && toUser(row);
}

export async function allUsers(db: Database): Promise<User[]> {
  return (await db.query('SELECT * FROM "user" WHERE type IN (0, 4) ORDER BY id')).map(toUser);
}

export interface NewUser {
  name: string;
  email: string;
  password: string;
  fullName?: string;
  isAdmin?: boolean;
  mustChangePassword: boolean;
  isRestricted?: boolean;
  /** 0 a person, 4 a bot. */
  type?: number;
}

/** Adds a user. Throws Refusal for a name or address that Gitea does not take. */
export async function createUser(db: Database, u: NewUser): Promise<User> {
  const problem = userNameProblem(u.name, !atLeast(currentRelease(), 1, 23)) ?? emailProblem(u.email);
  if (problem) throw new Refusal(problem);
  if (await userByName(db, u.name)) throw new Refusal(`user already exists [name: ${u.name}]`);
  const used = await db.query('SELECT 1 FROM email_address WHERE lower_email = $1', [u.email.toLowerCase()]);
  if (used.length > 0) throw new Refusal(`e-mail already in use [email: ${u.email}]`);
  const salt = u.password === '' ? '' : newSalt();
  const passwd = u.password === '' ? '' : hashPassword(u.password, salt);
  const [row] = await db.query(
    `INSERT INTO "user" (lower_name, name, full_name, email, passwd, passwd_hash_algo, salt, rands, must_change_password,
       is_admin, is_active, is_restricted, type, login_type, login_name, avatar, avatar_email, language,
       created_unix, updated_unix, last_login_unix, num_followers, num_stars, num_repos)
     VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,true,$11,$12,0,'','',$4,'',$13,$13,0,0,0,0) RETURNING *`,
    [
      u.name.toLowerCase(),
      u.name,
      u.fullName ?? '',
      u.email,
      passwd,
      u.password === '' ? '' : PASSWORD_ALGORITHM,
      salt,
      newSalt(),
      u.mustChangePassword,
      u.isAdmin ?? false,
      u.isRestricted ?? false,
      u.type ?? 0,
      now(),
    ],
  );
  const user = toUser(row as Row);
  await db.run(
    'INSERT INTO email_address (uid, email, lower_email, is_activated, is_primary) VALUES ($1,$2,$3,true,true)',
    [user.id, u.email, u.email.toLowerCase()],
  );
  return user;
}

export async function setPassword(db: Database, id: number, password: string, mustChange: boolean): Promise<void> {
  const salt = newSalt();
  await db.run(
    'UPDATE "user" SET passwd=$2, salt=$3, passwd_hash_algo=$4, must_change_password=$5, updated_unix=$6 WHERE id=$1',
    [id, hashPassword(password, salt), salt, PASSWORD_ALGORITHM, mustChange, now()],
  );
}

/** The user of a name (or mail address) and password; throws Refusal with the text Gitea logs. */
export async function signIn(db: Database, login: string, password: string): Promise<User> {
  let user: User | undefined;
  const wanted = login.trim();
  if (wanted.includes('@')) {
    const [row] = await db.query('SELECT uid FROM email_address WHERE lower_email = $1 AND is_activated', [
      wanted.toLowerCase(),
    ]);
    if (!row) throw new Refusal(`Email address does not exist [email: ${login}]`);
    user = await userById(db, Number(row.uid));
  } else if (wanted !== '') user = await userByName(db, wanted);
  if (!user) throw new Refusal(notExist(0, login));
  if (!verifyPassword(password, user)) throw new Refusal(notExist(user.id, user.name));
  if (user.prohibitLogin) throw new Refusal(`user is not allowed login [uid: ${user.id}, name: ${user.name}]`);
  return user;
}

/** Takes a user away, with keys, tokens and sessions. Throws Refusal where Gitea keeps the user. */
export async function deleteUser(db: Database, user: User): Promise<void> {
  const admins = await db.query('SELECT 1 FROM "user" WHERE is_admin AND type = 0');
  if (user.isAdmin && admins.length < 2) throw new Refusal(`can not delete the last admin user [uid: ${user.id}]`);
  const owned = await db.query('SELECT 1 FROM repository WHERE owner_id = $1', [user.id]);
  if (owned.length > 0) throw new Refusal(`user still has ownership of repositories [uid: ${user.id}]`);
  await db.run('DELETE FROM public_key WHERE owner_id = $1', [user.id]);
  for (const table of ['access_token', 'email_address']) await db.run(`DELETE FROM ${table} WHERE uid = $1`, [user.id]);
  await db.run('DELETE FROM "user" WHERE id = $1', [user.id]);
}
