import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Test } from 'tap';

/** A runbook as a plain module that finds an AWS account in a folder (fixtures/door.ts); gives its path. */
export async function bundle(t: Test, name: string): Promise<string> {
  const outfile = join(t.testdir({}), `${name}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL(`../../runbooks/${name}.mjs`, import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { 'gitea-runbooks': fileURLToPath(new URL('fixtures/door.ts', import.meta.url)) },
    logLevel: 'error',
  });
  return outfile;
}
