// LFS objects, attachments and packages against their rows.
import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { gather } from '../../../lib/jobs/drill/findings.ts';
import { keptFiles } from '../../../lib/jobs/drill/kept-files.ts';
import { put } from './backups.ts';

const uuid = 'a1b2c3d4-0000-4000-8000-000000000001';
const [object, blob] = [sha256('an object'), sha256('a package')];
const paths = {
  object: `git/lfs/${object.slice(0, 2)}/${object.slice(2, 4)}/${object.slice(4)}`,
  attachment: `data/attachments/a/1/${uuid}`,
  blob: `packages/${blob.slice(0, 2)}/${blob.slice(2, 4)}/${blob}`,
};

/** Looks at a folder with these files in it; the database in use knows what `still` names, or does not answer. */
async function look(root: string, files: Partial<Record<keyof typeof paths, string>>, still?: readonly string[]) {
  for (const [name, text] of Object.entries(files)) put(`${root}/${paths[name as keyof typeof paths]}`, text);
  const findings = gather(() => {});
  await keptFiles(
    {
      data: root,
      ask: async (sql) => {
        if (!sql.includes('offset 0')) return [];
        if (sql.includes('lfs_meta_object')) return [`${object}\t9`];
        return sql.includes('attachment') ? [`${uuid}\t5`] : [`${blob}\t9`];
      },
      askInUse: async (sql) => {
        if (!still) throw new Error('down');
        return still.filter((key) => sql.includes(`'${key}'`));
      },
    },
    findings,
  );
  return findings;
}
const whole = { object: 'an object', attachment: 'hello', blob: 'a package' };

t.test('all there', async (t) => {
  const { problems, notes, checked } = await look(t.testdir({}), whole);
  t.same([problems, notes], [[], []]);
  t.same(checked, { lfs: 1, lfsRead: 1, attachments: 1, packages: 1, packagesRead: 1 });
});

t.test('one that is not there, one too short, one that is another', async (t) => {
  const all = [object, uuid, blob];
  const found = await look(t.testdir({}), { attachment: 'hell', blob: 'A package' }, all);
  t.same(found.problems, [
    `LFS object ${object} is not there`,
    `attachment ${uuid} has 4 bytes, and should have 5`,
    `package file ${blob} is not what its name says`,
  ]);
  t.equal((await look(t.testdir({}), { ...whole, object: 'gone bad!' }, all)).problems.length, 1);
});

t.test('what somebody has deleted meanwhile is missed by nobody', async (t) => {
  const { problems, notes } = await look(t.testdir({}), { attachment: 'hell', blob: whole.blob }, [uuid, blob]);
  t.same(problems, [`attachment ${uuid} has 4 bytes, and should have 5`], 'but only what is not there');
  t.same(notes, ['1 of kind LFS object: deleted while the generation was made']);
  t.equal((await look(t.testdir({}), {})).problems.length, 3, 'which nobody can tell where nothing answers');
});
