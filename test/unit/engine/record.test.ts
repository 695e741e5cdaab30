// The record of runs on the host, written and read by its own scripts, with its folder somewhere else.
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { RecordLine } from '../../../lib/core/status.ts';
import { appendRecord, lastRunsScript, parseRuns, recordPath } from '../../../lib/engine/record.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host } from '../../../lib/host/port.ts';

const line = (event: string, at: string) => ({ event, run: 'r1', at, runbook: 'deploy' }) as unknown as RecordLine;

t.test('lines are added to what is there, for root alone, and the last ends are read, newest first', async (t) => {
  const folder = join(t.testdir(), 'var');
  const moved = ({ script, ...rest }: Command) =>
    ({ ...rest, script: script?.replaceAll(recordPath.slice(0, recordPath.lastIndexOf('/')), folder) }) as Command;
  const real = localHost();
  const host: Host = { ...real, query: (one) => real.query(moved(one)), run: (one) => real.run(moved(one)) };
  const lastEnds = async (count: number) => {
    const { code, stdout } = await host.query({ script: lastRunsScript(count) });
    t.equal(code, 0);
    return parseRuns(stdout).map((one) => (one as unknown as { at: string }).at);
  };
  t.strictSame(await lastEnds(5), [], 'a host without a record');

  await appendRecord(host, [line('start', '1'), line('end', '2')]);
  await appendRecord(host, [line('end', '3')]);
  await appendRecord(host, [line('change', "4 'quoted' $(reboot)"), line('end', '5')]);
  const file = join(folder, 'runs.jsonl');
  t.match(readFileSync(file, 'utf8'), /^\{.*\n\{.*\n\{.*\n\{.*\n\{.*\n$/);
  t.match(readFileSync(file, 'utf8'), "4 'quoted' $(reboot)");
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  t.strictSame(await lastEnds(5), ['5', '3', '2']);
  t.strictSame(await lastEnds(2), ['5', '3']);

  // A full disk cuts a line off; what is written later goes on behind it.
  appendFileSync(file, '{"event":"end","at":"6');
  t.strictSame(await lastEnds(5), ['5', '3', '2']);
});
