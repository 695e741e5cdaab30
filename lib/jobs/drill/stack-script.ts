import { databaseName } from '../../core/database-roles.ts';
import { quote } from '../../core/quote.ts';
import { users } from '../../phases/layout.ts';
import { databaseData } from '../restore/index.ts';

/** Who has a stack beside the one in use: in the names of all that it consists of. */
export type Who = 'drill' | 'scratch';

/** Folders are those of the host. */
export interface Stack {
  readonly who: Who;
  readonly images: { readonly gitea: string; readonly postgres: string };
  /** Where the database keeps its files, and who may log in to it. */
  readonly postgres: string;
  readonly access: string;
  readonly data: string;
  readonly settings: string;
  readonly temporary: string;
  /** Seconds for each of the two to come up. */
  readonly limit: number;
}

/** Of the containers. The database gets along with less than in use, for a few who ask it. */
export const memoryMiB = { database: 384, gitea: 640 } as const;

export const namesOf = (who: Who) => ({
  network: `gitea-${who}`,
  database: `gitea-${who}-postgres`,
  gitea: `gitea-${who}-gitea`,
  /** For what is looked at in passing. */
  look: `gitea-${who}-look`,
});

const mount = (source: string, target: string, readonly = false) =>
  `--mount=type=bind,source=${source},target=${target}${readonly ? ',readonly' : ''}`;

/** What holds for all of them: no right, no way out, nothing published, and they do not come back by themselves. */
export const bounded = (uid: number, mebibytes: number, network: string) => [
  ...['--pull', 'never', '--network', network, '--user', `${uid}:${uid}`, '--read-only', '--cap-drop', 'ALL'],
  ...['--security-opt', 'no-new-privileges:true', '--memory', `${mebibytes}m`, '--cpu-shares', '128'],
];

/** Prints nothing, and never fails: what is not there need not go. Containers of the steps before are among them. */
export const removeScript = (
  who: Who,
) => `docker ps -a --format '{{.Names}}' 2>/dev/null | grep -E '^gitea(-backup)?-${who}-' | xargs -r docker rm -f >/dev/null 2>&1
docker network rm gitea-${who} >/dev/null 2>&1
true`;

/**
 * A database and a Gitea on restored data, in a network that leads nowhere: only the host itself reaches them. Prints the
 * address of Gitea. Whoever comes up neither leaves its last words.
 */
export function startScript(stack: Stack): string {
  const { who, images, limit } = stack;
  const names = namesOf(who);
  const settings = {
    ...{ listen_addresses: '*', unix_socket_directories: '/var/run/postgresql', hba_file: '/etc/access/pg_hba.conf' },
    ...{ shared_buffers: '96MB', max_connections: '100', archive_mode: 'off', summarize_wal: 'off', ssl: 'off' },
    ...{ logging_collector: 'off', log_destination: 'stderr', shared_preload_libraries: '' },
  };
  const database = [
    ...['docker', 'run', '--detach', '--name', names.database, '--network-alias', 'database'],
    ...bounded(users.postgres, memoryMiB.database, names.network),
    ...['--pids-limit', '256', '--shm-size', '64m', '--tmpfs', '/tmp:mode=1777,size=64m', '--stop-timeout', '60'],
    ...['--tmpfs', `/var/run/postgresql:uid=${users.postgres},gid=${users.postgres},mode=0755,size=1m`],
    ...[mount(stack.postgres, '/var/lib/postgresql'), mount(stack.access, '/etc/access', true)],
    ...['--entrypoint', 'postgres', images.postgres, '-D', databaseData],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const gitea = [
    ...['docker', 'run', '--detach', '--name', names.gitea, '--network-alias', 'gitea'],
    ...bounded(users.gitea, memoryMiB.gitea, names.network),
    ...['--pids-limit', '512', '--stop-timeout', '60'],
    ...[mount(stack.data, '/var/lib/gitea'), mount(stack.settings, '/etc/gitea', true), mount(stack.temporary, '/tmp')],
    images.gitea,
  ];
  const healthy = `curl -fsS --max-time 5 http://127.0.0.1:3000/api/healthz | grep -q '"database:ping"'`;
  return `${removeScript(who)}
comes() {
  name=$1; shift
  end=$(($(date +%s) + ${limit}))
  until docker exec "$name" "$@" >/dev/null 2>&1; do
    [ "$(docker inspect -f '{{.State.Running}}' "$name")" = true ] && [ "$(date +%s)" -lt "$end" ] || { echo "the last words of $name:" >&2; docker logs --tail 12 "$name" >&2; exit 1; }
    sleep 0.5
  done
}
docker network create --internal ${names.network} >/dev/null || exit
${database.map(quote).join(' ')} >/dev/null || exit
comes ${names.database} pg_isready -q -h 127.0.0.1 -d ${databaseName}
${gitea.map(quote).join(' ')} >/dev/null || exit
comes ${names.gitea} sh -c ${quote(healthy)}
docker inspect -f '{{(index .NetworkSettings.Networks "${names.network}").IPAddress}}' ${names.gitea}`;
}
