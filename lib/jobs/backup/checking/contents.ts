import { readFileSync } from 'node:fs';
import type { Config } from '../../../config/config.types.ts';
import type { Manifest } from '../../../core/generation.ts';
import { sha256 } from '../../../core/hash.ts';
import { quote } from '../../../core/quote.ts';
import { backupPaths } from '../../../phases/layout.ts';
import { generationRoot, type Restic, readJson, stateOf } from '../store/index.ts';

/** Name in the generation, or `wal ` and the name in the folder of the log on the host, to the hash of its content. */
type Sums = ReadonlyMap<string, string>;

/**
 * Whether what the newest generation of the host holds is what its manifest says, and its log what is on the host: restic would
 * keep a file faithfully that was damaged before it was read. Gives what is wrong, in sentences.
 */
export async function contentsOfNewest(restic: Restic, config: Config): Promise<readonly string[]> {
  const { generation } = stateOf(config, 'backup');
  if (!generation) return [];
  const { generations, base } = backupPaths(config);
  const manifest = readJson<Manifest>(`${generations}/${generation.id}.json`);
  if (!manifest) return [`${generation.id}: its manifest on the host cannot be read`];
  const repository = manifest.kind === 'full' ? 'archive' : 'recent';
  const folders = ['stage', 'wal', ...(manifest.kind === 'full' ? ['base'] : [])];
  const script = `sums() {
  run ${repository} dump --no-lock -a tar ${quote(generation.snapshot)} "${generationRoot}/$1" |
    tar -x --to-command='printf "%s %s\\n" "$(sha256sum | cut -c1-64)" "$TAR_FILENAME"' || exit
}
cd /tmp
${folders.map((name) => `sums ${name}`).join('\n')}
cd /local/wal && sha256sum -- * | sed 's/^\\([0-9a-f]*\\) */\\1 wal /'`;
  const output = await restic({ what: 'check-contents', place: 'local', script, timeout: 6 * 3600 });
  if (output.code !== 0) return [`${generation.id}: cannot be read: ${output.stderr.trim().split('\n').at(-1)}`];
  const listOf = (name: string) => readFileSync(`${base}/${name}/backup_manifest`, 'utf8');
  return wrongIn(manifest, sumsIn(output.stdout), listOf).map((what) => `${generation.id}: ${what}`);
}

/** What the script prints; pure. */
export function sumsIn(stdout: string): Sums {
  return new Map(
    stdout
      .split('\n')
      .filter((line) => /^[0-9a-f]{64} /.test(line))
      .map((line) => [line.slice(65).replace(/^\/?generation\//, ''), line.slice(0, 64)]),
  );
}

/** What differs from the manifest, from the list of a copy of the database, from the log on the host; pure but for `listOf`. */
export function wrongIn(manifest: Manifest, sums: Sums, listOf: (base: string) => string): readonly string[] {
  const { files, database } = manifest;
  const wrong = (name: string, is: string | undefined, should: string | undefined) =>
    should === undefined || is === should
      ? []
      : [`${name} ${is === undefined ? 'is not in it' : 'in it is not what was saved'}`];
  const log = [...sums].flatMap(([name, sum]) =>
    /^wal\/[0-9A-F]{24}$/.test(name) ? wrong(name, sum, sums.get(name.replace('/', ' '))) : [],
  );
  const bases =
    manifest.kind === 'full'
      ? database.bases.flatMap(({ name, sha256: list }) => {
          const folder = `base/${name}`;
          const own = wrong(`${folder}/backup_manifest`, sums.get(`${folder}/backup_manifest`), list);
          const text = listOf(name);
          if (own.length > 0 || sha256(text) !== list) return own;
          const { Files } = JSON.parse(text) as { Files: { Path?: string; Checksum?: string }[] };
          return Files.flatMap(({ Path, Checksum }) =>
            Path === undefined ? [] : wrong(`${folder}/${Path}`, sums.get(`${folder}/${Path}`), Checksum),
          );
        })
      : [];
  return [
    ...wrong('stage/refs.txt', sums.get('stage/refs.txt'), files.refs),
    ...wrong('stage/rows.json', sums.get('stage/rows.json'), files.rows),
    ...log,
    ...bases,
  ];
}
