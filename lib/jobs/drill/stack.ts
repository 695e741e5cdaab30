import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Host } from '../../host/port.ts';
import { psql } from '../../kinds/database/index.ts';
import { lastLines } from '../../kinds/text.ts';
import { containers, dataPaths, users } from '../../phases/layout.ts';
import { spareSettings } from '../../phases/spare.ts';
import type { Brought, Work } from '../restore/index.ts';
import { scratchSettings } from './settings.ts';
import { memoryMiB, namesOf, removeScript, startScript, type Who } from './stack-script.ts';

/** A restored Gitea that runs beside the one in use. */
export interface Running {
  readonly who: Who;
  /** Of Gitea, in a network that only the host reaches; it listens on 3000. */
  readonly address: string;
  /** Rows of its database, tabs between the fields. Throws `changeFailed`. */
  ask(sql: string): Promise<readonly string[]>;
}

/** Throws `refused` where the host has not the memory for a second Gitea. */
export function mustHaveMemory(host: Host, meminfo = readFileSync('/proc/meminfo', 'utf8')): void {
  const needed = memoryMiB.database + memoryMiB.gitea;
  const free = Math.floor(Number(/^MemAvailable:\s+(\d+) kB$/m.exec(meminfo)?.[1] ?? Number.NaN) / 1024);
  if (!(free < needed)) return;
  throw new RunbookError('refused', {
    where: host.label,
    what: `a second Gitea needs ${needed} MiB of memory beside what is in use, and the host has ${free} MiB left`,
    next: 'a larger host, or at a time when less is going on: backup.drill.calendar',
  });
}

/** Start Gitea and its database on what was brought about in `folder`. Throws `changeFailed`, with the last words of what did not come up. */
export async function startStack(
  { config, host }: Pick<Work, 'config' | 'host'>,
  { who, folder, brought, rootUrl }: { who: Who; folder: string; brought: Brought; rootUrl: string },
): Promise<Running> {
  const [settings, temporary] = [`${folder}/settings`, `${folder}/tmp`];
  for (const path of [settings, temporary]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    chownSync(path, users.gitea, users.gitea);
  }
  const file = `${settings}/app.ini`;
  writeFileSync(file, scratchSettings(await settingsInUse(config, host), rootUrl), { mode: 0o400 });
  chownSync(file, users.gitea, users.gitea);
  const limit = config.gitea.startTimeout + 120;
  const { postgresConfig: access } = dataPaths(config);
  const { data, postgres } = brought;
  const script = startScript({ who, images: config.images, access, data, postgres, settings, temporary, limit });
  const output = await host.run({ script, timeout: 2 * limit + 120 });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      where: host.label,
      what: 'what was restored does not come up',
      cause: lastLines(output, 16),
      next: 'what is in use is untouched. An older generation may be sound: npx zx runbooks/backup.mjs --list',
    });
  }
  return { who, address: output.stdout.trim(), ask: (sql) => askIn(host, namesOf(who).database, sql) };
}

/** Takes the containers, the network and the folder away, whatever there is of them. */
export async function removeStack(host: Host, who: Who, folder: string): Promise<void> {
  await host.run({ script: removeScript(who), timeout: 300 });
  rmSync(folder, { recursive: true, force: true });
}

/** The folder that is mounted into the container in use has what it was started with; a spare machine has them by themselves. */
async function settingsInUse(config: Config, host: Host): Promise<string> {
  const spare = spareSettings(config);
  if (existsSync(spare)) return readFileSync(spare, 'utf8');
  const format = '{{range .Mounts}}{{if eq .Destination "/etc/gitea"}}{{.Source}}{{end}}{{end}}';
  const { code, stdout } = await host.query({ argv: ['docker', 'inspect', '-f', format, containers.gitea] });
  if (code === 0 && stdout.trim() !== '') return readFileSync(`${stdout.trim()}/app.ini`, 'utf8');
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: `the settings of Gitea are not there: there is no container ${containers.gitea}`,
    next: 'npx zx runbooks/deploy.mjs',
  });
}

async function askIn(host: Host, container: string, sql: string): Promise<readonly string[]> {
  const argv = psql(container, '-v', 'ON_ERROR_STOP=1', '-F', '\t', '-f', '-');
  const output = await host.run({ argv, stdin: sql, timeout: 600 });
  if (output.code === 0) return output.stdout.split('\n').filter((line) => line !== '');
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the restored database did not answer',
    cause: lastLines(output),
    next: 'an older generation may be sound: npx zx runbooks/backup.mjs --list',
  });
}
