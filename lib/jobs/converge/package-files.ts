import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunbookError } from '../../core/errors.ts';

/** The folder of this package: the nearest one above this file that holds its package.json. Works from source, dist and node_modules. */
export function packageRoot(from = dirname(fileURLToPath(import.meta.url))): string {
  try {
    const found = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { name?: string };
    if (found.name === 'gitea-runbooks') return from;
  } catch {
    // No package.json here: look one folder up.
  }
  const above = dirname(from);
  if (above === from) throw new Error('the files of gitea-runbooks cannot be found: was only a part of it copied?');
  return packageRoot(above);
}

/** The one file that runs on the host, as `npm run build` made it. */
export function hostBundle(): Uint8Array {
  const path = join(packageRoot(), 'dist', 'host.mjs');
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RunbookError(
      'unexpected',
      { what: `${path} is not there`, next: 'run `npm ci` (or `npm run build`) in the folder of gitea-runbooks' },
      { cause: error },
    );
  }
}
