import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { backupPaths, containers, dataPaths, users } from '../../phases/layout.ts';
import { asideIn } from './files/index.ts';
import { foldersOf, type Journal } from './journal.ts';

/** Last what others rest on. */
const order = [containers.gitea, containers.wal, containers.database];

/** Seconds that a container gets to end by itself. */
const grace = 120;

/**
 * Takes what was in use away and puts the restored data in its place: by renames, so that it takes no time and can be gone on
 * with after a cut anywhere.
 */
export async function switchOver(host: Host, config: Config, journal: Journal): Promise<void> {
  await stop(host);
  const data = dataPaths(config);
  const backups = backupPaths(config);
  const { work, before, aside, strangers } = foldersOf(config, journal);
  for (const folder of [before, aside]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  replace(data.postgres, `${work}/postgres`, `${before}/postgres`);
  replace(data.giteaData, `${work}/generation/data`, `${before}/data`);
  // The log goes another way from here on: what comes next begins with a whole copy.
  for (const name of ['base', 'wal'] as const) {
    if (!existsSync(`${aside}/${name}`) && existsSync(backups[name])) renameSync(backups[name], `${aside}/${name}`);
    mkdirSync(backups[name], { recursive: true, mode: 0o700 });
    chownSync(backups[name], users.postgres, users.postgres);
  }
  forgetChain(config);
  if (existsSync(asideIn(work))) renameSync(asideIn(work), strangers);
}

/** The data of before back in their place, and those that were restored where they came from. */
export async function switchBack(host: Host, config: Config, journal: Journal): Promise<void> {
  await stop(host);
  const data = dataPaths(config);
  const backups = backupPaths(config);
  const { work, before, aside } = foldersOf(config, journal);
  for (const folder of [work, aside]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  replace(data.postgres, `${before}/postgres`, `${work}/postgres`);
  replace(data.giteaData, `${before}/data`, `${work}/data`);
  // On the disk of the backups, which may be another one: a rename leads nowhere else.
  for (const name of ['base', 'wal'] as const) replace(backups[name], `${aside}/${name}`, `${aside}/undone-${name}`);
  forgetChain(config);
}

/** The next generation rests on none of before, and begins with a whole copy. */
function forgetChain(config: Config): void {
  const { root, stage } = backupPaths(config);
  for (const path of [`${root}/chain.json`, `${stage}/seen.json`]) rmSync(path, { force: true });
}

/** As often as it is called: what is `next` comes to `path`, and what was there, whoever made it, goes to `old`. */
function replace(path: string, next: string, old: string): void {
  if (!existsSync(next)) return;
  if (existsSync(path)) {
    let free = old;
    for (let count = 2; existsSync(free); count++) free = `${old}.${count}`;
    renameSync(path, free);
  }
  renameSync(next, path);
}

async function stop(host: Host): Promise<void> {
  const words = order.map(quote).join(' ');
  const script = `for name in ${words}; do
  docker inspect "$name" >/dev/null 2>&1 || continue
  docker stop -t ${grace} "$name" >/dev/null || exit
done`;
  const output = await host.run({ script, timeout: 3 * grace + 60 });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the containers could not be stopped',
    cause: lastLines(output),
    next: 'the same command again goes on',
  });
}

/**
 * Starts the containers and waits until Gitea is healthy, `limit` seconds at most. One that starts again and again will not
 * become so.
 */
export async function startAll(host: Host, limit: number): Promise<void> {
  const [gitea, wal, database] = order.map(quote);
  const script = `end=$(($(date +%s) + ${limit}))
health() { docker inspect -f '{{.State.Health.Status}}' "$1" 2>/dev/null; }
healthy() {
  from=$(docker inspect -f '{{.RestartCount}}' "$1") || return 1
  until [ "$(health "$1")" = healthy ]; do
    [ "$(date +%s)" -lt "$end" ] && [ "$(docker inspect -f '{{.RestartCount}}' "$1")" -lt "$((from + 3))" ] || { echo "the last words of $1:"; docker logs --tail 12 "$1" 2>&1; return 1; }
    sleep 1
  done
}
docker start ${database} >/dev/null && healthy ${database} && docker start ${gitea} ${wal} >/dev/null && healthy ${gitea}`;
  const output = await host.run({ script, timeout: limit + 120 });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the data are restored, but what works with them does not become healthy',
    cause: lastLines(output, 16),
    next: 'a generation of a newer Gitea needs that version: set images.gitea, npx zx runbooks/deploy.mjs, then the same command again. --undo puts the data of before back',
  });
}
