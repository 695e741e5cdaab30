import { existsSync, mkdirSync } from 'node:fs';
import type { Config } from '../../config/config.types.ts';
import type { Host } from '../../host/port.ts';
import { dataPaths } from '../../phases/layout.ts';
import { type Place, resticFor } from '../backup/index.ts';
import { lockPatiently } from '../converge/patient-lock.ts';
import { bring, databaseNow, findAsked, fits } from '../restore/index.ts';
import { mustHaveMemory, removeStack, startStack } from './stack.ts';

const who = 'scratch';
const folderOf = (config: Config) => `${dataPaths(config).root}/${who}`;

/** Where the tunnel ends on the machine of whoever looks. */
const port = 3001;

/**
 * A generation, or the state at a moment, in a Gitea of its own beside the one in use, for people to look at: it stays until it is
 * taken away, or the host starts anew. Nothing of it is published, and it gets nowhere. One that is there already is replaced.
 * Gives how to reach it. Throws `refused`, `locked`, `changeFailed`.
 */
export async function scratchHere(
  config: Config,
  machine: Host,
  { to, from, tell }: { to: string; from: Place; tell: (text: string) => void },
): Promise<string> {
  const held = await lockPatiently(machine, who);
  const { host } = held;
  const folder = folderOf(config);
  try {
    const restic = await resticFor(config, host);
    const work = { config, host, restic, tell };
    const found = await findAsked(config, restic, from, to);
    for (const text of fits(config, found.manifest, await databaseNow(host))) tell(text);
    await removeStack(host, who, folder);
    mustHaveMemory(host);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const brought = await bring(work, { found, from, folder, who });
    tell('starting Gitea on it, in a network that leads nowhere');
    const { address } = await startStack(work, { who, folder, brought, rootUrl: `http://localhost:${port}/` });
    const { user, address: reached, port: ssh } = config.host;
    const tunnel = `ssh -N${ssh === 22 ? '' : ` -p ${ssh}`} -L ${port}:${address}:3000 ${user}@${reached}`;
    return `${found.time ?? found.manifest.id} can be looked at: ${tunnel}, then http://localhost:${port}/ with the accounts of that time. It stays until --discard-old`;
  } catch (error) {
    await removeStack(host, who, folder);
    throw error;
  } finally {
    await held.release();
  }
}

/** Takes it away. */
export async function discardScratch(config: Config, machine: Host): Promise<string | undefined> {
  if (!existsSync(folderOf(config))) return undefined;
  const held = await lockPatiently(machine, who);
  try {
    await removeStack(held.host, who, folderOf(config));
    return 'what was there to be looked at is gone';
  } finally {
    await held.release();
  }
}
