// The operations of the workload, on the repositories of one user. Each tells the ledger what it was answered.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { type GiteaClient, sha256 } from './gitea-client.ts';
import type { Entry, Item } from './ledger.ts';

export interface Repository {
  readonly id: number;
  name: string;
  /** Bare repository on this side that holds all commits. */
  readonly here: string;
  readonly branches: Map<string, string>;
  readonly issues: number[];
  root?: string;
}

export interface Lane {
  readonly client: GiteaClient;
  readonly repositories: Repository[];
  readonly folder: string;
  readonly note: (entry: Entry) => void;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** A number that no operation had before. */
  readonly next: () => number;
}

export type ActKind = keyof typeof acts;

/** What is done and how often, in parts of their sum. */
export const MIX: readonly (readonly [ActKind, number])[] = [
  ...([
    ['push', 5],
    ['branch', 2],
    ['nested', 1],
    ['force', 1],
    ['unbranch', 1],
    ['tag', 1],
  ] as const),
  ...([
    ['object', 1],
    ['issue', 2],
    ['closing', 0.7],
    ['attachment', 1],
    ['package', 1],
  ] as const),
  ...([
    ['create', 0.5],
    ['rename', 0.4],
    ['remove', 0.3],
  ] as const),
];

export const choose = <T>(random: () => number, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)];

/** Notes an operation under its items, done or not. */
async function noted<T>(
  lane: Lane,
  what: string,
  values: readonly { readonly item: Item; readonly value: string | null; readonly follows?: boolean }[],
  act: () => Promise<T>,
): Promise<T> {
  const began = new Date().toISOString();
  const note = (failed?: string) => {
    const rest = { began, time: new Date().toISOString(), what, ...(failed === undefined ? {} : { failed }) };
    for (const value of values) lane.note({ ...value, ...rest });
  };
  try {
    const result = await act();
    note();
    return result;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    note(`${stderr}${message}`.slice(-300));
    throw error;
  }
}

/** A new commit on top of another, made in one process. */
async function commit(repo: Repository, lane: Lane, parent: string | undefined, message: string): Promise<string> {
  const number = lane.next();
  const content = randomBytes(512).toString('base64');
  const input = [
    `commit refs/work/${number}`,
    'mark :1',
    'committer t <t@lab.test> now',
    `data ${Buffer.byteLength(message)}\n${message}`,
    ...(parent === undefined ? [] : [`from ${parent}`]),
    `M 100644 inline file-${number % 20}\ndata ${content.length}\n${content}`,
    'get-mark :1',
    '',
  ];
  const running = promisify(execFile)('git', ['fast-import', '--quiet', '--date-format=now'], { cwd: repo.here });
  running.child.stdin?.end(input.join('\n'));
  return (await running).stdout.trim();
}

const ref = (repo: Repository, name: string): Item => ({ kind: 'ref', repo: repo.id, ref: name });

/** Pushes one ref; a branch whose push went wrong is not used again. */
async function push(lane: Lane, repo: Repository, name: string, commit: string | null, force = false): Promise<void> {
  const full = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  const spec = `${force ? '+' : ''}${commit ?? ''}:${full}`;
  const { branches } = repo;
  branches.delete(name);
  await noted(lane, `push ${spec} to ${repo.name}`, [{ item: ref(repo, full), value: commit }], () =>
    lane.client.git(repo.here, 'push', '-q', lane.client.url(repo.name), spec),
  );
  if (commit !== null && full !== name) branches.set(name, commit);
}

const acts = {
  async push(lane: Lane, repo: Repository) {
    // None is known after pushes that went wrong.
    const name = choose(lane.random, [...repo.branches.keys()]) ?? `branch-${lane.next()}`;
    const parent = repo.branches.get(name) ?? repo.root;
    await push(lane, repo, name, await commit(repo, lane, parent, `commit ${lane.next()}`));
  },
  async branch(lane: Lane, repo: Repository) {
    await push(lane, repo, `branch-${lane.next()}`, await commit(repo, lane, repo.root, 'a branch'));
  },
  async nested(lane: Lane, repo: Repository) {
    await push(lane, repo, `deep/er/branch-${lane.next()}`, await commit(repo, lane, repo.root, 'a branch below'));
  },
  async force(lane: Lane, repo: Repository) {
    const name = choose(lane.random, others(repo));
    if (name) await push(lane, repo, name, await commit(repo, lane, repo.root, 'told anew'), true);
  },
  async unbranch(lane: Lane, repo: Repository) {
    const name = choose(lane.random, others(repo));
    if (name) await push(lane, repo, name, null);
  },
  async tag(lane: Lane, repo: Repository) {
    const at = choose(lane.random, [...repo.branches.values()]);
    if (at) await push(lane, repo, `refs/tags/v${lane.next()}`, at);
  },
  async object(lane: Lane, repo: Repository) {
    const content = randomBytes(4096 + Math.floor(lane.random() * 60_000));
    const item: Item = { kind: 'lfs', repo: repo.id, oid: sha256(content), size: content.length };
    await noted(lane, `LFS object to ${repo.name}`, [{ item, value: item.oid }], () =>
      lane.client.putObject(repo.name, content),
    );
  },
  issue: newIssue,
  async closing(lane: Lane, repo: Repository) {
    const number = await newIssue(lane, repo);
    const head = repo.branches.get('main');
    if (!head) return;
    const made = await commit(repo, lane, head, `fixes #${number}`);
    const issue: Item = { kind: 'issue', repo: repo.id, number, title: titleOf(number) };
    const values = [
      { item: ref(repo, 'refs/heads/main'), value: made },
      { item: issue, value: 'closed', follows: true },
    ];
    repo.branches.delete('main');
    await noted(lane, `push that closes issue ${number} of ${repo.name}`, values, () =>
      lane.client.git(repo.here, 'push', '-q', lane.client.url(repo.name), `${made}:refs/heads/main`),
    );
    repo.branches.set('main', made);
  },
  async attachment(lane: Lane, repo: Repository) {
    const number = choose(lane.random, repo.issues) ?? (await newIssue(lane, repo));
    const content = randomBytes(2048 + Math.floor(lane.random() * 30_000));
    const began = new Date().toISOString();
    const uuid = await lane.client.attach(repo.name, number, `file-${lane.next()}.txt`, content);
    const item: Item = { kind: 'attachment', repo: repo.id, uuid };
    const what = `attachment to issue ${number} of ${repo.name}`;
    lane.note({ item, value: sha256(content), what, began, time: new Date().toISOString() });
  },
  async package(lane: Lane) {
    const content = randomBytes(2048 + Math.floor(lane.random() * 60_000));
    const where = `part-${lane.next() % 5}/1.0.${lane.next()}/file.bin`;
    const item: Item = { kind: 'package', user: lane.client.name, path: where };
    const asked = { method: 'PUT', body: content, type: 'application/octet-stream' };
    await noted(lane, `package ${where}`, [{ item, value: sha256(content) }], () =>
      lane.client.good(`/api/packages/${lane.client.name}/generic/${where}`, asked),
    );
  },
  create: (lane: Lane) => newRepository(lane),
  async rename(lane: Lane, repo: Repository) {
    const name = `renamed-${lane.next()}`;
    const item: Item = { kind: 'repository', repo: repo.id, user: lane.client.name };
    drop(lane, repo);
    await noted(lane, `rename ${repo.name} to ${name}`, [{ item, value: name }], () =>
      lane.client.api('PATCH', `/repos/${lane.client.name}/${repo.name}`, { name }),
    );
    repo.name = name;
    lane.repositories.push(repo);
  },
  async remove(lane: Lane, repo: Repository) {
    if (lane.repositories.length < 2) return;
    const item: Item = { kind: 'repository', repo: repo.id, user: lane.client.name };
    drop(lane, repo);
    await noted(lane, `delete ${repo.name}`, [{ item, value: null }], () =>
      lane.client.good(`/api/v1/repos/${lane.client.name}/${repo.name}`, { method: 'DELETE' }),
    );
  },
};

/** All branches but the default one, which no instance lets go. */
const others = (repo: Repository): string[] => [...repo.branches.keys()].filter((name) => name !== 'main');

const drop = (lane: Lane, repo: Repository) => lane.repositories.splice(lane.repositories.indexOf(repo), 1);

const titleOf = (number: number) => `Issue ${number}`;

/** Titles name the number that comes next, so that one which came back under another number is seen. */
async function newIssue(lane: Lane, repo: Repository): Promise<number> {
  const began = new Date().toISOString();
  const title = titleOf((repo.issues.at(-1) ?? 0) + 1);
  const { number } = await lane.client.api('POST', `/repos/${lane.client.name}/${repo.name}/issues`, { title });
  const item: Item = { kind: 'issue', repo: repo.id, number, title };
  const what = `issue ${number} of ${repo.name}`;
  lane.note({ item, value: 'open', what, began, time: new Date().toISOString() });
  repo.issues.push(number);
  return number;
}

/** A new repository with its first commit on `main`. */
export async function newRepository(lane: Lane): Promise<void> {
  const name = `work-${lane.next()}`;
  const began = new Date().toISOString();
  const { id } = await lane.client.api('POST', '/user/repos', { name, default_branch: 'main' });
  const item: Item = { kind: 'repository', repo: id, user: lane.client.name };
  lane.note({ item, value: name, what: `create ${name}`, began, time: new Date().toISOString() });
  const here = path.join(lane.folder, `${id}.git`);
  await lane.client.git(lane.folder, 'init', '-q', '--bare', here);
  const repo: Repository = { id, name, here, branches: new Map(), issues: [] };
  const root = await commit(repo, lane, undefined, 'the first');
  await push(lane, repo, 'main', root);
  lane.repositories.push(Object.assign(repo, { root }));
}

export async function act(lane: Lane, kind: ActKind): Promise<void> {
  const repo = choose(lane.random, lane.repositories);
  if (repo) await acts[kind](lane, repo);
  else await newRepository(lane);
}
