// The ledger of the lab's workload: what an instance must hold as of a moment, by what it had acknowledged until then.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { type Entry, expectedAt, type Item, newLedger, readLedger } from '../lab/ledger.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const main: Item = { kind: 'ref', repo: 1, ref: 'refs/heads/main' };

/** Sent at one second, answered at another. */
const entry = (began: number, time: number, value: string | null, more: Partial<Entry> = {}): Entry => ({
  item: main,
  value,
  began: at(began).toISOString(),
  time: at(time).toISOString(),
  what: `to ${value}`,
  ...more,
});

const valuesAt = (entries: Entry[], second: number) =>
  expectedAt(entries, at(second)).map(({ values, later }) => ({ values, later }));

t.test('the last acknowledged value counts, and what came after is known as such', async (t) => {
  const entries = [entry(1, 2, 'a'), entry(3, 4, 'b'), entry(6, 7, null)];
  t.same(valuesAt(entries, 0), [], 'nobody had asked for it');
  t.same(valuesAt(entries, 2), [{ values: ['a'], later: ['b', null] }]);
  t.same(valuesAt(entries, 5), [{ values: ['b'], later: [null] }]);
  t.same(valuesAt(entries, 9), [{ values: [null], later: [] }]);
});

t.test('an operation under way at the moment may have been done or not', async (t) => {
  const entries = [entry(1, 2, 'a'), entry(3, 6, 'b')];
  t.same(valuesAt(entries, 4), [{ values: ['a', 'b'], later: [] }]);
  t.same(valuesAt([entry(3, 6, 'b')], 4), [{ values: [null, 'b'], later: [] }], 'the first of all, too');
  t.same(expectedAt([entry(3, 6, 'b')], at(4))[0]?.what, 'to b');
});

t.test('what became of one that failed nobody knows, until a later answer settles it', async (t) => {
  const entries = [entry(1, 2, 'a'), entry(3, 4, 'b', { failed: 'cut off' })];
  t.same(valuesAt(entries, 5), [{ values: ['a', 'b'], later: [] }]);
  t.same(valuesAt([...entries, entry(6, 7, 'c')], 8), [{ values: ['c'], later: [] }]);
  t.same(valuesAt([...entries, entry(6, 7, 'c')], 5), [{ values: ['a', 'b'], later: ['c'] }]);
  t.same(valuesAt([entry(1, 2, 'a', { failed: 'cut off' })], 5), [{ values: [null, 'a'], later: [] }]);
});

t.test('the order is that of the answers, not that of the lines', async (t) => {
  t.same(valuesAt([entry(3, 4, 'b'), entry(1, 2, 'a')], 5), [{ values: ['b'], later: [] }]);
});

t.test('what follows by itself may still be as it was', async (t) => {
  const [one] = expectedAt([entry(1, 2, 'open'), entry(3, 4, 'closed', { follows: true })], at(5));
  t.match(one, { values: ['closed', 'open'], follows: true });
  const [before] = expectedAt([entry(1, 2, 'open'), entry(3, 4, 'closed', { follows: true })], at(2));
  t.match(before, { values: ['open'], follows: false });
});

t.test('items are told apart by what they are, and in which repository', async (t) => {
  const items: Item[] = [
    main,
    { ...main, repo: 2 },
    { kind: 'ref', repo: 1, ref: 'refs/tags/main' },
    { kind: 'repository', repo: 1, user: 'ann' },
    { kind: 'lfs', repo: 1, oid: 'x', size: 1 },
    { kind: 'issue', repo: 1, number: 1, title: 'Issue 1' },
    { kind: 'attachment', repo: 1, uuid: 'x' },
    { kind: 'package', user: 'ann', path: 'x' },
    { kind: 'package', user: 'ben', path: 'x' },
  ];
  const expected = expectedAt(
    items.map((item, value) => entry(1, 2, `${value}`, { item })),
    at(3),
  );
  t.same(
    expected.map(({ item, values: [value] }) => [item, Number(value)]),
    items.map((item, value) => [item, value]),
  );
});

t.test('a ledger is read back from its file, without a last line that was cut off', async (t) => {
  const file = path.join(t.testdir({}), 'ledger');
  const { add, ledger } = newLedger(file, [{ name: 'ann', token: 'x' }]);
  add(entry(1, 2, 'a'));
  add(entry(3, 4, 'b'));
  appendFileSync(file, '{"item":');
  t.same(readLedger(file), ledger);
  t.equal(ledger.entries.length, 2);
});
