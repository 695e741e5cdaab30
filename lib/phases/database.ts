import type { Config } from '../config/config.types.ts';
import { firstLogin, loginOf, loginRoles } from '../core/database-login.ts';
import { databaseRoles } from '../core/database-roles.ts';
import { sha256 } from '../core/hash.ts';
import type { ClaimSpec, ClusterSpec, DatabasePlace, LoginSpec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { composeWord } from '../render/words.ts';
import { healthOf } from './health.ts';
import { containers, dataPaths, project, users } from './layout.ts';
import { clamp } from './memory.ts';
import type { DesiredInput, Phase } from './phase.ts';
import { specsOf } from './specs.ts';

const name = 'database';
const { directory, file } = specsOf(name);

/** As the container sees it. A folder is mounted rather than the file, so that a replaced file is seen. */
const mounted = '/etc/gitea-runbooks';
const accessFile = `${mounted}/pg_hba.conf`;

export const maxConnections = 100;

/** The checkpoint of a stop. */
const grace = 120;

/** First line of every file of ours that has comments. */
const managedBy = '# Managed by gitea-runbooks: changes made here are overwritten by the next deploy.';

/** PostgreSQL: its folder here, its service in the compose file. */
export const database: Phase = {
  name,
  needs: ['secrets'],
  desired: (input) => {
    const paths = dataPaths(input.config);
    // For root alone, like every way to what is below: the users of the images are numbers, and on the host another account
    // may have the same one. The first person's is usually 1000, Gitea's, whose app.ini holds all secrets. Docker mounts as root.
    return [
      directory(paths.root, '0700'),
      dataClaim(paths.root),
      directory(paths.postgres, '0700', users.postgres),
      directory(paths.postgresConfig),
      file(`${paths.postgresConfig}/pg_hba.conf`, accessRules(input), { impact: 'reload' }),
    ];
  },
  services: ({ images }) => [
    {
      name,
      image: images.postgres,
      impact: 'downtime',
      data: 'postgres',
      memory: { least: 512, share: 1 / 4, most: 16384 },
      grace,
      text: databaseService,
    },
  ],
  networks: () => [
    {
      name: 'backend',
      text: ({ assets }) => render('compose/backend.yaml', assets.templates('compose/backend.yaml'), {}),
    },
  ],
  secrets: () => [
    {
      secret: 'postgres_password',
      bound: 'the kept database password is another one than that of the host, for the same login',
    },
  ],
  beforeStart: (input, phase) => [clusterSpec(input, phase), loginInUse(input, phase)],
  // What was in use before goes when nothing can need it any more.
  afterStart: (input, phase) => (input.replacing ? [] : loginsNotInUse(input, phase)),
};

/** Who may log in to the database from where. */
export function accessRules({ config, assets }: DesiredInput): string {
  const template = 'postgres/pg_hba.conf';
  const roles = Object.entries(databaseRoles).filter(
    ([, { exists, for: part }]) => exists && (part !== 'backup' || config.backup.enabled),
  );
  const reaching = (wanted: string, into: readonly string[]) =>
    roles.flatMap(([role, { reach, enters }]) => (reach === wanted && into.includes(enters) ? [role] : []));
  return render(template, assets.templates(template), {
    socket: reaching('socket', ['all']),
    network: reaching('network', ['gitea']),
    streaming: reaching('network', ['replication']),
  });
}

/** The cluster that all logins are in. */
function clusterSpec(input: DesiredInput, phase: string): ClusterSpec {
  const paths = dataPaths(input.config);
  const access = { path: `${paths.postgresConfig}/pg_hba.conf`, inside: accessFile, hash: sha256(accessRules(input)) };
  // The image keeps the data of a major version in a folder of its own.
  const data = `${paths.postgres}/18/docker`;
  return { kind: 'cluster', id: 'cluster', phase, ...placeOf(input.config), data, access };
}

export const placeOf = (config: Config): DatabasePlace => ({
  database: containers.database,
  project,
  composeFile: dataPaths(config).compose,
});

function dataClaim(path: string): ClaimSpec {
  return {
    ...{ kind: 'claim', id: `claim:${path}`, phase: name, path, key: 'host.dataPath' },
    mark: '.gitea-runbooks',
    text: 'The data of Gitea, made by gitea-runbooks. This file tells the next deploy that the directory is its own.\n',
    before: { file: 'compose.yaml', firstLine: managedBy },
  };
}

/** The database login that Gitea uses. */
function loginInUse({ config, secrets, replacing }: DesiredInput, phase: string): LoginSpec {
  return { ...loginSpec(config, phase, loginOf(secrets.postgres_password)), ...(replacing ? { reopen: true } : {}) };
}

/** The others, which nobody may log in as. */
function loginsNotInUse({ config, secrets }: DesiredInput, phase: string): LoginSpec[] {
  const { role: used } = loginOf(secrets.postgres_password);
  return loginRoles
    .filter((role) => role !== used)
    .map((role) => loginSpec(config, phase, { role, password: undefined }));
}

function loginSpec(config: Config, phase: string, wanted: Pick<LoginSpec, 'role' | 'password'>): LoginSpec {
  return {
    kind: 'login',
    id: `login:${wanted.role}`,
    phase,
    role: wanted.role,
    password: wanted.password,
    ...placeOf(config),
  };
}

/** The service `database` of the compose file. */
function databaseService(input: DesiredInput, limitMiB: number): string {
  const template = 'compose/database.yaml';
  const memory = databaseMemory(limitMiB);
  return render(template, input.assets.templates(template), {
    q: composeWord,
    image: input.config.images.postgres,
    grace,
    memory,
    settings: [...settings(memory), ...(input.config.backup.enabled ? streamed : [])],
    paths: dataPaths(input.config),
    mounted,
    probeAs: firstLogin,
    health: healthOf(input),
  });
}

interface DatabaseMemory {
  /** Limit of the container, page cache of its files included. */
  readonly limitMiB: number;
  /** /dev/shm, which parallel queries use. Counts towards the limit. */
  readonly sharedMiB: number;
  readonly sharedBuffersMiB: number;
  readonly effectiveCacheMiB: number;
  readonly maintenanceMiB: number;
  readonly workMiB: number;
}

/** Settings of PostgreSQL that fit its container: it sees the memory of the host, not its limit. */
export function databaseMemory(limitMiB: number): DatabaseMemory {
  return {
    limitMiB,
    sharedMiB: clamp(64, limitMiB / 8, 1024),
    sharedBuffersMiB: clamp(128, limitMiB / 4, 4096),
    effectiveCacheMiB: Math.floor((limitMiB * 3) / 4),
    maintenanceMiB: clamp(32, limitMiB / 16, 512),
    // Each sort of each of up to 100 connections may take this much; few do at once.
    workMiB: clamp(4, limitMiB / 128, 64),
  };
}

/** For the backups: what has changed since the last copy is known, and a log that nobody fetches does not fill the disk. */
const streamed: readonly [string, string][] = [
  ['summarize_wal', 'on'],
  // More than a burst of writing, or it would cut off a receiver that is well (docs/concepts/backup.md).
  ['max_slot_wal_keep_size', '4GB'],
];

function settings(memory: DatabaseMemory): [string, string][] {
  return [
    ['hba_file', accessFile],
    ['max_connections', String(maxConnections)],
    ['shared_buffers', `${memory.sharedBuffersMiB}MB`],
    ['effective_cache_size', `${memory.effectiveCacheMiB}MB`],
    ['maintenance_work_mem', `${memory.maintenanceMiB}MB`],
    ['work_mem', `${memory.workMiB}MB`],
    // Any disk of a server today reads at random nearly as fast as in a row.
    ['random_page_cost', '1.1'],
    ['wal_compression', 'on'],
    // What an operator wants to find in the log: statements over a second, waits for a lock, temporary files over 10 MB.
    ['log_min_duration_statement', '1s'],
    ['log_lock_waits', 'on'],
    ['log_temp_files', '10MB'],
    ['log_checkpoints', 'on'],
    ['log_line_prefix', '%m [%p] %q%u@%d '],
    // A client whose host vanished must not hold its locks for hours.
    ['tcp_keepalives_idle', '60'],
    ['tcp_keepalives_interval', '10'],
    ['tcp_keepalives_count', '6'],
  ];
}
