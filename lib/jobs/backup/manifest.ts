import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { namesGiven } from '../../config/rules/index.ts';
import { RunbookError } from '../../core/errors.ts';
import type { Base, FilesPart, Manifest, RestorePoint } from '../../core/generation.ts';
import { quote } from '../../core/quote.ts';
import { secretNames } from '../../core/secrets.ts';
import { backupPaths, layout } from '../../phases/layout.ts';
import { type Marked, segmentsIn } from './database/index.ts';
import { generationRoot, lastWords, type Snapshot, sources, type Work, writeJson } from './store/index.ts';

export interface ManifestInput {
  readonly id: string;
  readonly kind: Manifest['kind'];
  readonly full: string;
  readonly began: Date;
  readonly snapshot: Snapshot;
  readonly point: RestorePoint;
  readonly marked: Pick<Marked, 'system' | 'postgres' | 'gitea'>;
  readonly bases: readonly Base[];
  readonly files: FilesPart;
  readonly degraded: readonly string[];
  readonly gap?: Manifest['gap'];
}

/** Only with its manifest stored is a generation one: it is written last, and names the rest by the hash of its content. */
export async function writeManifest(work: Work, input: ManifestInput): Promise<Manifest> {
  const { config, restic } = work;
  const { stage, generations, wal } = backupPaths(config);
  const { id, kind, full, began, snapshot, point, marked, bases, files, degraded, gap } = input;
  const segments = segmentsIn(wal);
  const manifest: Manifest = {
    ...{ format: 1, id, kind, full, domain: config.domain },
    release: basename(realpathSync(layout.current)),
    images: await imagesOf(work),
    tree: snapshot.tree,
    database: {
      ...{ system: marked.system, postgres: marked.postgres, gitea: marked.gitea, point, bases },
      wal: { first: segments[0] ?? '', last: segments.at(-1) ?? '' },
    },
    files,
    secrets: [...secretNames, ...namesGiven(config)],
    began: began.toISOString(),
    ended: new Date().toISOString(),
    added: snapshot.added,
    degraded,
    ...(gap ? { gap } : {}),
  };
  writeJson(`${stage}/manifest.json`, manifest);
  const tags = [`manifest=${id}`, `kind=${kind}`, `full=${full}`, `system=${marked.system}`].flatMap((tag) => [
    '--tag',
    tag,
  ]);
  const repository = kind === 'full' ? 'archive' : 'recent';
  const words = ['--host', 'gitea', '--force', '--quiet', ...tags, `${generationRoot}/stage/manifest.json`];
  const output = await restic({
    what: 'manifest',
    place: 'local',
    script: `${repository} backup ${words.map(quote).join(' ')}`,
    mounts: sources(config),
    timeout: 900,
  });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      what: 'the manifest of the generation could not be stored, so it is none',
      cause: lastWords(output),
      next: 'the generations before are untouched. On the host: df -h; journalctl -u gitea-runbooks-backup',
    });
  }
  writeJson(`${generations}/${id}.json`, manifest);
  return manifest;
}

/** The images of the config, each with what Docker knows it by. */
async function imagesOf({ config, host }: Pick<Work, 'config' | 'host'>): Promise<Manifest['images']> {
  const entries = Object.entries(config.images);
  const script = entries
    .map(
      ([, ref]) =>
        `docker image inspect -f '{{if .RepoDigests}}{{index .RepoDigests 0}}{{else}}{{.Id}}{{end}}' ${quote(ref)} 2>/dev/null || echo unknown`,
    )
    .join('\n');
  const found = (await host.query({ script })).stdout.split('\n');
  return Object.fromEntries(entries.map(([name, ref], at) => [name, `${ref} ${found[at]}`]));
}
