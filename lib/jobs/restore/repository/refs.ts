import { counted } from '../../../core/counted.ts';
import { printable, type RepositoryRefs } from '../../backup/index.ts';

type Refs = ReadonlyMap<string, string>;

/**
 * The refs of a repository that comes back under another name, or without its issues; pure. What belongs to pull requests would
 * be taken for those of the new repository, from number 1 on: it is kept under a name that means nothing to Gitea, since some
 * commits are nowhere else.
 */
export function refsForNew(found: RepositoryRefs): RepositoryRefs {
  const refs = [...found.refs].map(
    ([name, value]) => [name.replace(/^refs\/pull\//, 'refs/restored/pull/'), value] as const,
  );
  return { ...found, refs: new Map(refs) };
}

const isBranchOrTag = (name: string) => /^refs\/(heads|tags)\//.test(name);

/** A branch or tag and what becomes of it. */
export interface RefChange {
  /** As a byte string. */
  readonly ref: string;
  /** Where it is now; none for one that is not there. */
  readonly from?: string;
  readonly to: string;
}

export interface Back {
  readonly changes: readonly RefChange[];
  /** Not in the generation: they stay. */
  readonly newer: readonly string[];
  /** Cannot be made, because a newer one has the name of its folder, or is in a folder of its name. */
  readonly blocked: readonly RefChange[];
}

/**
 * What has to be done so that branches and tags are where a generation has them; pure. What is newer stays: to delete it would
 * close pull requests. Symbolic refs are Gitea's own business.
 */
export function backTo(kept: Refs, live: Refs): Back {
  const plain = [...kept].filter(([name, value]) => isBranchOrTag(name) && !value.startsWith('ref: '));
  const differing = plain.flatMap(([ref, to]): RefChange[] => {
    const from = live.get(ref);
    if (from === to || from?.startsWith('ref: ')) return [];
    return [from === undefined ? { ref, to } : { ref, from, to }];
  });
  const inTheWay = ({ ref, from }: RefChange) =>
    from === undefined && [...live.keys()].some((name) => name.startsWith(`${ref}/`) || ref.startsWith(`${name}/`));
  return {
    changes: differing.filter((change) => !inTheWay(change)),
    blocked: differing.filter(inTheWay),
    newer: [...live.keys()].filter((name) => isBranchOrTag(name) && !kept.has(name)).sort(),
  };
}

/** What `git update-ref --stdin` is told: what was is kept first, and all of it happens or nothing; pure. */
export function updates(changes: readonly RefChange[], stamp: string): Buffer {
  const lines = changes.map(({ ref, from, to }) =>
    from === undefined
      ? `create ${ref} ${to}\n`
      : `create ${keptAs(ref, stamp)} ${from}\nupdate ${ref} ${to} ${from}\n`,
  );
  return Buffer.from(lines.join(''), 'latin1');
}

/** Where people do not look: hidden from them by the repository's own configuration. */
export const keptUnder = 'refs/before-restore';
const keptAs = (ref: string, stamp: string) => `${keptUnder}/${stamp}/${ref.slice('refs/'.length)}`;

const none = '0'.repeat(40);

/** What git would tell the hooks after such a push; pure. Hashes of 64 digits have as long a nothing. */
export const hookLines = (changes: readonly RefChange[]): string[] =>
  changes.map(({ ref, from, to }) => `${from ?? (to.length > 40 ? '0'.repeat(64) : none)} ${to} ${ref}`);

/** A ref for people: `branch main`, `tag v1`. */
export const titleOf = (ref: string) =>
  printable(ref)
    .replace(/^refs\/heads\//, 'branch ')
    .replace(/^refs\/tags\//, 'tag ');

export const sentenceOf = ({ ref, from, to }: RefChange) =>
  from === undefined
    ? `${titleOf(ref)} comes back at ${to.slice(0, 10)}`
    : `${titleOf(ref)} goes from ${from.slice(0, 10)} back to ${to.slice(0, 10)}`;

/** `3 branches, 1 tag`, pure. */
export function countOf(refs: Refs): string {
  const of = (folder: string) => [...refs.keys()].filter((name) => name.startsWith(`refs/${folder}/`)).length;
  return `${counted(of('heads'), 'branch', 'branches')}, ${counted(of('tags'), 'tag')}`;
}
