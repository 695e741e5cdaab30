import { chmod, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { sourceDir } from '../context.ts';

// Found from the bundle in dist/ as well.
const here = join(sourceDir(), 'standin');

/** Where each script of the image goes. */
const SCRIPTS: Record<string, string> = {
  'gitea.sh': 'app/gitea/gitea',
  'gitea-wrapper.sh': 'usr/local/bin/gitea',
  'environment-to-ini.sh': 'usr/local/bin/environment-to-ini',
  'docker-entrypoint.sh': 'usr/local/bin/docker-entrypoint.sh',
  'docker-setup.sh': 'usr/local/bin/docker-setup.sh',
};

const BANNER = [
  "import { createRequire as __createRequire } from 'node:module';",
  'const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join('\n');

/** Writes the stand-in's files below `outDir`/rootfs, ready to be copied onto a Debian with nodejs, git and dumb-init. */
export async function bundleStandin(outDir: string): Promise<void> {
  const rootfs = join(outDir, 'rootfs');
  for (const [source, target] of Object.entries(SCRIPTS)) {
    const path = join(rootfs, target);
    await mkdir(dirname(path), { recursive: true });
    await copyFile(join(here, 'image', source), path);
    await chmod(path, 0o755);
  }
  // The hooks' command is a file of its own: git starts it twice in every push.
  for (const [entry, outfile] of [
    ['main.ts', 'standin.mjs'],
    ['hook-main.ts', 'hook.mjs'],
  ] as const)
    await bundle(join(here, entry), join(rootfs, 'app/gitea', outfile));
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    legalComments: 'linked',
    // Optional native parts: both packages do without them.
    external: ['cpu-features', 'pg-native', '*.node'],
    // Bundled CommonJS asks for require and for its own place.
    banner: { js: BANNER },
    logLevel: 'warning',
  });
}
