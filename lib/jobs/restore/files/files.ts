import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { RunbookError } from '../../../core/errors.ts';
import type { Manifest } from '../../../core/generation.ts';
import { sha256 } from '../../../core/hash.ts';
import type { Host } from '../../../host/port.ts';
import { giteaData, users } from '../../../phases/layout.ts';
import {
  align,
  overlay,
  parseRefs,
  type RepositoryRefs,
  type Rows,
  sentenceOf,
  strangers,
} from '../../backup/index.ts';
import { commitsIn } from './commits.ts';
import type { Git } from './git.ts';
import { outdated, placements, renamedSince, torn, wikiOf } from './placement.ts';

export interface Tree {
  /** Where restic has put the generation: `generation/data` and `generation/stage` below it, `below` for that of the whole one. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What the recovered database says. */
  readonly rows: Rows;
  /** Whether the database is of another moment than the restore point. */
  readonly otherMoment: boolean;
  /** Pull requests to give a head to, where their branch is there: those made after the restore point, of the same repository. */
  readonly heads?: readonly Head[];
}

export interface Head {
  readonly path: string;
  readonly number: number;
  readonly branch: string;
}

/** What people have to know of the result, in sentences. */
export interface Arranged {
  readonly notes: readonly string[];
  /** Repositories that the database has and nobody has a file of. */
  readonly missing: readonly string[];
  /** What was laid. */
  readonly refs: readonly RepositoryRefs[];
}

const owner = { uid: users.gitea, gid: users.gitea };

/** Where what belongs to nothing in the database is put. */
export const asideIn = (folder: string) => `${folder}/set-aside`;

/**
 * Makes of the restored files what the recovered database stands for: each repository under the name of its row, its refs those
 * of the generation and its branches where the database has them; what no row stands for set aside; Gitea's undone work in
 * place; what Gitea makes again away. For files that nobody uses yet; after a cut they have to be fetched anew.
 */
export async function arrange(host: Host, git: Git, tree: Tree): Promise<Arranged> {
  const { folder, manifest, rows } = tree;
  const data = `${folder}/generation/data`;
  const root = `${data}/${giteaData.repositories}`;
  const stage = `${folder}/generation/stage`;
  const refsText = readFileSync(`${stage}/refs.txt`);
  mustBe(refsText, manifest.files.refs, 'refs.txt');
  const rowsText = readFileSync(`${stage}/rows.json`);
  mustBe(rowsText, manifest.files.rows, 'rows.json');
  const { repositories: atPoint } = JSON.parse(rowsText.toString()) as Pick<Rows, 'repositories'>;
  const notes: string[] = [];
  rename(
    folder,
    root,
    placements(rows.repositories, atPoint, manifest.files.moved, (path) => existsSync(`${root}/${path}`)),
  );
  const below = rowsBelow(folder);
  const half = torn(rows.repositories, manifest.files.moved, below).filter((path) => existsSync(`${root}/${path}`));
  for (const path of half) setAside(folder, root, path);
  if (half.length > 0)
    notes.push(`${listed(half)}: deleted while the generation was made; what it has of it is set aside`);
  const { strangers: unknown, missing } = strangers(root, rows.repositories);
  for (const path of unknown) setAside(folder, root, path);
  const old = outdated(unknown, below);
  const strange = unknown.filter((path) => !old.has(path));
  if (old.size > 0)
    notes.push(`${listed([...old])}: renamed or deleted since the whole generation; what it had is set aside`);
  if (strange.length > 0) notes.push(`${listed(strange)}: in the files, but not in the database; set aside`);
  const list = [...refsOf(refsText, tree, renamedSince(rows.repositories, atPoint))];
  const laid = await layRefs(host, git, root, list, tree);
  notes.push(...laid.notes);
  placeQueues(tree, data, stage);
  for (const path of giteaData.madeAgain) rmSync(`${data}/${path}`, { recursive: true, force: true });
  for (const path of [data, dirname(root), root]) chownSync(path, owner.uid, owner.gid);
  return { notes, missing, refs: laid.refs };
}

function rowsBelow(folder: string): Rows['repositories'] {
  const path = `${folder}/below/rows.json`;
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Pick<Rows, 'repositories'>).repositories : [];
}

/** By way of a name that nobody has, so that two may change places. */
function rename(folder: string, root: string, moves: readonly { from: string; to: string }[]): void {
  const all = moves.flatMap(({ from, to }) => [
    { from, to },
    { from: wikiOf(from), to: wikiOf(to) },
  ]);
  const there = all.filter(({ from }) => existsSync(`${root}/${from}`));
  for (const [at, { from }] of there.entries()) renameSync(`${root}/${from}`, `${root}/.moving-${at}`);
  for (const [at, { to }] of there.entries()) {
    if (existsSync(`${root}/${to}`)) setAside(folder, root, to);
    const parent = dirname(`${root}/${to}`);
    if (!existsSync(parent)) {
      mkdirSync(parent, { recursive: true });
      chownSync(parent, owner.uid, owner.gid);
    }
    renameSync(`${root}/.moving-${at}`, `${root}/${to}`);
  }
}

function setAside(folder: string, root: string, path: string): void {
  const target = `${asideIn(folder)}/${path}`;
  mkdirSync(dirname(target), { recursive: true });
  let free = target;
  for (let count = 2; existsSync(free); count++) free = `${target}.${count}`;
  renameSync(`${root}/${path}`, free);
}

/**
 * The refs of the restore point, by the names of the database. A repository that was deleted while the files were read is in the
 * whole generation at best: then its refs are those of that one, because newer ones would lead to objects that are not there.
 */
function* refsOf(
  text: Buffer,
  { folder, manifest }: Tree,
  renamed: ReadonlyMap<string, string>,
): Generator<RepositoryRefs> {
  const deleted = new Set(manifest.files.moved.deleted.flatMap(({ path }) => [path, wikiOf(path)]));
  for (const repository of parseRefs(text)) {
    if (!deleted.has(repository.path)) yield { ...repository, path: renamed.get(repository.path) ?? repository.path };
  }
  const below = `${folder}/below/refs.txt`;
  if (deleted.size === 0 || !existsSync(below)) return;
  for (const repository of parseRefs(readFileSync(below))) if (deleted.has(repository.path)) yield repository;
}

async function layRefs(
  host: Host,
  git: Git,
  root: string,
  list: readonly RepositoryRefs[],
  { rows, heads = [] }: Tree,
): Promise<Pick<Arranged, 'notes' | 'refs'>> {
  const wanted = new Map<string, Set<string>>();
  align(list, rows, (path, commit) => {
    wanted.set(path, (wanted.get(path) ?? new Set()).add(commit));
    return true;
  });
  const has = await commitsIn(host, git, root, new Map([...wanted].filter(([path]) => existsSync(`${root}/${path}`))));
  const { refs: aligned, moves } = align(list, rows, has);
  const refs = withHeads(aligned, heads);
  const laid = await overlay(root, refs, owner);
  const unlisted = laid.unlisted.length > 0 ? [`${listed(laid.unlisted)}: has the refs that its files had`] : [];
  return { notes: [...moves.map(sentenceOf), ...unlisted], refs };
}

/** Each pull request stands where its branch stands; pure. One that has a head already keeps it. */
export function withHeads(list: readonly RepositoryRefs[], heads: readonly Head[]): readonly RepositoryRefs[] {
  const wanted = new Map<string, Head[]>();
  for (const head of heads) wanted.set(head.path, [...(wanted.get(head.path) ?? []), head]);
  return list.map((repository) => {
    const own = wanted.get(repository.path);
    if (!own) return repository;
    const refs = new Map(repository.refs);
    for (const { number, branch } of own) {
      const at = refs.get(`refs/heads/${Buffer.from(branch, 'utf8').toString('latin1')}`);
      const ref = `refs/pull/${number}/head`;
      if (at !== undefined && !refs.has(ref)) refs.set(ref, at);
    }
    return { ...repository, refs };
  });
}

/**
 * Undone work of after the moment that the database is of would be about things that are not there; what was undone before it
 * was done meanwhile, and would be done twice.
 */
function placeQueues({ otherMoment }: Tree, data: string, stage: string): void {
  const queues = `${data}/${giteaData.queues}`;
  if (otherMoment) rmSync(queues, { recursive: true, force: true });
  if (otherMoment || !existsSync(`${stage}/queues`)) return;
  rmSync(queues, { recursive: true, force: true });
  renameSync(`${stage}/queues`, queues);
}

export const listed = (names: readonly string[]) =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');

function mustBe(content: Buffer, hash: string, name: string): void {
  if (sha256(content) === hash) return;
  throw new RunbookError('changeFailed', {
    what: `${name} of the generation is not what its manifest says`,
    next: 'nothing in use was touched. Take an older generation: npx zx runbooks/backup.mjs --list',
  });
}
