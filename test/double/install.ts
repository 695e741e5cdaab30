/** Puts the double on a PATH of its own. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * An executable `terraform` in the folder; gives the PATH on which it is found, and nothing else called terraform. Bundled:
 * a double that takes a second to start would make every test wait. The bundle lies below the project, whose packages it uses.
 */
export async function installDouble(folder: string): Promise<string> {
  const outfile = join(folder, 'double.mjs');
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  writeFileSync(join(folder, 'terraform'), `#!/bin/sh\nexec '${process.execPath}' '${outfile}' "$@"\n`);
  chmodSync(join(folder, 'terraform'), 0o755);
  return [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
}
