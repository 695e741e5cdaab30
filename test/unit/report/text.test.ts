import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { jsonReporter } from '../../../lib/report/json.ts';
import { fit } from '../../../lib/report/live.ts';
import { type TextReporterOptions, textReporter } from '../../../lib/report/text.ts';
import { change, fakeClock, memory } from './sink.ts';

const config = change({ title: '/srv/gitea/compose.yaml' });
const images = change({ title: 'images', kind: 'images', action: 'create', why: 'absent', phase: 'gitea' });

function start(options: Partial<TextReporterOptions> = {}) {
  const stream = memory(60);
  const time = fakeClock();
  return {
    stream,
    ...time,
    reporter: textReporter({ stream, tty: false, verbose: false, color: false, clock: time.clock, ...options }),
  };
}

t.test('without a terminal: a line at start and end, a heartbeat between', async (t) => {
  const { reporter, stream, pass, timers } = start();
  const { onEvent } = reporter;
  onEvent({ type: 'step', text: 'connected to root@203.0.113.10', took: 180 });
  onEvent({ type: 'plan', host: 'git.example.com', changes: [config, images], unchanged: 41 });
  onEvent({ type: 'change.start', change: config, index: 1, total: 2 });
  pass(300);
  onEvent({ type: 'change.end', change: config, took: 300, ok: true });
  onEvent({ type: 'change.start', change: images, index: 2, total: 2 });
  pass(16_000);
  onEvent({ type: 'change.output', change: images, line: 'pulling\u001b[1A layer 3\r' });
  pass(15_000);
  onEvent({ type: 'change.end', change: images, took: 31_000, ok: false, error: 'registry down' });
  t.equal(timers.size, 0, 'no timer outlives its change');
  pass(60_000);
  onEvent({ type: 'warning', text: 'the clock is off by 3 s' });
  onEvent({ type: 'check', result: { id: 'dns', title: 'DNS', status: 'pass', detail: 'fine', took: 3 } });
  onEvent({ type: 'end', outcome: 'failed', took: 31_500, changes: 1 });
  t.equal(
    stream.text(),
    `connected to root@203.0.113.10 (180 ms)
Plan for git.example.com: 1 to create, 1 to update, 41 unchanged — impact: none
  ~ /srv/gitea/compose.yaml  (content)
  + images                   (absent)
[1/2] update /srv/gitea/compose.yaml (content)
[1/2] done /srv/gitea/compose.yaml (300 ms)
[2/2] create images (absent)
[2/2] still images (15 s)
[2/2] still images (30 s): pulling\\x1b[1A layer 3
[2/2] failed images (31.0 s): registry down
warning: the clock is off by 3 s
  pass  DNS: fine (3 ms)
Failed after 1 change (31.5 s)
`,
  );
});

t.test('verbose shows the output and the diffs', async (t) => {
  const { reporter, stream } = start({ verbose: true });
  reporter.onEvent({ type: 'plan', host: 'h', changes: [{ ...config, diff: '+a' }], unchanged: 0 });
  reporter.onEvent({ type: 'change.start', change: config, index: 1, total: 1 });
  reporter.onEvent({ type: 'change.output', change: config, line: 'hello' });
  t.match(stream.text(), '\n      +a\n');
  t.match(stream.text(), '\n    | hello\n');
});

t.test('a plan that is the result is not progress too', async (t) => {
  const { reporter, stream } = start({ plan: false });
  reporter.onEvent({ type: 'plan', host: 'h', changes: [config], unchanged: 0 });
  t.equal(stream.text(), '');
});

t.test('on a terminal: one live line that never wraps, and a line a finished change', async (t) => {
  const { reporter, stream, pass, timers } = start({ tty: true });
  reporter.onEvent({ type: 'change.start', change: images, index: 1, total: 1 });
  pass(2100);
  reporter.onEvent({ type: 'change.output', change: images, line: `layer ${'x'.repeat(100)}` });
  const last = stream.parts.at(-1) ?? '';
  t.match(last, /^\r\u001b\[2K\S \[1\/1\] images {2}2 s {2}layer x+…$/);
  t.ok(last.replace('\r\u001b[2K', '').length <= 59);
  reporter.onEvent({ type: 'change.end', change: images, took: 2100, ok: true });
  t.same(stream.parts.slice(-2), ['\r\u001b[2K', '[1/1] done images (2.1 s)\n']);
  t.equal(timers.size, 0);
});

t.test('close stops the timer and takes the live line away, twice too', async (t) => {
  const { reporter, stream, timers } = start({ tty: true });
  reporter.onEvent({ type: 'change.start', change: images, index: 1, total: 1 });
  t.equal(timers.size, 1);
  reporter.close();
  reporter.close();
  t.equal(timers.size, 0);
  t.equal(stream.parts.at(-1), '\r\u001b[2K');
});

t.test('secrets that become known during the run are hidden from then on', async (t) => {
  const secrets: Secret[] = [];
  const { reporter, stream } = start({ secrets: () => secrets, verbose: true });
  reporter.onEvent({ type: 'change.start', change: config, index: 1, total: 1 });
  secrets.push(new Secret('token', 'hush-hush'));
  reporter.onEvent({ type: 'change.output', change: config, line: 'said hush-hush' });
  reporter.onEvent({ type: 'change.end', change: config, took: 1, ok: false, error: 'bad hush-hush' });
  t.notMatch(stream.text(), 'hush-hush');
  t.match(stream.text(), /said <secret token>[\s\S]*bad <secret token>/);
});

t.test('every end', async (t) => {
  const { reporter, stream } = start();
  for (const outcome of ['converged', 'changed', 'planned', 'failed', 'interrupted'] as const) {
    reporter.onEvent({ type: 'end', outcome, took: 800, changes: 2 });
  }
  reporter.onEvent({ type: 'end', outcome: 'planned', took: 800, changes: 0 });
  t.equal(
    stream.text(),
    `Converged: nothing to do (800 ms)
Done: 2 changes in 800 ms
Planned: 2 changes, nothing done yet (800 ms)
Failed after 2 changes (800 ms)
Interrupted after 2 changes (800 ms)
Planned: nothing to do (800 ms)
`,
  );
});

t.test('JSON lines', async (t) => {
  const stream = memory();
  const { clock } = fakeClock();
  const { onEvent, close } = jsonReporter(stream, { clock, secrets: () => [new Secret('token', 'hush-hush')] });
  onEvent({ type: 'step', text: 'with hush-hush\u001b[1A', took: 5 });
  onEvent({ type: 'change.end', change: config, took: 7, ok: true });
  close();
  t.equal(
    stream.text(),
    `{"time":"2026-01-02T03:04:05.000Z","type":"step","text":"with <secret token>\\u001b[1A","took":5}
{"time":"2026-01-02T03:04:05.000Z","type":"change.end","change":{"id":"/srv/gitea/compose.yaml","kind":"file","phase":"proxy","action":"update","why":"content","impact":"none","title":"/srv/gitea/compose.yaml"},"took":7,"ok":true}
`,
  );
});

t.test('fit counts wide characters as two cells', async (t) => {
  t.equal(fit('abc', 10), 'abc');
  t.equal(fit('漢字漢字漢字', 6), '漢字…');
});
