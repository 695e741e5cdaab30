import type { Manifest } from '../../../core/generation.ts';

/** What a restore cannot do without, by its way in the document. */
const needed = [
  ...['id', 'kind', 'full', 'domain', 'release', 'tree', 'images.gitea', 'degraded'],
  ...['database.system', 'database.postgres', 'database.gitea', 'database.bases.0.sha256'],
  ...['database.point.name', 'database.point.lsn', 'database.point.timeline', 'database.point.at'],
  ...['files.repositories', 'files.refs', 'files.rows', 'files.moved.renamed', 'files.moved.deleted'],
];

/**
 * The manifest in a text, as this release and all before it have written them, or in a sentence why it is none; pure. What a
 * release adds to format 1 later may be missing in it.
 */
export function readManifest(text: string): Manifest | string {
  let document: { format?: unknown; release?: unknown };
  try {
    document = JSON.parse(text) as typeof document;
  } catch (error) {
    return `its manifest is damaged: ${(error as Error).message}`;
  }
  const { format, release } = document ?? {};
  if (typeof format === 'number' && format > 1)
    return `its manifest is of format ${format}, of release ${String(release)} of this library; this release knows 1: update the library, deploy, then try again`;
  const missing = needed.filter((way) => at(document, way) === undefined);
  if (format !== 1 || missing.length > 0)
    return `its manifest is damaged: it has no ${format === 1 ? missing.join(', ') : 'format'}`;
  return document as Manifest;
}

const at = (document: unknown, way: string): unknown =>
  way
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], document);
