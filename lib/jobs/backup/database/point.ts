import { setTimeout as sleep } from 'node:timers/promises';
import { RunbookError } from '../../../core/errors.ts';
import type { RestorePoint } from '../../../core/generation.ts';
import type { Host } from '../../../host/port.ts';
import { ask } from '../../../kinds/database/index.ts';
import { stream } from '../../../phases/backup.ts';
import { containers } from '../../../phases/layout.ts';

/** What the database says of itself at the restore point. */
export interface Marked {
  readonly point: RestorePoint;
  readonly system: string;
  readonly postgres: string;
  readonly gitea: number;
}

/** A repository of the database: where it lies on the disk, and whether Gitea takes it for empty. */
export interface Row {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly empty: boolean;
}

async function answer(host: Host, sql: string): Promise<string> {
  const output = await host.query({ script: ask(containers.database, sql), timeout: 120 });
  if (output.code === 0) return output.stdout.trim();
  throw new RunbookError('changeFailed', {
    what: 'the database did not answer',
    cause: output.stderr,
    next: `on the host: docker logs --tail 30 ${containers.database}`,
  });
}

/**
 * The restore point: everything that was acknowledged before it is in the files, which are read after it. The message behind
 * it has the log written out up to there at once.
 */
export async function mark(host: Host, id: string): Promise<Marked> {
  const name = `generation_${id}`;
  const sql = `with point as materialized (select pg_create_restore_point('${name}') as lsn, clock_timestamp() as at),
flushed as materialized (select pg_logical_emit_message(false, 'gitea-runbooks', p.lsn::text, true) from point p)
select p.lsn, to_char(p.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), pg_walfile_name(p.lsn), (select system_identifier from pg_control_system()), current_setting('server_version'), (select version from version where id = 1), (select count(*) from flushed) from point p`;
  const [lsn = '', at = '', file = '', system = '', postgres = '', gitea = ''] = (await answer(host, sql)).split('\t');
  const timeline = Number.parseInt(file.slice(0, 8), 16);
  return {
    point: { name, lsn, timeline, at },
    system,
    postgres: postgres.split(' ')[0]!,
    gitea: Number(gitea),
  };
}

/** The repositories that the database knows now. */
export async function rowsNow(host: Host): Promise<readonly Row[]> {
  const sql =
    "select coalesce(json_agg(json_build_object('id', r.id, 'owner', lower(r.owner_name), 'name', r.lower_name, 'empty', r.is_empty) order by r.id), '[]') from repository r";
  return JSON.parse(await answer(host, sql)) as readonly Row[];
}

/** Whether the log is being received at this moment. Not where the database does not say so. */
export async function receives(host: Host): Promise<boolean> {
  const sql = `select active from pg_replication_slots where slot_name = '${stream.slot}'`;
  const { code, stdout } = await host.query({ script: ask(containers.database, sql), timeout: 60 });
  return code === 0 && stdout.trim() === 't';
}

/** Seconds that the receiver gets to come by itself: Docker starts it again, and waits longer each time, a minute at most. */
const comes = 90;

/** Whether the log is being received: from its slot, which has not lost its place. */
export async function streams(host: Host): Promise<boolean> {
  const sql = `select coalesce(wal_status, ''), active from pg_replication_slots where slot_name = '${stream.slot}'`;
  for (const end = Date.now() + comes * 1000; ; ) {
    const [status, active] = (await answer(host, sql)).split('\t');
    if (status === '' || status === undefined || status === 'lost') return false;
    if (active === 't') return true;
    if (Date.now() > end) return false;
    await sleep(1000);
  }
}

/**
 * Begins to receive the log anew, from where it is now. What lies in the folder is the way to where it cannot be gone on from,
 * so it goes; what was needed of it is in the generations.
 */
export async function streamAnew(host: Host, directory: string): Promise<void> {
  const wal = containers.wal;
  const drop = `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '${stream.slot}'`;
  const make = `select pg_create_physical_replication_slot('${stream.slot}', true)`;
  const output = await host.run({
    script: `docker stop -t 20 ${wal} >/dev/null || exit
${ask(containers.database, drop)} >/dev/null || exit
rm -f ${directory}/[0-9A-F]*
${ask(containers.database, make)} >/dev/null || exit
docker start ${wal} >/dev/null`,
    timeout: 120,
  });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: 'the log of the database cannot be received',
    cause: `${output.stdout}${output.stderr}`.trim(),
    next: `npx zx runbooks/deploy.mjs; on the host: docker logs --tail 30 ${wal}`,
  });
}

/** Seconds that the receiver may be behind. */
const patience = 60;

/** Waits until the log is on the disk of the backups up to a position. */
export async function received(host: Host, lsn: string): Promise<void> {
  const sql = `select coalesce(bool_or(r.write_lsn > '${lsn}'::pg_lsn), false) from pg_stat_replication r join pg_replication_slots s on s.active_pid = r.pid where s.slot_name = '${stream.slot}'`;
  for (const end = Date.now() + patience * 1000; ; ) {
    if ((await answer(host, sql)) === 't') return;
    if (Date.now() > end) break;
    await sleep(300);
  }
  throw new RunbookError('changeFailed', {
    what: `the log of the database did not arrive within ${patience} s`,
    next: `on the host: docker logs --tail 30 ${containers.wal}; df -h`,
  });
}
