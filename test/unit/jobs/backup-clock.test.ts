import t from 'tap';
import { idOf, timeOf } from '../../../lib/core/generation.ts';
import { nextId } from '../../../lib/jobs/backup/id.ts';

const made = (id: string, began = new Date(timeOf(id)).toISOString()) => ({ id, began });
const at = (text: string) => new Date(`2026-11-30T${text}Z`);

t.test('a generation is named after the moment at which it begins', async (t) => {
  t.same(nextId(at('12:00:00.900'), undefined), { id: '20261130T120000Z', back: false });
  t.same(nextId(at('12:04:00'), made('20261130T120000Z')), { id: '20261130T120400Z', back: false });
  t.equal(timeOf(idOf(at('12:04:00'))), at('12:04:00').getTime());
});

t.test('two in one second have two names', async (t) => {
  t.same(nextId(at('12:00:00.900'), made('20261130T120000Z', '2026-11-30T12:00:00.100Z')), {
    id: '20261130T120001Z',
    back: false,
  });
});

t.test(
  'when the clock goes back an hour the next is still the newest, and it is known that it went back',
  async (t) => {
    const first = nextId(at('11:02:00'), made('20261130T120000Z'));
    t.same(first, { id: '20261130T120001Z', back: true });
    const second = nextId(at('11:06:00'), made(first.id, '2026-11-30T11:02:00.000Z'));
    t.same(second, { id: '20261130T120002Z', back: false }, 'once');
    t.same(nextId(at('12:10:00'), made(second.id, '2026-11-30T11:06:00.000Z')).id, '20261130T121000Z');
  },
);

t.test('when it was a day ahead and is put right', async (t) => {
  t.same(nextId(at('12:04:00'), made('20261201T120000Z')), { id: '20261201T120001Z', back: true });
});
