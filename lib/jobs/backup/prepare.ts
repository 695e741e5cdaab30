import { existsSync } from 'node:fs';
import { RunbookError } from '../../core/errors.ts';
import { backupPaths } from '../../phases/layout.ts';
import type { Work } from './store/index.ts';

/** The local repositories, where this is the first run. */
export async function prepare({ config, restic }: Work): Promise<void> {
  const { archive, recent } = backupPaths(config);
  const missing = Object.entries({ archive, recent }).filter(([, path]) => !existsSync(`${path}/config`));
  if (missing.length === 0) return;
  // What a run left that was cut off while it made one is no repository yet: restic makes `config` last.
  const script = missing.map(([name]) => `rm -rf "$base/${name}"/*; ${name} init || exit`).join('\n');
  const output = await restic({ what: 'init', place: 'local', script, timeout: 300 });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    what: 'the local repository could not be made',
    cause: output.stderr,
    next: `on the host: df -h ${backupPaths(config).root}`,
  });
}
