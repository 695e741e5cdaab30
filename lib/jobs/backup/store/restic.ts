import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { quote } from '../../../core/quote.ts';
import type { Secret } from '../../../core/secret.ts';
import type { Host, Output } from '../../../host/port.ts';
import { backupKeyFile, remoteFile } from '../../../phases/backup.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { containerPrefix, freeLocks, machineHere } from './locks.ts';

/** Where copies are: on the host, and off it. */
export type Place = 'local' | 'remote';

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly writable?: boolean;
}

export interface ResticCall {
  /** One word; two calls with the same one never run at once, those of `looks` apart. */
  readonly what: string;
  /** It only reads, and holds the lock of no job: others may do the same at the same moment. */
  readonly looks?: boolean;
  readonly place: Place;
  /**
   * POSIX shell inside of restic's container. `archive` and `recent` are restic with the repository of that name in the place;
   * `answers NAME` ends the script where that repository does not answer within a minute, `reached` where the place does not, and
   * goes on where it holds nothing yet; `limit=SECONDS` bounds each call after it.
   * `snapshots NAME` lists one as JSON: identifier, time, tree, tags and summary of each snapshot.
   * `from_archive` and `from_recent` are the words that name those of the host as the ones to copy from.
   */
  readonly script: string;
  readonly mounts?: readonly Mount[];
  /** Whether it gives files to their owners. */
  readonly restores?: boolean;
  /** Everybody waits for it: it takes all processors, where the others take what people leave of one. */
  readonly urgent?: boolean;
  /** Shell that sets credentials, over those of the host. It comes by standard input, and is in no file and no argument. */
  readonly given?: Secret;
  /** Seconds. */
  readonly timeout: number;
  readonly onLine?: (line: string) => void;
}

/**
 * Runs restic on the host, in a container that can reach what it needs and no more. Throws `changeFailed` where the key does not
 * open a repository; every other end is an output.
 */
export type Restic = (call: ResticCall) => Promise<Output>;

/** Exit codes of restic that say something by themselves. */
export const resticExit = { incomplete: 3, noRepository: 10, locked: 11, wrongKey: 12 } as const;

const secrets = '/run/secrets';

/** Seconds for a place to answer. */
const patience = 60;

/**
 * restic for a config. `memoryMiB`: the limit of the container, page cache of what it reads included. A run that was left
 * behind under the same name is ended first: whoever calls holds the lock of its job, or has a name of its own. Where a repository is locked, the locks
 * that runs of this host have left go at once, which is told; others are waited for.
 */
export function resticOn(
  host: Host,
  config: Config,
  memoryMiB: number,
  tell: (text: string) => void = () => {},
): Restic {
  const start = inContainer(host, config, memoryMiB);
  return async (call) => {
    let output = await start(call);
    if (output.code === resticExit.locked) {
      const ask = (script: string) => start({ ...call, what: `${call.what}-locks`, script, timeout: 300 });
      await freeLocks(host, call.place, ask, tell);
      // Whoever is at work: an operator who prunes, for one.
      output = await start({ ...call, script: `wait=5m\n${call.script}` });
    }
    if (output.code === resticExit.wrongKey) throw keyDoesNotOpen(config, call.place);
    return output;
  };
}

function inContainer(host: Host, config: Config, memoryMiB: number): Restic {
  const { root, cache } = backupPaths(config);
  return ({ what, looks, place, script, mounts = [], restores, urgent, given, timeout, onLine }) => {
    const name = `${containerPrefix}${what}${looks ? `-${process.pid}` : ''}`;
    const remote = place === 'remote';
    const all: readonly Mount[] = [
      { source: root, target: '/local', writable: true },
      { source: cache, target: '/cache', writable: true },
      { source: backupKeyFile, target: `${secrets}/key` },
      ...(remote ? [{ source: remoteFile, target: `${secrets}/remote` }] : []),
      // By the key and the known hosts of root, as `ssh` on the host takes them.
      ...(remote && config.backup.remote?.repository.startsWith('sftp:')
        ? [{ source: '/root/.ssh', target: '/root/.ssh' }]
        : []),
      ...mounts,
    ];
    const words = [
      ...['docker', 'run', '--rm', ...(given ? ['-i'] : []), '--name', name, '--pull', 'never'],
      // Each under a name of its own, so that restic takes no lock of a neighbour for that of a process that is gone.
      // By the host's own network: there are the credentials of a host on AWS, and its way to a network of the operator's.
      ...['--network', remote ? 'host' : 'none', '--hostname', `${name}-${machineHere()}`],
      ...['--memory', `${memoryMiB}m`, '--pids-limit', '128', '--read-only', '--tmpfs', '/tmp'],
      ...(urgent ? [] : ['--cpu-shares', '128', '-e', 'GOMAXPROCS=1']),
      ...['--cap-drop', 'ALL', ...capabilities(restores ?? false).flatMap((one) => ['--cap-add', one])],
      ...['--security-opt', 'no-new-privileges:true', '--log-driver', 'none'],
      ...['-e', `GOMEMLIMIT=${Math.floor(memoryMiB * 0.8)}MiB`, '-e', 'RESTIC_PROGRESS_FPS=0.2'],
      ...all.flatMap(({ source, target, writable }) => [
        '--mount',
        `type=bind,source=${source},target=${target}${writable ? '' : ',readonly'}`,
      ]),
      ...[
        '--entrypoint',
        'sh',
        config.images.restic,
        '-c',
        inside({
          // Nobody ends one that was left behind: its name is not given again.
          script: looks ? `limit=${timeout}\n${script}` : script,
          ...{ remote, given: given !== undefined, limit: config.backup.remote?.uploadLimit },
        }),
      ],
    ];
    const command = `docker rm -f ${quote(name)} >/dev/null 2>&1\nexec ${words.map(quote).join(' ')}`;
    return host.run({
      ...(given ? { argv: ['sh', '-c', command], stdin: given } : { script: command }),
      timeout,
      ...(onLine ? { onLine } : {}),
    });
  };
}

const capabilities = (restores: boolean) => (restores ? ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] : ['DAC_READ_SEARCH']);

/**
 * `snapshots NAME`: the list of a repository as JSON, with no more than is asked for. A snapshot of changes names all that it
 * was given, which may be thousands of paths: a day of them is more than a call may print. In JSON a quote within a path comes
 * with a backslash, so that no path looks like one of the fields.
 */
export const listing = `snapshots() {
  { code=$({ { run "$1" snapshots --json --no-lock; echo $? >&3; } |
    grep -oE '"time":"[^"]+"|"tree":"[0-9a-f]+"|"tags":\\[[^]]*\\]|"summary":\\{[^}]*\\}|"id":"[0-9a-f]+"' |
    sed -e 's/^"time".*/{&,/' -e 's/^"[ts][rau].*/&,/' -e 's/^"id".*/&},/' | tr -d '\\n' | sed -e 's/^/[/' -e 's/,$/]/' >&4; } 3>&1); } 4>&1
  echo; return "$code"
}`;

/**
 * `answers NAME`: restic tries for a quarter of an hour what does not answer at once, which is too long where others wait. When
 * it is ended, its last words are of that alone; why it had tried again stands further up.
 */
export const answering = `answers() {
  said=$(timeout ${patience} restic -r "$base/$1" --no-lock cat config 2>&1) || {
    code=$?
    said=$(printf '%s\\n' "$said" | tr -d '\\r')
    why=$(printf '%s\\n' "$said" | grep ', retrying after ' | tail -n 1)
    printf '%s\\n' "\${why:-$(printf '%s\\n' "$said" | tail -n 3)}" >&2
    exit $code
  }
}
reached() { [ "$base" = /local ] || (answers archive) || { code=$?; [ $code = ${resticExit.noRepository} ] || exit $code; }; }`;

const inside = ({
  remote,
  script,
  given,
  limit,
}: {
  readonly remote: boolean;
  readonly script: string;
  readonly given: boolean;
  readonly limit: number | undefined;
}) => `set -u
export RESTIC_CACHE_DIR=/cache RESTIC_PASSWORD_FILE=${secrets}/key
base=/local
${remote ? `. ${secrets}/remote; base=$REMOTE` : ''}
${given ? 'eval "$(cat)"' : ''}
run() { repository=$1; shift; \${limit:+timeout -s INT -k 20 "$limit"} restic -r "$base/$repository" --retry-lock "\${wait:-0s}"${limit === undefined ? '' : ` --limit-upload ${limit}`} "$@"; }
${answering}
${listing}
archive() { run archive "$@"; }
recent() { run recent "$@"; }
from_archive='--from-repo /local/archive --from-password-file ${secrets}/key'
from_recent='--from-repo /local/recent --from-password-file ${secrets}/key'
${script}`;

const keyDoesNotOpen = ({ backup }: Config, place: Place) =>
  new RunbookError('changeFailed', {
    what: `the backup_key on the host does not open the ${place} repositories (${place === 'local' ? backup.local.path : backup.remote?.repository})`,
    next: 'nothing was written there, and no other repository was made. Put the right key back: docs/runbooks/lost-key.md, "Another key than on the host"',
  });
