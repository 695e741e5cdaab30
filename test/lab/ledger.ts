// What an instance has acknowledged, written down outside of it, and what it must therefore hold as of a moment.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

/** One thing that an instance holds. `repo` is the id of the repository: its name may change. */
export type Item =
  | { readonly kind: 'repository'; readonly repo: number; readonly user: string }
  | { readonly kind: 'ref'; readonly repo: number; readonly ref: string }
  | { readonly kind: 'lfs'; readonly repo: number; readonly oid: string; readonly size: number }
  | { readonly kind: 'issue'; readonly repo: number; readonly number: number; readonly title: string }
  | { readonly kind: 'attachment'; readonly repo: number; readonly uuid: string }
  | { readonly kind: 'package'; readonly user: string; readonly path: string };

/**
 * One operation: what became of an item. The value is a name of the repository, a commit, a state of an issue or the SHA-256 of
 * a file; null where the item is gone. Times are ISO: when it was sent, and when the answer was there.
 */
export interface Entry {
  readonly item: Item;
  readonly value: string | null;
  readonly began: string;
  readonly time: string;
  /** What was done, for people. */
  readonly what: string;
  /** No answer, or an answer that it went wrong: whether it was done nobody knows. */
  readonly failed?: string;
  /** It follows an acknowledged push by itself, a while later. */
  readonly follows?: boolean;
}

export interface LedgerUser {
  readonly name: string;
  readonly token: string;
}

export interface Ledger {
  readonly users: readonly LedgerUser[];
  readonly entries: readonly Entry[];
}

/** What an item may be as of a moment. */
export interface Expected {
  readonly item: Item;
  /** More than one where an operation was under way, or where nobody knows what became of one. */
  readonly values: readonly (string | null)[];
  /** What it became later: a value of these is no loss. */
  readonly later: readonly (string | null)[];
  /** Of the operation that decides, or of the first that might have. */
  readonly what: string;
  readonly time: string;
  /** Whether the value comes of itself some time after the moment. */
  readonly follows: boolean;
}

export function keyOf(item: Item): string {
  switch (item.kind) {
    case 'repository':
      return `repository ${item.repo}`;
    case 'ref':
      return `ref ${item.repo} ${item.ref}`;
    case 'lfs':
      return `lfs ${item.repo} ${item.oid}`;
    case 'issue':
      return `issue ${item.repo} ${item.number}`;
    case 'attachment':
      return `attachment ${item.repo} ${item.uuid}`;
    case 'package':
      return `package ${item.user} ${item.path}`;
  }
}

/** What each item must be as of `until`; items that nobody had asked for by then are not in it. */
export function expectedAt(entries: readonly Entry[], until: Date): Expected[] {
  const moment = until.toISOString();
  const histories = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = keyOf(entry.item);
    histories.set(key, [...(histories.get(key) ?? []), entry]);
  }
  return [...histories.values()].flatMap((history) => expectedOf(history, moment) ?? []);
}

function expectedOf(history: readonly Entry[], moment: string): Expected | undefined {
  const sorted = [...history].sort((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)));
  const base = sorted.findLast(({ time, failed }) => failed === undefined && time <= moment);
  // In flight at the moment, or of an outcome that nobody knows and that no later answer has settled.
  const open = sorted.filter(
    (entry) => entry !== base && entry.began <= moment && (entry.time > moment || openStill(entry, base)),
  );
  const decides = base ?? open[0];
  if (!decides) return undefined;
  const values = new Set([base?.value ?? null, ...open.map(({ value }) => value)]);
  const later = sorted.filter(({ began }) => began > moment).map(({ value }) => value);
  const follows = base?.follows === true;
  if (follows) values.add(before(sorted, base));
  return {
    ...{ item: decides.item, values: [...values], later, what: decides.what, time: decides.time },
    follows,
  };
}

const openStill = (entry: Entry, base: Entry | undefined): boolean =>
  entry.failed !== undefined && (base === undefined || entry.time >= base.began);

/** The value that an entry replaced. */
function before(sorted: readonly Entry[], entry: Entry | undefined): string | null {
  const earlier = sorted.filter(({ failed, time }) => failed === undefined && entry && time < entry.time);
  return earlier.at(-1)?.value ?? null;
}

/** A ledger that is written line by line: what stands in the file was acknowledged, whatever becomes of this process. */
export function newLedger(file: string, users: readonly LedgerUser[]) {
  const entries: Entry[] = [];
  writeFileSync(file, `${JSON.stringify({ users })}\n`, { mode: 0o600 });
  return {
    add(entry: Entry): void {
      entries.push(entry);
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
    ledger: { users, entries } as Ledger,
  };
}

/** Reads a ledger back; a last line that was cut off is left out. */
export function readLedger(file: string): Ledger {
  const [first = '', ...lines] = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const { users } = JSON.parse(first) as Pick<Ledger, 'users'>;
  return { users, entries: lines.map((line) => JSON.parse(line) as Entry) };
}
