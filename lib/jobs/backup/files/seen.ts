import { sha256 } from '../../../core/hash.ts';

/** What a scan leaves for the next one: plain data, kept as JSON. Good only beside the text of refs.txt that it was made with. */
export interface Seen {
  readonly format: 1;
  /** SHA-256 of that text. */
  readonly refs: string;
  /** In the order of that text, each with its part of it. */
  readonly repositories: readonly SeenRepository[];
}

export interface SeenRepository {
  readonly path: string;
  /** Empty when it counts as changed whatever it looks like. */
  readonly mark: string;
  /** `refs` and the directories below it, as byte strings. */
  readonly directories: readonly string[];
  /** How many bytes of the text are its. */
  readonly bytes: number;
  /** Sentences about it that stay true while it does not change. */
  readonly degraded?: readonly string[];
}

export interface Before {
  readonly seen: Seen;
  readonly refs: Buffer;
}

export interface Known extends SeenRepository {
  readonly text: Buffer;
}

/** By path. Nothing is known when the two do not belong together (a run was cut off between writing them): all is read again. */
export function knownOf(before: Before | undefined): Map<string, Known> {
  const known = new Map<string, Known>();
  if (before?.seen.format !== 1 || before.seen.refs !== sha256(before.refs)) return known;
  let start = 0;
  for (const repository of before.seen.repositories) {
    known.set(repository.path, { ...repository, text: before.refs.subarray(start, start + repository.bytes) });
    start += repository.bytes;
  }
  return known;
}
