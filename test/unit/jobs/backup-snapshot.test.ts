import t from 'tap';
import { rowOf } from '../../../lib/jobs/backup/store/list.ts';
import { readSnapshot } from '../../../lib/jobs/backup/store/snapshot.ts';
import { lastWords } from '../../../lib/jobs/backup/store/words.ts';

// As restic 0.19.1 prints it.
const status = '{"message_type":"status","percent_done":0,"total_files":1,"total_bytes":5}';
const summary = (added: number) =>
  `{"message_type":"summary","files_new":1,"total_bytes_processed":5000,"data_added":${added * 2},"total_bytes_processed":5000,"data_added_packed":${added},"snapshot_id":"4f1c"}`;
const list =
  '[{"time":"2026-11-29T22:10:00Z","tree":"aa11","paths":["/generation"],"tags":["generation=x"],"id":"4f1c","short_id":"4f1c"}]';
const unread =
  '{"message_type":"error","error":{"message":"open /generation/data/git/x: permission denied"},"during":"archival","item":"/generation/data/git/x"}';

t.test('a snapshot is known by the hash of its content', async (t) => {
  const said = { stdout: [status, summary(100), list, ''].join('\n'), stderr: '', code: 0 };
  t.same(readSnapshot(said), { id: '4f1c', tree: 'aa11', added: 100, bytes: 5000, unread: [] });
});

t.test('one that was taken again counts what all tries have added; what stays unread is told once', async (t) => {
  const stdout = [summary(100), summary(3), summary(0), list].join('\n');
  t.same(readSnapshot({ stdout, stderr: `${unread}\n${unread}\nWarning: x\n`, code: 3 }), {
    ...{ id: '4f1c', tree: 'aa11', added: 103, bytes: 5000 },
    unread: ['/generation/data/git/x: open /generation/data/git/x: permission denied'],
  });
  t.same(readSnapshot({ stdout, stderr: unread, code: 0 }).unread, [], 'the last try has read it');
});

t.test('a run that tells of no snapshot is no success', async (t) => {
  t.throws(() => readSnapshot({ stdout: `${summary(1)}\n[]\n`, stderr: '', code: 0 }), /no snapshot/);
  t.throws(() => readSnapshot({ stdout: '', stderr: '', code: 0 }), /no snapshot/);
});

t.test("restic's last words without its progress", async (t) => {
  t.equal(
    lastWords({ code: 1, stdout: `${status}\n`, stderr: 'Fatal: no space left on device\n\n' }),
    'Fatal: no space left on device',
  );
  const stderr = `Remove(<snapshot/9cb027605f>) failed: client.RemoveObject: Access Denied.
failed to remove one or more snapshots
main.init
\tgithub.com/restic/restic/cmd/restic/cmd_forget.go:67
github.com/restic/restic/internal/backend/s3.(*Backend).Remove
\tgithub.com/restic/restic/internal/backend/s3/s3.go:412
runtime.goexit
\truntime/asm_amd64.s:1771
`;
  t.equal(
    lastWords({ code: 1, stdout: '', stderr }),
    'Remove(<snapshot/9cb027605f>) failed: client.RemoveObject: Access Denied.\nfailed to remove one or more snapshots',
    'nor where in restic it was',
  );
});

t.test('only a snapshot of a manifest tells of a generation', async (t) => {
  const [row] = rowOf(['manifest=b', 'kind=partial', 'full=a', 'system=7']);
  t.same(row, { id: 'b', kind: 'partial', full: 'a', system: '7' });
  for (const tags of [['generation=b'], ['manifest=b', 'kind=partial'], ['manifest=b', 'kind=half', 'full=a'], []])
    t.same(rowOf(tags), []);
});
