import { existsSync, readdirSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { backupPaths, dataPaths, giteaData } from '../../../phases/layout.ts';
import type { Mount } from './restic.ts';

/** Where everything of a generation stands in restic's container, and so in the snapshot. */
export const generationRoot = '/generation';

/** The live files and what was prepared beside them, for reading. */
export function sources(config: Config): Mount[] {
  const data = dataPaths(config);
  const own = backupPaths(config);
  const all = {
    data: data.giteaData,
    config: data.giteaConfig,
    tls: data.tls,
    letsencrypt: data.letsencrypt,
    base: own.base,
    wal: own.wal,
    stage: own.stage,
  };
  return Object.entries(all)
    .filter(([, source]) => existsSync(source))
    .map(([name, source]) => ({ source, target: `${generationRoot}/${name}` }));
}

/** Hooks are never left out: without them a push to a protected branch succeeds. */
export const leftOut = [
  ...[giteaData.queues, ...giteaData.madeAgain].map((path) => `${generationRoot}/data/${path}`),
  `${generationRoot}/base/*.new`,
  `${generationRoot}/stage/seen.json`,
  `${generationRoot}/stage/*.next`,
  `${generationRoot}/stage/manifest.json`,
  `${generationRoot}/stage/list`,
];

/** What a partial generation holds: whole repositories, single files, and what is small. */
export function partialList(repositories: readonly string[], files: readonly string[]): Buffer {
  const { repositories: below } = giteaData;
  const paths = [
    ...repositories.map((path) => `data/${below}/${path}`),
    ...files.map((path) => `data/${path}`),
    ...['config', 'tls', 'letsencrypt', 'wal', 'stage'],
  ];
  return Buffer.from(paths.map((path) => `${generationRoot}/${path}\0`).join(''), 'utf8');
}

/** The folders of Gitea's data in which single files come to be, which is all but those of repositories. */
export function storages(data: string): string[] {
  const not = new Set<string>([giteaData.repositories, giteaData.queues, ...giteaData.madeAgain]);
  const below = (path: string) =>
    readdirSync(`${data}/${path}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => (path === '' ? name : `${path}/${name}`))
      .filter((name) => !not.has(name));
  // Two levels, because some that are left out lie beside others that are not.
  return below('').flatMap((name) =>
    (['git', 'data'].includes(name) ? below(name) : [name]).map((path) => `${data}/${path}`),
  );
}
