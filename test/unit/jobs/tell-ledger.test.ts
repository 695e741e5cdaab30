// Who is told of what, and how often.
import t from 'tap';
import type { Notice } from '../../../lib/core/notice.ts';
import { emptyLedger, type Ledger, settle } from '../../../lib/jobs/tell/ledger.ts';

const start = Date.parse('2026-11-30T00:00:00Z');
const minutes = (count: number) => new Date(start + count * 60_000);
const hours = (count: number) => minutes(count * 60);

const failing = (at: Date, id = 'unit:x'): Notice => ({
  ...{ id, severity: 'error', what: `${id} has failed`, next: 'look' },
  since: at.toISOString(),
});

/** What is told, look by look, when at each moment something is found or not. */
function looks(list: readonly (readonly [at: Date, found: boolean])[]): string[] {
  let ledger: Ledger = emptyLedger;
  return list.map(([at, found]) => {
    const settled = settle(ledger, found ? [failing(at)] : [], at);
    ledger = settled.ledger;
    return settled.tell.map(({ event }) => event).join();
  });
}

t.test('what goes on is told at first, once a day, and when it is over', async (t) => {
  const every4 = Array.from({ length: 20 }, (_, at) => [minutes(4 * at), true] as const);
  t.same(looks(every4).filter(Boolean), ['new']);
  t.same(
    looks([
      [hours(0), true],
      [hours(23.9), true],
      [hours(24), true],
      [hours(47), true],
      [hours(48), true],
      [hours(49), false],
      [hours(50), false],
    ]),
    ['new', '', 'still', '', 'still', 'over', ''],
  );
});

t.test('it is told with the moment at which it began, and with what is known now', async (t) => {
  const { ledger } = settle(emptyLedger, [failing(hours(0))], hours(0));
  t.match(ledger.open, [{ id: 'unit:x', told: hours(0).toISOString() }]);
  const later = settle(ledger, [{ ...failing(hours(24)), what: 'worse' }], hours(24));
  t.match(later.tell, [{ event: 'still', what: 'worse', since: hours(0).toISOString(), at: hours(24).toISOString() }]);
  const [over] = settle(later.ledger, [], hours(25)).tell;
  t.match(over, { event: 'over', what: 'worse', since: hours(0).toISOString(), at: hours(25).toISOString() });
  t.notOk('told' in over!);
});

t.test('what comes and goes is not told each time, and what comes back and stays is', async (t) => {
  const flaps = Array.from({ length: 40 }, (_, at) => [minutes(2 * at), at % 2 === 0] as const);
  t.same(looks(flaps).filter(Boolean), ['new', 'over']);
  t.same(
    looks([
      [minutes(0), true],
      [minutes(2), false],
      [minutes(60), true],
      [minutes(62), true],
      [minutes(75), true],
      [minutes(77), true],
      [minutes(79), false],
    ]),
    ['new', 'over', '', '', 'new', '', 'over'],
  );
  t.same(
    looks([
      [hours(0), true],
      [hours(1), false],
      [hours(25), true],
    ]),
    ['new', 'over', 'new'],
    'a day later it is new',
  );
});

t.test('a look that knows of one thing alone leaves the others as they are', async (t) => {
  const { ledger } = settle(emptyLedger, [failing(hours(0)), failing(hours(0), 'unit:y')], hours(0));
  const one = settle(ledger, [], hours(1), (id) => id === 'unit:y');
  t.match(one.tell, [{ id: 'unit:y', event: 'over' }]);
  t.match(one.ledger.open, [{ id: 'unit:x', told: hours(0).toISOString() }]);
});
