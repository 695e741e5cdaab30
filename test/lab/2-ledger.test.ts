// The workload and its ledger, which every test of backups leans on: they agree with the instance that did the work, and they
// name what is taken from it.
import path from 'node:path';
import t from 'tap';
import { quote } from '../../lib/core/quote.ts';
import { compare, describe } from './compare.ts';
import { readLedger } from './ledger.ts';
import { convergedLab, inside } from './suite.ts';
import { startWorkload } from './workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const instance = {
  on: async (script: string) => (await inside(lab, script)).trim(),
  domain: lab.domain,
  address: lab.hosts[0]!.address,
  caPath: lab.caPath,
};
const file = path.join(t.testdir({}), 'ledger');
const workload = await startWorkload(instance, { file, prefix: 'ledger', rate: 6 });

const sql = (statement: string) =>
  instance.on(`docker exec gitea-database-1 psql -U postgres -d gitea -tAc "${statement}"`);
/** Gitea's data in the host, which has no git; in the container it has. */
const data = '/srv/gitea/gitea/data';
const git = (script: string) =>
  instance.on(`docker exec -w /var/lib/gitea/git/repositories gitea-gitea-1 sh -c ${quote(script)}`);

t.test('the instance holds what it acknowledged, and it is told what came after a moment', async (t) => {
  await workload.more(60);
  const until = new Date();
  await workload.more(20);
  const { entries } = await workload.stop();
  t.same(
    entries.filter(({ failed }) => failed !== undefined),
    [],
  );
  await instance.on('docker exec gitea-gitea-1 gitea manager flush-queues');
  const ledger = readLedger(file);
  const now = await compare(ledger, instance, { until: new Date() });
  t.match(now, { missing: [], newer: [], late: [] }, describe(now));
  t.ok(now.looked > 40, `${now.looked} items`);
  const earlier = await compare(ledger, instance, { until });
  t.same(earlier.missing, [], describe(earlier));
  t.ok(earlier.newer.length > 0);
});

t.test('branch rows are those of the repositories', async (t) => {
  const rows = await sql(
    "select owner_name || '/' || repository.lower_name || ' ' || commit_id || ' refs/heads/' || branch.name from branch join repository on repository.id = repo_id where not is_deleted and owner_name like 'ledger%'",
  );
  const format = '--format="${repo%.git} %(objectname) %(refname)"';
  const refs = await git(`for repo in ledger*/*.git; do git -C "$repo" for-each-ref ${format} refs/heads; done`);
  t.same(rows.split('\n').sort(), refs.split('\n').sort());
});

t.test('what is taken from it behind its back is named, and nothing else', async (t) => {
  const { ledger } = workload;
  const kindsOf = async () => {
    const { missing } = await compare(ledger, instance, { until: new Date() });
    return missing.map(({ item }) => item.kind);
  };
  const [repo] = (
    await sql(
      "select id || ' ' || owner_name || '/' || lower_name from repository where owner_name = 'ledger1' order by id",
    )
  ).split('\n');
  const [id, name] = repo!.split(' ');
  await t.test('a ref', async (t) => {
    const head = await git(`cd ${name}.git && git rev-parse refs/heads/main && git update-ref -d refs/heads/main`);
    t.same(await kindsOf(), ['ref']);
    await git(`cd ${name}.git && git update-ref refs/heads/main ${head}`);
    t.same(await kindsOf(), []);
  });
  await t.test('a directory', async (t) => {
    await instance.on(`mv ${data}/git/repositories/${name}.git /root/taken`);
    const kinds = new Set(await kindsOf());
    t.ok(kinds.has('ref'), 'its refs');
    t.notOk(kinds.has('repository'), 'the API still knows it');
    await instance.on(`mv /root/taken ${data}/git/repositories/${name}.git`);
    t.same(await kindsOf(), []);
  });
  await t.test('a row, a file of an attachment and a package', async (t) => {
    await sql(`update repository set name = 'other', lower_name = 'other' where id = ${id}`);
    t.ok((await kindsOf()).includes('repository'));
    await sql(
      `update repository set name = '${name!.split('/')[1]}', lower_name = '${name!.split('/')[1]}' where id = ${id}`,
    );
    // Of this ledger: in a shared lab there are files of other tests.
    const attachment = await sql(
      "select uuid from attachment join repository on repository.id = repo_id where owner_name like 'ledger%' limit 1",
    );
    const packages = ledger.entries.filter(({ item, value, failed }) => item.kind === 'package' && value && !failed);
    for (const [kind, name] of [
      ['attachment', attachment],
      ['package', packages[0]?.value],
    ] as const) {
      const taken = await instance.on(`find ${data} -type f -name ${name}`);
      await instance.on(`printf x >> ${taken}`);
      t.same(await kindsOf(), [kind]);
      await instance.on(`truncate -s -1 ${taken}`);
    }
    t.same(await kindsOf(), []);
  });
});
