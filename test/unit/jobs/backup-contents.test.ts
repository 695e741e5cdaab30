import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { sumsIn, wrongIn } from '../../../lib/jobs/backup/checking/contents.ts';
import { baseOf, manifestOf } from './backups.ts';

const sum = (digit: string) => digit.repeat(64);
const segment = '000000010000000000000003';
const list = JSON.stringify({ Files: [{ Path: 'global/pg_control', Checksum: sum('c') }] });
const id = '20261129T221503Z';
const base = { ...baseOf('one'), sha256: sha256(list) };
const { database, files } = manifestOf(id);
const manifest = manifestOf(id, id, {
  database: { ...database, bases: [base] },
  files: { ...files, refs: sum('a'), rows: sum('b') },
});
const partial = { ...manifest, kind: 'partial' as const };
const sound = `${sum('a')} generation/stage/refs.txt
${sum('b')} generation/stage/rows.json
${sum('d')} generation/wal/${segment}
${sum('e')} generation/wal/000000010000000000000004.partial
${sha256(list)} generation/base/one/backup_manifest
${sum('c')} generation/base/one/global/pg_control
${sum('d')} wal ${segment}
${sum('f')} wal 000000010000000000000004.partial
`;
const wrong = (text: string, of = manifest) => wrongIn(of, sumsIn(text), () => list);

t.test('a generation that holds what was saved', async (t) => {
  t.same(wrong(sound), []);
  t.same(wrong(sound.replaceAll(/.* generation\/base.*\n/g, ''), partial), [], 'one of changes has no copy');
  t.same(wrong(sound.replace(`${sum('d')} wal`, `${sum('9')} gone`)), [], 'the host does not have that file any more');
});

const damages: Record<string, [string, string]> = {
  refs: [sum('a'), 'stage/refs.txt in it is not what was saved'],
  rows: [sum('b'), 'stage/rows.json in it is not what was saved'],
  'a file of the log': [`${sum('d')} generation`, `wal/${segment} in it is not what was saved`],
  'a file of a copy of the database': [`${sum('c')} gen`, 'base/one/global/pg_control in it is not what was saved'],
  'the list of a copy': [sha256(list), 'base/one/backup_manifest in it is not what was saved'],
};
for (const [name, [text, sentence]] of Object.entries(damages))
  t.test(`${name} that was damaged before it was stored is named`, async (t) => {
    t.same(wrong(sound.replace(text, text.replace(/^.{4}/, '0000'))), [sentence]);
  });

t.test('what is not in it at all is named', async (t) => {
  t.same(wrong(''), [
    'stage/refs.txt is not in it',
    'stage/rows.json is not in it',
    'base/one/backup_manifest is not in it',
  ]);
});
