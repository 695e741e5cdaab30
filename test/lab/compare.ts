// A ledger against an instance: what it acknowledged before a moment, and does not hold.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type GiteaClient, giteaClient, type Instance, sha256 } from './gitea-client.ts';
import { type Expected, expectedAt, type Item, type Ledger } from './ledger.ts';

export interface Finding {
  readonly item: Item;
  readonly what: string;
  /** When the operation that is missing was acknowledged. */
  readonly time: string;
  /** One of these should be there; null: nothing. */
  readonly wanted: readonly (string | null)[];
  readonly found: string | null;
  /** Why it could not be read, where that is the trouble. */
  readonly trouble?: string;
}

export interface Comparison {
  /** How many items were looked at. */
  readonly looked: number;
  readonly missing: readonly Finding[];
  /** What is as it became only after the moment. No loss, and no item of the state that was asked for. */
  readonly newer: readonly Finding[];
  /** What follows a push by itself and has not (yet). */
  readonly late: readonly Finding[];
}

/** A value of the instance; undefined: it could not be told, and `trouble` says why. */
type Seen = { readonly value: string | null } | { readonly trouble: string };

type Place = Omit<Instance, 'on'>;

const said = (error: unknown): string => {
  const { stderr = '', message } = error as Error & { stderr?: string };
  return `${stderr}${message}`.slice(-300);
};

/** Runs `read`; nothing there is null, any other trouble is told. */
const seen = (read: () => Promise<string | null>): Promise<Seen> =>
  read().then(
    (value) => ({ value }),
    (error) => (/: 404 |Not Found/.test(said(error)) ? { value: null } : { trouble: said(error) }),
  );

function judge(
  expected: Expected,
  found: Seen,
): { list: keyof Omit<Comparison, 'looked'>; finding: Finding } | undefined {
  const { item, what, time, values, later, follows } = expected;
  const value = 'value' in found ? found.value : null;
  const finding = { item, what, time, wanted: values, found: value };
  if ('trouble' in found) return { list: 'missing', finding: { ...finding, trouble: found.trouble } };
  if (follows && value !== values[0] && values.includes(value)) return { list: 'late', finding };
  if (values.includes(value)) return undefined;
  return { list: later.includes(value) ? 'newer' : 'missing', finding };
}

/**
 * Looks at every item of the ledger as of `until`. An operation under way at that moment may have been done or not. The
 * instance must stand still: what changes meanwhile is not what the ledger says.
 */
export async function compare(ledger: Ledger, place: Place, { until }: { until: Date }): Promise<Comparison> {
  const expected = expectedAt(ledger.entries, until);
  const lists: Record<keyof Omit<Comparison, 'looked'>, Finding[]> = { missing: [], newer: [], late: [] };
  let looked = 0;
  const look = (one: Expected, found: Seen) => {
    looked++;
    const judged = judge(one, found);
    if (judged) lists[judged.list].push(judged.finding);
  };
  const clients = new Map(ledger.users.map((user) => [user.name, giteaClient(place, user)]));
  const of = <K extends Item['kind']>(kind: K) =>
    expected.filter((one): one is Expected & { item: Extract<Item, { kind: K }> } => one.item.kind === kind);
  for (const one of of('package')) {
    const client = clients.get(one.item.user) as GiteaClient;
    const file = `/api/packages/${client.name}/generic/${one.item.path}`;
    look(one, await seen(async () => sha256(await client.good(file))));
  }
  for (const one of of('repository')) {
    const client = clients.get(one.item.user) as GiteaClient;
    const found = await seen(async () => (await client.api('GET', `/repositories/${one.item.repo}`)).name);
    look(one, found);
    // What was in one that is gone, as it may be, went with it.
    if (!('value' in found) || found.value === null) continue;
    const { repo } = one.item;
    const within = expected.filter(({ item }) => 'repo' in item && item.kind !== 'repository' && item.repo === repo);
    const looks = one.values.every((value) => value === null) ? [] : await inside(client, found.value, within);
    for (const [item, value] of looks) look(item, value);
  }
  return { looked, ...lists };
}

/** What a repository holds of the items. */
async function inside(client: GiteaClient, name: string, items: readonly Expected[]): Promise<[Expected, Seen][]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'compare-'));
  try {
    // A clone and not a list: every object must be there.
    const refs = await seen(async () => {
      await client.git(folder, 'clone', '-q', '--mirror', client.url(name), 'copy');
      const format = '--format=%(objectname) %(refname)';
      return client.git(path.join(folder, 'copy'), 'for-each-ref', format);
    });
    const result: [Expected, Seen][] = [];
    for (const one of items) result.push([one, await insideOf(client, name, one.item, refs)]);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function insideOf(client: GiteaClient, name: string, item: Item, refs: Seen): Promise<Seen> | Seen {
  switch (item.kind) {
    case 'ref': {
      if (!('value' in refs)) return refs;
      const line = (refs.value ?? '').split('\n').find((each) => each.slice(each.indexOf(' ') + 1) === item.ref);
      return { value: line ? line.slice(0, line.indexOf(' ')) : null };
    }
    case 'lfs':
      return seen(async () => sha256(await client.getObject(name, item)));
    case 'attachment':
      return seen(async () => sha256(await client.good(`/attachments/${item.uuid}`)));
    case 'issue':
      return seen(async () => {
        const { title, state } = await client.api('GET', `/repos/${client.name}/${name}/issues/${item.number}`);
        return title === item.title ? state : `${title}, ${state}`;
      });
    default:
      throw new Error(`nothing inside a repository: ${item.kind}`);
  }
}

/** A line for each finding, for people. */
export function describe({ looked, missing, newer, late }: Comparison): string {
  const line = (word: string) => (one: Finding) =>
    `${word}: ${one.what} (${one.time}): wanted ${one.wanted.join(' or ')}, found ${one.trouble ?? one.found}`;
  const lines = [...missing.map(line('missing')), ...newer.map(line('newer')), ...late.map(line('late'))];
  return [`${looked} items, ${missing.length} missing, ${newer.length} newer, ${late.length} late`, ...lines].join(
    '\n',
  );
}
