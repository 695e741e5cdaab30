import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/** git without the settings of whoever runs the tests. Output and arguments are byte strings (latin1). */
export function git(directory: string, args: readonly string[], input = ''): string {
  return execFileSync('git', ['-C', directory, ...args], {
    input: Buffer.from(input, 'latin1'),
    encoding: 'latin1',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...gitEnvironment },
  });
}

export const gitEnvironment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

/** A bare repository below a root, with one commit on main. */
export function bare(root: string, path: string): string {
  const directory = `${root}/${path}`;
  mkdirSync(directory, { recursive: true });
  git(directory, ['init', '-q', '--bare', '-b', 'main', '.']);
  ref(directory, 'refs/heads/main', commit(directory, path));
  return directory;
}

/** A new commit of an empty tree, reachable from nothing yet. */
export function commit(directory: string, message: string, ...parents: string[]): string {
  const tree = git(directory, ['hash-object', '-t', 'tree', '-w', '--stdin']).trim();
  return git(directory, ['commit-tree', tree, '-m', message, ...parents.flatMap((parent) => ['-p', parent])]).trim();
}

/** By standard input, since a name may be any bytes. */
export function ref(directory: string, name: string, value: string): void {
  git(directory, ['update-ref', '--stdin'], value === '' ? `delete ${name}\n` : `update ${name} ${value}\n`);
}

/** What git says of a repository, in the words of refs.txt. */
export function told(directory: string, path: string): string {
  const format = '%(if)%(symref)%(then)ref: %(symref)%(else)%(objectname)%(end) %(refname)';
  let head: string;
  try {
    head = `ref: ${git(directory, ['symbolic-ref', '-q', 'HEAD']).trim()}`;
  } catch {
    head = git(directory, ['rev-parse', 'HEAD']).trim();
  }
  return `repository ${path}\nHEAD ${head}\n${git(directory, ['for-each-ref', `--format=${format}`])}`;
}
