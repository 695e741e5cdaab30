import { readFileSync } from 'node:fs';
import type { Config } from './config/config.types.ts';
import { counted } from './core/counted.ts';
import type { Drill } from './core/drill.ts';
import { exitCodeOf, RunbookError } from './core/errors.ts';
import { localHost } from './host/local.ts';
import {
  backup,
  listGenerations,
  namingFullDisk,
  pruneHere,
  prunePreview,
  shipNow,
  shipWal,
  verify,
} from './jobs/backup/index.ts';
import {
  clearDrill,
  discardScratch,
  drillApart,
  drillHere,
  drillsHere,
  leaveSpare,
  noteHere,
  scratchHere,
} from './jobs/drill/index.ts';
import { renew } from './jobs/renew/index.ts';
import { discardHere, previewHere, repositoryJob, restoreHere, settleHere, undoHere } from './jobs/restore/index.ts';
import { tellFailed, watch, writeMetrics } from './jobs/tell/index.ts';

/**
 * What runs on the host without anyone watching: `node gitea-runbooks.mjs renew`, started by systemd timers. The config is
 * the resolved one that the last deploy left; output goes to the journal.
 */
const configPath = '/etc/gitea-runbooks/config.json';

const tell = (text: string) => process.stdout.write(`${text}\n`);

const jobs: Readonly<Record<string, (config: Config, words: readonly string[]) => Promise<string>>> = {
  backup: async (config, [word]) => {
    await clearDrill(config, localHost());
    const { id, kind, files } = await backup(config, localHost(), { full: word === 'full', tell });
    return `${id}, ${kind}, ${counted(files.repositories, 'repository', 'repositories')}`;
  },
  drill: async (config, [word]) => {
    if (word === 'clear') return clearDrill(config, localHost());
    if (word === 'list') return JSON.stringify(await drillsHere(config, localHost()));
    if (word === 'leave') return leaveSpare(config, localHost());
    if (word === 'note') {
      await noteHere(config, localHost(), JSON.parse(readFileSync(0, 'utf8')) as Drill);
      return 'noted';
    }
    const drill = word === 'spare' ? drillApart : drillHere;
    const { generation, rto = 0, rpo = 0, checked } = await drill(config, localHost(), tell);
    const seconds = (milliseconds: number) => `${Math.round(milliseconds / 1000)} s`;
    return `${generation} comes back: RTO ${seconds(rto)}, RPO ${seconds(rpo)}, ${counted(checked.repositories ?? 0, 'repository', 'repositories')}`;
  },
  generations: async (config) => JSON.stringify(await listGenerations(config, localHost())),
  verify: async (config, [word]) => {
    await namingFullDisk(config, () => verify(config, localHost(), { all: word === 'all', tell }));
    return 'sound';
  },
  prune: async (config, [word = '']) =>
    word === 'preview'
      ? JSON.stringify(await prunePreview(config, localHost()))
      : pruneHere(config, localHost(), { file: word, tell }),
  restore: async (config, [word = 'latest', ...more]) => {
    if (word === 'undo') return undoHere(config, localHost(), tell);
    if (word === 'discard-old') {
      const looked = await discardScratch(config, localHost());
      return [looked, await discardHere(config, localHost(), tell)].filter(Boolean).join('; ');
    }
    if (word === 'repository') return repositoryJob(config, localHost(), more, tell);
    const [to = 'latest', from] = word === 'preview' || word === 'scratch' ? more : [word, ...more];
    const request = { to, from: from === 'remote' ? ('remote' as const) : ('local' as const) };
    if (word === 'preview') return (await previewHere(config, localHost(), request)).join('\n');
    if (word === 'scratch') return scratchHere(config, localHost(), { ...request, tell });
    return restoreHere(config, localHost(), { ...request, tell });
  },
  settle: (config) => settleHere(config, localHost(), tell),
  ship: (config) => namingFullDisk(config, () => shipNow(config, localHost(), tell)),
  wal: (config) => namingFullDisk(config, () => shipWal(config, localHost())),
  watch: (config) => watch(config, localHost()),
  tell: (config, [, unit = '']) => tellFailed(config, localHost(), unit),
  renew: async (config) => ((await renew(config, localHost())).changed ? 'renewed' : 'not due yet'),
};

/** Those of which figures tell. */
const measured = ['backup', 'verify', 'wal', 'drill'];

const [name = '', ...words] = process.argv.slice(2);
try {
  const job = jobs[name];
  if (!job) {
    throw new RunbookError('unexpected', {
      what: `there is no job "${name}"`,
      next: `one of: ${Object.keys(jobs).join(', ')}`,
    });
  }
  const config = JSON.parse(readFileSync(configPath, 'utf8')) as Config;
  try {
    process.stdout.write(`${name}: ${await job(config, words)}\n`);
  } finally {
    if (measured.includes(name)) writeMetrics(config);
  }
} catch (error) {
  process.stderr.write(`${name}: ${error instanceof RunbookError ? error.message : String(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
