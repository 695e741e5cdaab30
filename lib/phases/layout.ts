import type { Config } from '../config/config.types.ts';

/** Where everything lies on a managed host. Numeric users are those of the images. */
export const layout = {
  etc: '/etc/gitea-runbooks',
  config: '/etc/gitea-runbooks/config.json',
  caBundle: '/etc/gitea-runbooks/ca-bundle.pem',
  secrets: '/etc/gitea-runbooks/secrets',
  opt: '/opt/gitea-runbooks',
  node: '/opt/gitea-runbooks/node',
  releases: '/opt/gitea-runbooks/releases',
  current: '/opt/gitea-runbooks/current',
  program: '/opt/gitea-runbooks/current/gitea-runbooks.mjs',
  state: '/var/lib/gitea-runbooks',
  runs: '/var/lib/gitea-runbooks/runs.jsonl',
} as const;

/** The users that the containers run as. */
export const users = { postgres: 999, gitea: 1000, proxy: 101 } as const;

export const project = 'gitea';

/** Names as Compose gives them by default. */
export const containers = {
  database: `${project}-database-1`,
  gitea: `${project}-gitea-1`,
  proxy: `${project}-proxy-1`,
} as const;

export const networks = { frontend: `${project}_frontend`, backend: `${project}_backend` } as const;

/** The data of the installation, below `host.dataPath`. */
export function dataPaths({ host }: Pick<Config, 'host'>) {
  const root = host.dataPath;
  return {
    root,
    compose: `${root}/compose.yaml`,
    postgres: `${root}/postgres`,
    gitea: `${root}/gitea`,
    giteaData: `${root}/gitea/data`,
    giteaConfig: `${root}/gitea/config`,
    giteaTmp: `${root}/gitea/tmp`,
    nginx: `${root}/nginx`,
    tls: `${root}/tls`,
    letsencrypt: `${root}/letsencrypt`,
    acme: `${root}/acme`,
  };
}
