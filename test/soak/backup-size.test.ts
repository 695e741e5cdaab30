// Backups of much: five thousand repositories, and a file of two gigabytes. Both come back, and no job takes more memory for it.
import t, { type Test } from 'tap';
import { costs, memory } from '../lab/bench-cost.ts';
import { bulk } from '../lab/bulk.ts';
import { open } from '../lab/lab.ts';
import { convergedLab, inside, run } from '../lab/suite.ts';

t.setTimeout(0);
const found = await open();
const lab = await convergedLab();
if (!found) t.teardown(() => lab.lower());
const on = async (script: string) => (await inside(lab, script)).trim();
const cost = await costs(lab);
const sql = (query: string) => `docker exec gitea-database-1 psql -U postgres -d gitea -XqtAc "${query}"`;
const data = '/srv/gitea/gitea/data';
await on("systemctl stop 'gitea-runbooks-*.timer'");
const count = Number(process.env.SIZE_REPOSITORIES ?? 5000);
const some = await bulk(lab, 'many');

/** Runs a job and looks at what its processes had resident at most. */
async function job(t: Test, name: string) {
  const most = await memory(lab, () => cost(`systemctl start ${name}`));
  const known = [...most].filter(([program]) => /^(restic|node|MainThread|pg_)/.test(program));
  for (const [program, mib] of known) {
    t.comment(`${name}: ${program} ${Math.round(mib)} MiB`);
    t.ok(mib <= 400, `${name}: ${program} has at most 400 MiB`);
  }
  return JSON.parse(await on('cat /var/backups/gitea/generations/$(ls -t /var/backups/gitea/generations | head -n 1)'));
}

/** `name commit` of each, as the database and as git have them. */
const rows = () =>
  cost(
    sql(
      "select r.lower_name || ' ' || commit_id from branch b join repository r on r.id = repo_id where owner_name = 'many' and b.name = 'main' order by 1",
    ),
  ).then(({ stdout }) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('@')));
const refs = () =>
  cost(
    `docker exec -w /var/lib/gitea/git/repositories/many gitea-gitea-1 bash -c 'for name in *.git; do echo "\${name%.git} $(git -C "$name" rev-parse main)"; done | sort'`,
  ).then(({ stdout }) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('@')));

t.test(`${count} repositories`, async (t) => {
  await some.grow(count, 4);
  const whole = await job(t, 'gitea-runbooks-backup-full');
  t.match(whole, { kind: 'full', degraded: [] });
  t.ok(whole.files.repositories > count);
  await some.change(
    Array.from({ length: 500 }, (_, at) => 1 + at * Math.floor(count / 500)),
    4,
  );
  const made = await job(t, 'gitea-runbooks-backup');
  t.match(made, { kind: 'partial', degraded: [] });
  t.ok(made.files.changed.length >= 500, `${made.files.changed.length} of them have changed`);
  const before = await rows();
  t.equal(before.length, count + 1);
  await some.change([1, 2, 3], 4);
  const most = await memory(lab, async () => {
    const restored = await run(lab, 'restore', ['--to', made.id, '--confirm', lab.domain]);
    t.equal(restored.code, 0, restored.said);
  });
  t.ok((most.get('restic') ?? 0) <= 400, `restic has had ${Math.round(most.get('restic') ?? 0)} MiB`);
  t.same(await rows(), before);
  t.same(await refs(), before);
  t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain])).code, 0);
});

t.test('a file of two gigabytes', async (t) => {
  const bytes = 2 * 2 ** 30;
  // The same mebibyte again and again, so that it takes no room in the backups; read and restored is each of its bytes.
  const { stdout } = await cost(`cd /root && head -c 1048576 /dev/urandom >part
for at in $(seq 2048); do cat part; done >big
oid=$(sha256sum big | cut -d' ' -f1)
folder=${data}/git/lfs/$(echo "$oid" | cut -c1-2)/$(echo "$oid" | cut -c3-4)
mkdir -p "$folder" && mv big "$folder/$(echo "$oid" | cut -c5-)" && chown -R --reference=${data}/git ${data}/git/lfs
echo "$oid $folder/$(echo "$oid" | cut -c5-)"`);
  const [oid, file] = stdout.split('\n')[0]!.split(' ');
  await on(
    sql(
      `insert into lfs_meta_object (oid, size, repository_id, created_unix, updated_unix) select '${oid}', ${bytes}, id, 0, 0 from repository where owner_name = 'many' limit 1`,
    ),
  );
  const made = await job(t, 'gitea-runbooks-backup');
  t.match(made, { degraded: [] });
  await on(`rm ${file}`);
  const most = await memory(lab, async () => {
    const restored = await run(lab, 'restore', ['--to', made.id, '--confirm', lab.domain]);
    t.equal(restored.code, 0, restored.said);
  });
  t.ok((most.get('restic') ?? 0) <= 400, `restic has had ${Math.round(most.get('restic') ?? 0)} MiB`);
  t.match((await cost(`sha256sum ${file}`)).stdout, oid!);
  t.equal((await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain])).code, 0);
});
