// How old what is off the host gets while people work, by the timers of the config: measured, not reckoned.
import { setTimeout as pause } from 'node:timers/promises';
import { people } from './bench-people.ts';
import { direct, measure } from './bench-run.ts';
import { type Row, row } from './bench-table.ts';
import type { Lab } from './lab.ts';
import { offHost } from './off-host.ts';
import { inside, variant } from './suite.ts';

const states = '/var/backups/gitea/state';

/** The worst age of the database's log and of the repositories off the host, over so many minutes, with the objectives of the default. */
export async function ages(lab: Lab, minutes: number, say: (text: string) => void): Promise<Row[]> {
  const config = await variant(lab, 'bench-age', {
    ...(await offHost(lab, 'bench-age/gitea')),
  });
  say('a place off the host, and a first generation there');
  await measure([...direct('deploy'), '--config', config, '--yes', '--json']);
  await measure([...direct('backup'), '--config', config, '--full', '--json']);
  await inside(
    lab,
    "systemctl start 'gitea-runbooks-wal.timer' 'gitea-runbooks-backup.timer' && systemctl start gitea-runbooks-wal",
  );
  const { workload, answers, stop } = await people(lab, `age${Date.now() % 100_000}`, 4);
  say(`people at work for ${minutes} minutes, beside the timers`);
  const [database, repositories]: [number[], number[]] = [[], []];
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; await pause(1000)) {
    const said = await inside(lab, `date +%s%3N; cat ${states}.wal.json; cat ${states}.backup.json`);
    const [now, wal, backup] = said.split('\n');
    database.push((Number(now) - Date.parse(JSON.parse(wal!).at)) / 1000);
    repositories.push((Number(now) - Date.parse(JSON.parse(backup!).shipped.at)) / 1000);
  }
  await stop();
  await measure([...direct('deploy'), '--config', lab.configPath, '--yes', '--json']);
  const failed =
    answers.filter(({ good }) => !good).length + workload.ledger.entries.filter((one) => one.failed).length;
  const note = `over ${minutes} minutes of work, each second; ${failed} requests failed of ${answers.length + workload.ledger.entries.length}`;
  return [
    row('age of the database off the host, at worst', 's', [Math.max(...database)], { target: 60, note }),
    row('age of the repositories off the host, at worst', 's', [Math.max(...repositories)], { target: 300 }),
  ];
}
