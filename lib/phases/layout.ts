import type { Config } from '../config/config.types.ts';

/** Where everything lies on a managed host. Numeric users are those of the images. */
export const layout = {
  etc: '/etc/gitea-runbooks',
  config: '/etc/gitea-runbooks/config.json',
  caBundle: '/etc/gitea-runbooks/ca-bundle.pem',
  firewall: '/etc/gitea-runbooks/firewall.nft',
  secrets: '/etc/gitea-runbooks/secrets',
  opt: '/opt/gitea-runbooks',
  node: '/opt/gitea-runbooks/node',
  releases: '/opt/gitea-runbooks/releases',
  current: '/opt/gitea-runbooks/current',
  program: '/opt/gitea-runbooks/current/gitea-runbooks.mjs',
  state: '/var/lib/gitea-runbooks',
  runs: '/var/lib/gitea-runbooks/runs.jsonl',
  marks: '/var/lib/gitea-runbooks/marks',
  kept: '/var/lib/gitea-runbooks/kept',
  /** What goes on, what was told of it, and what the watch remembers of its last looks. */
  notices: '/var/lib/gitea-runbooks/notices.json',
  noticeLog: '/var/lib/gitea-runbooks/notices.jsonl',
  watch: '/var/lib/gitea-runbooks/watch.json',
  /** Where Debian's prometheus-node-exporter reads text files. */
  metrics: '/var/lib/prometheus/node-exporter',
} as const;

/** The users that the containers run as. */
export const users = { postgres: 999, gitea: 1000, proxy: 101 } as const;

export const project = 'gitea';

/** The name that Compose gives to the container of a service by default. */
export const containerOf = (service: string) => `${project}-${service}-1`;

/** Those that others act through. */
export const containers = {
  database: containerOf('database'),
  wal: containerOf('wal'),
  gitea: containerOf('gitea'),
  proxy: containerOf('proxy'),
} as const;

/** The name that Docker knows a network of the project by. */
export const networkOf = (name: string) => `${project}_${name}`;
export const networks = { frontend: networkOf('frontend'), backend: networkOf('backend') } as const;

/** What lies below Gitea's data, as app.ini has it. */
export const giteaData = {
  repositories: 'git/repositories',
  lfs: 'git/lfs',
  attachments: 'data/attachments',
  packages: 'packages',
  /** What it has acknowledged and not done yet. */
  queues: 'queues',
  /** Made again by Gitea, or of no use to another process: indexers, or they would never be rebuilt. */
  madeAgain: ['indexers', 'repo-archive', 'tmp', 'home', 'sessions', 'data/sessions', 'data/log', 'log'],
} as const;

/** The backups on the host, below `backup.local.path`. */
export function backupPaths({ backup }: Pick<Config, 'backup'>) {
  const root = backup.local.path;
  return {
    root,
    /** Two repositories of restic: whole generations, and what came in between. */
    archive: `${root}/archive`,
    recent: `${root}/recent`,
    /** What restic has read of them and of those off the host. */
    cache: `${root}/cache`,
    /** The database's log, as it is written. */
    wal: `${root}/wal`,
    /** Copies of the database from which that log leads on. */
    base: `${root}/base`,
    /** What goes into the next generation beside the live files. */
    stage: `${root}/stage`,
    /** What the last generations were made of: one file each. */
    generations: `${root}/generations`,
  };
}

/** The data of the installation, below `host.dataPath`. */
export function dataPaths({ host }: Pick<Config, 'host'>) {
  const root = host.dataPath;
  return {
    root,
    compose: `${root}/compose.yaml`,
    postgres: `${root}/postgres`,
    postgresConfig: `${root}/postgres-config`,
    gitea: `${root}/gitea`,
    giteaData: `${root}/gitea/data`,
    giteaConfig: `${root}/gitea/config`,
    giteaTmp: `${root}/gitea/tmp`,
    nginx: `${root}/nginx`,
    tls: `${root}/tls`,
    letsencrypt: `${root}/letsencrypt`,
    acme: `${root}/acme`,
    /** What a drill restores, for as long as it lasts. */
    drill: `${root}/drill`,
  };
}
