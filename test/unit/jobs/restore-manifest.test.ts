import { readFileSync } from 'node:fs';
import t from 'tap';
import { fits } from '../../../lib/jobs/restore/finding/check.ts';
import { readManifest } from '../../../lib/jobs/restore/finding/read-manifest.ts';
import { input } from '../phases/input.ts';

/**
 * A manifest as the first release that makes generations stores it, with made-up hashes. It stays as it is: a release that does not
 * read it cannot bring back what hosts have stored by then.
 */
const kept = readFileSync(new URL('fixtures/manifest-format-1.txt', import.meta.url), 'utf8');
const changed = (change: Record<string, unknown>) => JSON.stringify({ ...JSON.parse(kept), ...change });

t.test('what the first release has stored is read, and fits', async (t) => {
  const manifest = readManifest(kept);
  if (typeof manifest === 'string') return t.fail(manifest);
  t.match(manifest, { format: 1, kind: 'partial', release: '0.1.0', database: { bases: { length: 2 } } });
  const { config } = input();
  t.same(
    fits({ ...config, domain: manifest.domain, images: { ...config.images, gitea: 'gitea/gitea:1.99.0' } }, manifest, {
      gitea: undefined,
      system: manifest.database.system,
    }).length,
    1,
  );
});

t.test('what a later one adds or an older one did not have is no hindrance', async (t) => {
  t.type(readManifest(changed({ added: undefined, secrets: undefined, release: '0.0.9', somethingNew: 1 })), 'object');
});

t.test('a later format is refused with the release that it is of', async (t) => {
  t.match(
    readManifest(changed({ format: 2, release: '3.0.0', database: 'elsewhere' })),
    /format 2, of release 3\.0\.0.*update the library/,
  );
});

t.test('a damaged one is told as that', async (t) => {
  t.match(readManifest(kept.replace('{', '')), /^its manifest is damaged: .*JSON/);
  t.match(readManifest(kept.replace('"format":1', '"fOrmat":1')), /damaged: it has no format/);
  t.match(readManifest(kept.replace('"point"', '"pOint"')), /has no database\.point\.name, database\.point\.lsn/);
  t.match(readManifest(changed({ files: undefined })), /has no files\.repositories/);
  for (const text of ['', 'null', '1', '[]']) t.match(readManifest(text), /damaged/);
});
