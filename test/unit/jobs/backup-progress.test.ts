import t from 'tap';
import { progressOf } from '../../../lib/jobs/backup/store/progress.ts';

const status = (seconds: number, bytes: number, more: object = {}) =>
  JSON.stringify({ message_type: 'status', bytes_done: bytes, seconds_elapsed: seconds, files_done: 7, ...more });

/** What is told of these lines. */
function told(lines: readonly string[], expected?: number) {
  const said: string[] = [];
  const see = progressOf((text) => said.push(text), expected);
  for (const line of lines) see(line);
  return said;
}

t.test("restic's progress in words: bytes, rate, and in the end what came of it", async (t) => {
  const lines = [
    status(0, 5),
    status(10, 104_857_600),
    '{"message_type":"summary","files_new":2,"files_changed":3,"total_bytes_processed":3145728,"total_duration":1.26,"data_added_packed":1048576}',
    ...['[{"id":"x"}]', '[]', '{"message_type":"status', '{"message_type":"verbose"}', '  '],
    ...['Fatal: repository is locked', 'main.init', '\tgithub.com/restic/restic/cmd/restic/cmd_forget.go:67'],
  ];
  t.same(told(lines), [
    '100 MiB in 7 files, 10 MiB a second',
    'read 3.0 MiB in 1.3 s: 5 files are new or changed, 1.0 MiB stored',
    'Fatal: repository is locked',
  ]);
});

t.test('how long it will take, where it is known about how much there is', async (t) => {
  const mib = 1024 ** 2;
  t.same(told([status(10, 100 * mib)], 400 * mib), [
    '100 MiB of about 400 MiB in 7 files, 10 MiB a second, about 30 s left',
  ]);
  t.same(told([status(10, 100 * mib, { total_bytes: 2100 * mib })]), [
    '100 MiB of about 2.1 GiB in 7 files, 10 MiB a second, about 3 min left',
  ]);
  t.match(told([status(100, mib)], 1000 * mib), [/about 28 h left$/]);
  t.same(told([status(10, 100 * mib)], 90 * mib), ['100 MiB in 7 files, 10 MiB a second'], 'more than was expected');
});

t.test('steps of a copy, a restore and a removal', async (t) => {
  t.same(
    told([
      'snapshot 5892d85b of [/generation] at 2026-11-30 by root@gitea',
      'snapshot 2453faaa saved, copied from source snapshot 5892d85b',
      'main.init',
      '\tgithub.com/restic/restic/cmd/restic/cmd_forget.go:67',
      '  copy started, this may take a while...',
      '[0:00] 0.00%  0 / 20 packs copied',
      '[0:05] 25.40%  5 / 20 packs copied',
      '[1:00:00] 50.00%  10 / 20 packs copied',
    ]),
    ['25 %: 5 / 20 packs copied, about 15 s left', '50 %: 10 / 20 packs copied, about 60 min left'],
  );
});

t.test('a run of days fills no journal, and a next step of it is told as soon as the first', async (t) => {
  const seconds = Array.from({ length: (2 * 86_400) / 5 }, (_, at) => at * 5);
  const lines = seconds.map((second) => status(second, second));
  t.ok(told(lines).length > 50);
  t.ok(told(lines).length < 200, `${told(lines).length} lines`);
  t.equal(told([...lines, status(5, 1)]).at(-1), '1 B in 7 files, 0 B a second');
});

t.test('a line that names thousands of paths is cut', async (t) => {
  const paths = Array.from({ length: 1000 }, (_, at) => `/generation/data/git/repositories/ann/r${at}.git`);
  const [line = ''] = told([`restoring snapshot 1234 of [${paths.join(' ')}] at 2026-11-30 to /target`]);
  t.match(line, /^restoring snapshot 1234 of \[\/generation\/.* \.\.\.$/);
  t.ok(line.length < 210);
});
