import t from 'tap';
import type { PrunePlan } from '../../../lib/core/prune.ts';
import { renderPrune } from '../../../lib/report/prune.ts';

const plan: PrunePlan = {
  ...{ place: 's3:https://s3.example.com/backup', goes: ['20261120T021000Z'], unfinished: ['20261119T021000Z'] },
  stays: [{ id: '20261122T021000Z', why: ['one of the newest two', 'the last of its day'] }],
  ...{ freed: 3 * 1024 ** 2, left: 1.5 * 1024 ** 3, verified: '2026-11-23T05:20:00.000Z' },
};

t.test('what goes, what stays and why, what it frees', async (t) => {
  t.equal(
    renderPrune(plan),
    `Whole generations at s3:https://s3.example.com/backup: 1 go, 1 stay
  - 20261120T021000Z
  - 20261119T021000Z  (begun, never finished)
    20261122T021000Z  one of the newest two, the last of its day
Needed no more: 3.0 MiB; 1.5 GiB stay
Where the place keeps versions or locks objects, a lifecycle rule of it frees the space, not this
The newest whole one was read back and found sound: 2026-11-23T05:20:00.000Z`,
  );
});

t.test('a bucket of ours says how long; a place without versions nothing; what is refused what to do', async (t) => {
  t.match(renderPrune({ ...plan, heldDays: 30 }), /keeps what is removed for 30 days more/);
  t.notMatch(renderPrune({ ...plan, place: 'rest:https://b.example.com' }), /versions/);
  t.notMatch(renderPrune({ ...plan, goes: [], unfinished: [], heldDays: 30 }), /30 days/);
  const refused = { what: 'not read\u001b[31m back', next: 'npx zx runbooks/backup.mjs --verify' };
  const text = renderPrune({ ...plan, refused });
  t.match(text, /Cannot be done now: .*\nNext: npx zx runbooks\/backup\.mjs --verify$/);
  t.notMatch(text, '\u001b');
});
