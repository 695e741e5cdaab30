import type { Base } from '../../../core/generation.ts';
import { quote } from '../../../core/quote.ts';
import { users } from '../../../phases/layout.ts';

/** Where a database is brought about, and from what. Folders are those of the host. */
export interface Recovery {
  /** Name of the container; who calls holds a lock on it. */
  readonly container: string;
  readonly image: string;
  /** Copies of the database: one whole one and those of changes on top, oldest first, each a folder below `bases`. */
  readonly bases: string;
  readonly chain: readonly Base[];
  /** The log, in which the last file may be half of one, `NAME.partial`. */
  readonly wal: string;
  /** What is mounted where the image keeps its data; empty, or left by an earlier call. */
  readonly target: string;
  readonly timeline: number;
  readonly to: Target;
  /** Stop there, at this position, and answer without taking a line of its own: it can be gone on with from there. */
  readonly pauseAt?: string;
}

/**
 * Up to where the log is replayed: a restore point, all that was committed by a moment (ISO 8601), or all that there is. At the
 * end PostgreSQL does not tell whether that was the end or a hole: look beforehand.
 */
export type Target = { readonly name: string } | { readonly time: string } | 'end';

/** The image keeps the data of a major version in a folder of its own. */
export const databaseData = '/var/lib/postgresql/18/docker';
const data = databaseData;

const mount = (source: string, target: string, readonly: boolean) =>
  `--mount type=bind,source=${source},target=${target}${readonly ? ',readonly' : ''}`;

/** No network at all: what is brought about here must reach nobody and be reached by nobody. */
const run = ({ container, target, wal }: Recovery, more: readonly string[]) =>
  [
    ...['docker', 'run', '--name', container, '--pull', 'never', '--network', 'none', '--read-only'],
    ...[
      '--user',
      `${users.postgres}:${users.postgres}`,
      '--cap-drop',
      'ALL',
      '--security-opt',
      'no-new-privileges:true',
    ],
    ...['--shm-size', '64m', '--tmpfs', '/tmp:mode=1777,size=64m'],
    ...['--tmpfs', `/var/run/postgresql:uid=${users.postgres},gid=${users.postgres},mode=0755,size=1m`],
    ...mount(target, '/var/lib/postgresql', false).split(' '),
    ...mount(wal, '/wal', true).split(' '),
    ...more,
  ]
    .map(quote)
    .join(' ');

/** Takes the container away, and with it what runs in it. That there is none is how it should be: no failure. */
export const removeScript = (container: string) => `docker rm -f ${quote(container)} >/dev/null 2>&1 || true`;

/**
 * Makes one folder of data of the copies. Every copy is checked against its own list of checksums first: joining them would
 * make a damaged file part of a sound whole, with checksums of its own. Prints which copy is looked at.
 */
export function joinScript(recovery: Recovery): string {
  const { container, image, bases, chain } = recovery;
  const folders = chain.map(({ name }) => `/base/${name}`);
  const checks = chain.map(({ name, sha256 }) => {
    const folder = quote(`/base/${name}`);
    return `echo ${quote(`checking ${name}`)}
echo ${quote(`${sha256}  /base/${name}/backup_manifest`)} | sha256sum --check --status || { echo ${quote(`${name}: its list of checksums is not the one that the generation names`)} >&2; exit 1; }
pg_verifybackup --no-parse-wal --quiet ${folder}`;
  });
  const inside = `set -eu
umask 077
${checks.join('\n')}
rm -rf ${data} ${data}.new
mkdir -p ${data.slice(0, data.lastIndexOf('/'))}
echo 'putting the copies together'
pg_combinebackup ${folders.map(quote).join(' ')} --output=${data}.new
rm -f ${data}.new/standby.signal ${data}.new/postmaster.pid
if [ -e ${data}.new/postgresql.auto.conf ]; then sed -i -E '/^[[:space:]]*(${settingsOfRecovery})[[:space:]]*=/d' ${data}.new/postgresql.auto.conf; fi
touch ${data}.new/recovery.signal
mv -T ${data}.new ${data}
sync -f ${data}`;
  return `${removeScript(container)}
exec ${run(recovery, ['--rm', mountWord(bases), '--entrypoint', 'bash', image, '-c', inside])}`;
}

const mountWord = (bases: string) => `--mount=type=bind,source=${bases},target=/base,readonly`;

/** What would have a database that is started later recover anew, or wait for another one. They come by the command line here. */
const settingsOfRecovery =
  'restore_command|archive_cleanup_command|recovery_[a-z_]+|primary_conninfo|primary_slot_name|archive_mode|archive_command|archive_library';

/** A file that is not there is the end of the log; one that cannot be read must not look like that. */
const restoreCommand =
  'if [ -f "/wal/%f" ]; then cp "/wal/%f" "%p" || exit 200; elif [ -f "/wal/%f.partial" ]; then cp "/wal/%f.partial" "%p" || exit 200; else exit 1; fi';

/** As PostgreSQL takes it in a setting, where it knows no `Z`. */
const settingOf = (time: string) => time.replace('T', ' ').replace('Z', '+00');

function targetSettings(to: Target): Readonly<Record<string, string>> {
  if (to === 'end') return {};
  return 'name' in to ? { recovery_target_name: to.name } : { recovery_target_time: settingOf(to.time) };
}

/** Starts the database on what was joined. It recovers, takes a line of its own from there on, and answers over its socket. */
export function startScript(recovery: Recovery): string {
  const { container, image, timeline, to, pauseAt } = recovery;
  const settings = {
    ...{ listen_addresses: '', unix_socket_directories: '/var/run/postgresql', ssl: 'off', hot_standby: 'on' },
    ...{ restore_command: restoreCommand, recovery_target_timeline: String(timeline) },
    ...targetSettings(to),
    ...{
      recovery_target_action: pauseAt === undefined ? 'promote' : 'pause',
      archive_mode: 'off',
      summarize_wal: 'off',
    },
    ...{ logging_collector: 'off', log_destination: 'stderr', lc_messages: 'C', log_line_prefix: '' },
    ...{ shared_preload_libraries: '', max_connections: '100' },
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return `${removeScript(container)}
exec ${run(recovery, ['--detach', '--entrypoint', 'postgres', image, '-D', data, ...words])}`;
}

/**
 * Where it stands: "recovering" or "done" or "ended", and a word that changes as long as it gets on: the position, the file that
 * is replayed (in the title of its process), and how much it has logged.
 */
export const lookScript = ({ container, pauseAt }: Pick<Recovery, 'container' | 'pauseAt'>) => `name=${quote(container)}
if [ "$(docker inspect -f '{{.State.Running}}' "$name" 2>/dev/null)" != true ]; then echo ended; exit 0; fi
docker exec "$name" sh -c ${quote(`case "$(psql -U postgres -d postgres -XqtA -c "${reached(pauseAt)}" 2>/dev/null)" in f) echo done ;; *) echo recovering ;; esac
psql -U postgres -d postgres -XqtA -c 'select pg_last_wal_replay_lsn()' 2>/dev/null
for file in /proc/[0-9]*/cmdline; do tr '\\000' ' ' 2>/dev/null <"$file" | grep -o 'startup recovering.*'; done`)} || echo recovering
docker logs "$name" 2>&1 | wc -c`;

/** False once it has come to where it shall. It pauses elsewhere too: where it would need more connections than it has. */
const reached = (pauseAt: string | undefined) =>
  pauseAt === undefined
    ? 'select pg_is_in_recovery()'
    : `select pg_get_wal_replay_pause_state() <> 'paused' or pg_last_wal_replay_lsn() < '${pauseAt}'`;

/** The last words of the database. */
export const logScript = (container: string, lines = 12) => `docker logs --tail ${lines} ${quote(container)} 2>&1`;

/** A clean end, which the next start needs no log for. Prints the state that the data are in. */
export const stopScript = (
  { container, image, target }: Recovery,
  seconds: number,
) => `docker stop -t ${seconds} ${quote(container)} >/dev/null
${removeScript(container)}
docker run --rm --name ${quote(container)} --pull never --network none --user ${users.postgres}:${users.postgres} ${mount(target, '/var/lib/postgresql', true)} --entrypoint pg_controldata ${quote(image)} -D ${data} | sed -n 's/^Database cluster state: *//p'`;
