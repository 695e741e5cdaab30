// How old what is off the host gets while people work, by the timers of the config: measured, not reckoned.
import { setTimeout as pause } from 'node:timers/promises';
import { failedOf, people, waits } from './bench-people.ts';
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
    // Those of the lab are long, so that nothing comes by itself.
    'backup.objectives': { database: '60s', repositories: '5m' },
  });
  say('a place off the host, and a first generation there');
  await measure([...direct('deploy'), '--config', config, '--yes', '--json']);
  await measure([...direct('backup'), '--config', config, '--full', '--json']);
  const timers = "'gitea-runbooks-wal.timer' 'gitea-runbooks-backup.timer'";
  await inside(lab, `systemctl stop ${timers}`);
  const { workload, answers, stop } = await people(lab, `age${Date.now() % 100_000}`, 4);
  say(`people at work for ${minutes / 2} minutes without them, and for ${minutes} beside the timers`);
  await pause(minutes * 30_000);
  await inside(lab, `systemctl start ${timers} && systemctl start gitea-runbooks-wal gitea-runbooks-backup`);
  const began = Date.now();
  const [database, repositories]: [number[], number[]] = [[], []];
  for (const end = began + minutes * 60_000; Date.now() < end; await pause(1000)) {
    const said = await inside(lab, `date +%s%3N; cat ${states}.wal.json; cat ${states}.backup.json`);
    const [now, wal, backup] = said.split('\n');
    database.push((Number(now) - Date.parse(JSON.parse(wal!).at)) / 1000);
    repositories.push((Number(now) - Date.parse(JSON.parse(backup!).shipped.at)) / 1000);
  }
  await stop();
  await measure([...direct('deploy'), '--config', lab.configPath, '--yes', '--json']);
  const all = answers.length + workload.ledger.entries.length;
  const note = `over ${minutes} minutes of work, each second; ${failedOf({ answers, workload })} requests failed of ${all}`;
  return [
    row('age of the database off the host, at worst', 's', [Math.max(...database)], { target: 60, note }),
    row('age of the repositories off the host, at worst', 's', [Math.max(...repositories)], { target: 300 }),
    ...waits({ answers, workload }, (at, beside) => at > began === beside, 'beside the timers'),
  ];
}
