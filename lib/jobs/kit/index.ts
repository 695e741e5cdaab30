import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCaBundle } from '../../config/beside/index.ts';
import type { Config } from '../../config/config.types.ts';
import { namesGiven } from '../../config/rules/index.ts';
import { RunbookError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import { loadGiven, missingIn, storeOf } from '../../secrets/index.ts';
import { packageRoot } from '../converge/package-files.ts';
import { type KitContents, kitPage, kitText } from './text.ts';

export { writeNew } from './write.ts';

/** One file with everything that opens the backups and brings an instance back, and a page of it to be printed. */
export interface RecoveryKit {
  readonly text: Secret;
  readonly page: Secret;
  /** What makes it worth less than it should be, in sentences. */
  readonly doubts: readonly string[];
}

/**
 * Gather the kit of an instance. No host is asked. Throws `refused` where a secret is not kept yet, for a kit that lacks
 * one is found out too late; `configInvalid` where one that the config refers to has no value.
 */
export async function recoveryKit(config: Config, made = new Date()): Promise<RecoveryKit> {
  const store = storeOf(config);
  const names = namesGiven(config);
  const missing = await missingIn(store);
  if (missing.length > 0)
    throw new RunbookError('refused', {
      where: store.label,
      what: `there is no ${missing.join(', ')} yet, and without it this would be no kit`,
      next: 'npx zx runbooks/deploy.mjs, which makes what is missing; then run the same command again',
    });
  await loadGiven(store, names);
  const contents: KitContents = {
    config,
    secrets: await store.load(names),
    knownHosts: textOf(config.host.knownHosts),
    ...(config.tls.caBundle === undefined ? {} : { caBundle: readCaBundle(config.tls.caBundle) }),
    version: (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version,
    made,
  };
  const waiting = Object.keys(await store.pending());
  return {
    text: new Secret('recovery kit', kitText(contents)),
    page: new Secret('page of the recovery kit', kitPage(contents)),
    doubts: [
      ...(config.backup.enabled ? [] : ['backup.enabled is false: there will be nothing to restore from']),
      ...(config.backup.remote ? [] : ['backup.remote is not set: the backups go with the host']),
      ...(contents.knownHosts === ''
        ? [`${config.host.knownHosts} is not there: the key of the host is not in it`]
        : []),
      ...(waiting.length === 0 ? [] : ['a rotation of secrets is not finished: make another kit when it is']),
    ],
  };
}

/** Empty where there is none yet. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
