import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import type { Base } from '../../../core/generation.ts';
import { quote } from '../../../core/quote.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { stream } from '../../../phases/backup.ts';
import { backupPaths, containers } from '../../../phases/layout.ts';
import { readJson, writeJson } from '../store/index.ts';

/** A whole copy of the database and those of what changed after it, each on top of the one before. Oldest first. */
export interface Chain {
  /** Identifier of the cluster. */
  readonly system: string;
  readonly bases: readonly Base[];
}

/** A whole copy with one of changes for each day of a week; then a new one. */
const longest = 7;

const chainFile = (config: Config) => `${backupPaths(config).root}/chain.json`;

/** The copies that are there, or undefined where the next has to be a whole one. */
export function chainNow(config: Config): Chain | undefined {
  const chain = readJson<Chain>(chainFile(config));
  const { base } = backupPaths(config);
  return chain &&
    chain.bases.length > 0 &&
    chain.bases.every(({ name }) => existsSync(`${base}/${name}/backup_manifest`))
    ? chain
    : undefined;
}

/**
 * One more copy of the database: of what has changed since the last one, or a whole one where there is none, the chain is
 * long enough, or it must not be gone on with (`anew`). Checked as a whole before it counts. Gives the chain to keep with
 * `keepChain` once a generation holds it.
 */
export async function addBase(
  config: Config,
  host: Host,
  { id, system, anew, onLine }: { id: string; system: string; anew: boolean; onLine?: (line: string) => void },
): Promise<Chain> {
  const known = chainNow(config);
  const usable = anew || known?.system !== system || known.bases.length >= longest ? undefined : known;
  const bad = usable && (await damagedIn(host, usable));
  // A copy of changes would rest on it, and the generation would hold it.
  if (bad) onLine?.(`a copy of the database is damaged, so it will be a whole one: ${bad}`);
  const before = bad ? undefined : usable;
  const previous = before?.bases.at(-1);
  try {
    const base = await make(config, host, { id, previous, onLine });
    return { system, bases: [...(before?.bases ?? []), base] };
  } catch (error) {
    // A whole one takes more room still.
    if (!previous || !(error instanceof RunbookError) || /no space left/i.test(error.parts.cause ?? '')) throw error;
    // What changed may not be known any more: after a crash, a restore, a week without a backup.
    onLine?.(
      `no copy of the changes could be made, so it will be a whole one: ${error.parts.cause?.split('\n').at(-1) ?? ''}`,
    );
    return { system, bases: [await make(config, host, { id, onLine })] };
  }
}

/** What PostgreSQL says of the first copy that is not what its list of checksums says, or undefined. */
async function damagedIn(host: Host, { bases }: Chain): Promise<string | undefined> {
  for (const { name } of bases) {
    const argv = ['docker', 'exec', containers.wal, 'pg_verifybackup', '-n', '-q', `/base/${name}`];
    const output = await host.run({ argv, timeout: 6 * 3600 });
    if (output.code !== 0) return `${name}: ${lastLines(output).split('\n').at(-1)}`;
  }
  return undefined;
}

async function make(
  config: Config,
  host: Host,
  { id, previous, onLine }: { id: string; previous?: Base | undefined; onLine?: ((line: string) => void) | undefined },
): Promise<Base> {
  const name = `${id}-${previous ? 'changes' : 'whole'}`;
  const incremental = previous ? ` --incremental=/base/${previous.name}/backup_manifest` : '';
  // PostgreSQL's own checksums of pages are looked at as it reads them; pg_verifybackup compares with what was sent.
  const inside = `set -e
# What a run that was killed has left at work writes into what is taken away here.
for id in /proc/[0-9]*; do case "$(readlink "$id/exe" 2>/dev/null)" in */pg_basebackup|*/pg_verifybackup) kill -KILL "\${id#/proc/}" 2>/dev/null || : ;; esac; done
rm -rf /base/*.new
pg_basebackup -d 'options=-cclient_min_messages=warning host=database user=${stream.role}' -w -D /base/${name}.new -c fast -X none --manifest-checksums=SHA256${incremental}
pg_verifybackup -n -q /base/${name}.new
mv -T /base/${name}.new /base/${name}`;
  const output = await host.run({
    script: `exec docker exec ${containers.wal} sh -c ${quote(inside)}`,
    timeout: 6 * 3600,
    ...(onLine ? { onLine } : {}),
  });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: 'the database could not be copied',
      where: host.label,
      cause: lastLines(output),
      next: `on the host: docker logs --tail 30 ${containers.wal}; df -h ${backupPaths(config).base}`,
    });
  }
  return readBase(backupPaths(config).base, name);
}

/** What the manifest of a copy says of it. */
export function readBase(directory: string, name: string): Base {
  const text = readFileSync(`${directory}/${name}/backup_manifest`);
  const ranges = (JSON.parse(text.toString()) as { 'WAL-Ranges': { Timeline: number; 'Start-LSN': string }[] })[
    'WAL-Ranges'
  ];
  const { Timeline: timeline, 'Start-LSN': lsn } = ranges.at(-1)!;
  return { name, sha256: createHash('sha256').update(text).digest('hex'), lsn, timeline };
}

/** From here on the chain is the one that the next generation goes on with; copies of other chains go. */
export function keepChain(config: Config, chain: Chain): void {
  writeJson(chainFile(config), chain);
  dropOthers(config, chain);
}

/** Takes away copies that are of no chain: of one before, or of runs that came to nothing. */
export function dropOthers(config: Config, chain: Chain | undefined): void {
  const { base } = backupPaths(config);
  const kept = new Set(chain?.bases.map(({ name }) => name));
  for (const name of readdirSync(base)) if (!kept.has(name)) rmSync(`${base}/${name}`, { recursive: true });
}
