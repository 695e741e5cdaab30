/** What a key may do over SSH: Gitea's `serv` command. */
import { spawn } from 'node:child_process';
import type { Duplex, Writable } from 'node:stream';
import type { Database } from './db.ts';
import { gitEnvironment } from './githttp.ts';
import type { PublicKey } from './keys.ts';
import { lfsToken } from './lfs-store.ts';
import { log } from './log.ts';
import { repoNameProblem } from './names.ts';
import { pushEnvironment } from './push-env.ts';
import { accessOf, findRepo, type Repo } from './repos.ts';
import { shellWords } from './shell-words.ts';
import { type User, userById, userByName } from './users.ts';
import { lfsEnabled, repoPath, requireSignIn, type Settings } from './values.ts';

export interface Terminal {
  stdin: Duplex;
  stdout: Writable;
  stderr: Writable;
}

const VERBS: Record<string, boolean> = {
  'git-upload-pack': false,
  'git-upload-archive': false,
  'git-receive-pack': true,
  'git-lfs-authenticate': false,
};

class Failure extends Error {}

/** The text for those who ask for a shell. */
export const greeting = (user: string, key: string): string =>
  `Hi there, ${user}! You've successfully authenticated with the key named ${key}, but Gitea does not provide shell access.\n` +
  'If this is unexpected, please log in with password and setup Gitea under another user.\n';

/** Runs one command of a key's owner. Gives the exit status. */
export async function serve(
  s: Settings,
  db: Database,
  key: PublicKey,
  command: string,
  protocol: string,
  io: Terminal,
  remote: string,
): Promise<number> {
  try {
    const user = await userById(db, key.ownerId);
    if (command === '') {
      if (!user?.isActive || user.prohibitLogin) throw new Failure('Key check failed');
      // Gitea's println writes to stderr.
      io.stderr.write(greeting(user.name, key.name));
      return 0;
    }
    return await run(s, db, key, user, command, protocol, io, remote);
  } catch (error) {
    const message = error instanceof Failure ? error.message : 'Internal Server Error (no specific error)';
    io.stdout.write('\n');
    io.stderr.write(`error:\nerror: ${message}\nerror:\n`);
    log('E', 'routers/private/ssh_log.go:26:SSHLog()', `ssh: ${message}`);
    return 1;
  }
}

function parse(
  s: Settings,
  command: string,
): { verb: string; owner: string; name: string; write: boolean; lfsVerb: string } {
  let words: string[];
  try {
    words = shellWords(command);
  } catch {
    throw new Failure('Error parsing arguments');
  }
  const [verb = '', path, lfsVerb = ''] = words;
  if (path === undefined) throw new Failure('Too few arguments');
  const [owner = '', rest] = path.replace(/^\//, '').split(/\/(.*)/s);
  if (rest === undefined) throw new Failure('Invalid repository path');
  const name = rest.replace(/\.git$/, '');
  if (repoNameProblem(name)) throw new Failure('Invalid repo name');
  if (!(verb in VERBS)) throw new Failure('Unknown git command');
  if (verb !== 'git-lfs-authenticate') return { verb, owner, name, write: VERBS[verb] as boolean, lfsVerb };
  if (!lfsEnabled(s)) throw new Failure('LFS Server is not enabled');
  if (lfsVerb !== 'upload' && lfsVerb !== 'download') throw new Failure('Internal Server Error (no specific error)');
  return { verb, owner, name, write: lfsVerb === 'upload', lfsVerb };
}

async function run(
  s: Settings,
  db: Database,
  key: PublicKey,
  user: User | undefined,
  command: string,
  protocol: string,
  io: Terminal,
  remote: string,
): Promise<number> {
  const { verb, owner, name, write, lfsVerb } = parse(s, command);
  const holder = await userByName(db, owner);
  const repo = holder && (await findRepo(db, holder.id, name));
  if (!repo) {
    if (!holder || !write) {
      log(
        'W',
        'routers/private/serv.go:145:ServCommand()',
        `Failed authentication attempt (cannot find repository: ${owner}/${name}) from ${remote}`,
      );
      throw new Failure(`Cannot find repository: ${owner}/${name}`);
    }
    throw new Failure('Push to create is not enabled for users.');
  }
  if (!user) throw new Failure(`Public Key: ${key.id}:${key.name} owner ${key.ownerId} does not exist.`);
  // A forced change of the password is not asked for here: such a user may push over SSH.
  if (!user.isActive || user.prohibitLogin) throw new Failure('Your account is disabled.');
  if (repo.isArchived && write) throw new Failure(`Repo: ${owner}/${name} is archived.`);
  check(s, repo, user, key, { verb, owner, name, write });
  if (verb === 'git-lfs-authenticate') {
    const Authorization = lfsToken(s, { Op: lfsVerb, UserID: user.id, RepoID: repo.id });
    io.stdout.write(
      `${JSON.stringify({ header: { Authorization }, href: `${s.appUrl}${owner}/${name}.git/info/lfs` })}\n`,
    );
    return 0;
  }
  const env = { ...gitEnvironment(protocol), ...pushEnvironment(s, repo, user, command) };
  const code = await git(verb, repoPath(s, repo.owner, repo.name), env, io);
  await db.run('UPDATE public_key SET updated_unix = $2 WHERE id = $1', [key.id, Math.floor(Date.now() / 1000)]);
  if (code !== 0) throw new Failure('Failed to execute git command');
  return 0;
}

function check(
  s: Settings,
  repo: Repo,
  user: User,
  key: PublicKey,
  asked: { verb: string; owner: string; name: string; write: boolean },
): void {
  const access = accessOf(repo, user);
  const mayWrite = access === 'owner' || access === 'write';
  if (!asked.write && !repo.isPrivate && !user.isRestricted && !requireSignIn(s)) return;
  // A push by a mere reader is stopped later, by the hook.
  const enough = asked.write && asked.verb !== 'git-receive-pack' ? mayWrite : access !== 'none';
  if (enough) return;
  const what = asked.write ? 'write to' : 'read';
  throw new Failure(
    `User: ${user.id}:${user.name} with Key: ${key.id}:${key.name} is not authorized to ${what} ${asked.owner}/${asked.name}.`,
  );
}

function git(verb: string, path: string, env: NodeJS.ProcessEnv, io: Terminal): Promise<number> {
  const child = spawn('git', [verb.replace(/^git-/, ''), path], { env });
  io.stdin.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(io.stdout, { end: false });
  child.stderr.pipe(io.stderr, { end: false });
  io.stdin.on('close', () => child.stdin.end());
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}
