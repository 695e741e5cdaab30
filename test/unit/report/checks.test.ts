import t from 'tap';
import type { CheckResult } from '../../../lib/core/event.ts';
import { renderChecks } from '../../../lib/report/checks.ts';
import { duration } from '../../../lib/report/clock.ts';

const results: CheckResult[] = [
  { id: 'dns', title: 'DNS', status: 'pass', detail: '203.0.113.10', took: 12 },
  { id: 'c', title: 'Certificate', status: 'warn', detail: '5 of 90 days left', next: 'look at the timer', took: 31 },
  {
    id: 'h',
    title: 'Health',
    status: 'fail',
    detail: 'answers 424: {\n"a"\u0007}',
    next: 'npx zx runbooks/status.mjs',
    took: 1500,
  },
  { id: 'v', title: 'Version', status: 'skip', detail: 'hidden', took: 0 },
];

t.test('counts first, next steps under what needs them', async (t) => {
  t.equal(
    renderChecks(results),
    `Checks: 1 passed, 1 with a warning, 1 failed, 1 skipped
  pass  DNS: 203.0.113.10 (12 ms)
  warn  Certificate: 5 of 90 days left (31 ms)
        Next: look at the timer
  fail  Health: answers 424: {\\n"a"\\x07} (1.5 s)
        Next: npx zx runbooks/status.mjs
  skip  Version: hidden (0 ms)`,
  );
  t.equal(renderChecks([]), 'Checks: none');
  t.match(renderChecks(results, { color: true }), '\u001b[31mfail\u001b[39m');
});

t.test('durations', async (t) => {
  const shown = [0.4, 85, 999, 1000, 3449, 59_940, 59_960, 125_000, 3_599_000, 3_720_000].map(duration);
  t.same(shown, [
    '0 ms',
    '85 ms',
    '999 ms',
    '1.0 s',
    '3.4 s',
    '59.9 s',
    '1 min 00 s',
    '2 min 05 s',
    '59 min 59 s',
    '1 h 02 min',
  ]);
});
