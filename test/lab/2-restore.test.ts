// The host is lost with all its disks. A new one gets a deploy and a restore from the copy off the host; what was acknowledged
// before the restore point is there again, item by item.
import path from 'node:path';
import t from 'tap';
import { compare, describe } from './compare.ts';
import { readLedger } from './ledger.ts';
import { offHost } from './off-host.ts';
import { convergedLab, HOST, inside, run, variant } from './suite.ts';
import { startWorkload } from './workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script)).trim();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const file = path.join(t.testdir({}), 'ledger');
const config = await variant(lab, 'restore', {
  ...(await offHost(lab, 'lost-host/gitea')),
});
const system = () =>
  on("docker exec gitea-database-1 psql -U postgres -tAc 'select system_identifier from pg_control_system()'");
const hostKey = () => on('cd /srv/gitea/gitea/data && find . -name "gitea.rsa" -exec sha256sum {} +');
const backup = async () => {
  const { code, json, said } = await run(lab, 'backup', [], config);
  if (code !== 0) throw new Error(said);
  const [made] = json.generations as {
    id: string;
    kind: string;
    places: string[];
    manifest: { at: string; degraded: string[] };
  }[];
  return made!;
};

t.test('while people work, a whole generation and one of the changes leave the host', async (t) => {
  const { code, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
  const workload = await startWorkload(instance, { file, prefix: 'lost', rate: 5 });
  await workload.more(40);
  t.match(await backup(), { kind: 'full', places: ['local', 'remote'], manifest: { degraded: [] } });
  await workload.more(40);
  const made = await backup();
  t.match(made, { kind: 'partial', places: ['local', 'remote'], manifest: { degraded: [] } });
  await workload.more(15);
  await workload.stop();
  const ledger = readLedger(file);
  t.same(
    ledger.entries.filter(({ failed }) => failed !== undefined),
    [],
    'and no operation of theirs has failed',
  );

  const before = { system: await system(), hostKey: await hostKey() };
  await lab.wipeHost(HOST);
  const bare = await run(lab, 'deploy', ['--yes'], config);
  t.equal(bare.code, 0, bare.said);
  t.not(await system(), before.system, 'the new host has an empty Gitea');

  const refused = await run(lab, 'backup', [], config);
  t.equal(refused.code, 20, 'which does not get on top of what was lost');
  t.match(refused.json.error.cause, /holds the backups of another Gitea/);

  const preview = await run(lab, 'restore', ['--preview', '--from', 'remote'], config);
  t.match(preview.json.lines[0], made.id);
  const restored = await run(lab, 'restore', ['--from', 'remote', '--confirm', lab.domain], config);
  t.equal(restored.code, 0, restored.said);
  t.same({ system: await system(), hostKey: await hostKey() }, before);
  const found = await compare(ledger, instance, { until: new Date(made.manifest.at) });
  t.same(found.missing, [], describe(found));
  t.ok(found.looked > 30, `${found.looked} items`);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);

  t.match(
    await backup(),
    { kind: 'full', places: ['local', 'remote'], manifest: { degraded: [] } },
    'and backups go on',
  );
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});

t.test(
  'back to where it was before the restore of something older, and what is set aside goes when it is told to',
  async (t) => {
    const latest = await run(lab, 'restore', ['--confirm', lab.domain]);
    t.equal(latest.code, 0, latest.said);
    const undone = await run(lab, 'restore', ['--undo', '--confirm', lab.domain]);
    t.equal(undone.code, 0, undone.said);
    t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
    t.equal((await run(lab, 'restore', ['--to', '20200101T000000Z', '--confirm', lab.domain])).code, 22);
    t.equal((await run(lab, 'restore', ['--confirm', 'another.lab.test'])).code, 22);
    const discarded = await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain]);
    t.equal(discarded.code, 0, discarded.said);
    t.equal(await on('ls -d /srv/gitea/before-restore-* 2>/dev/null | wc -l'), '0');
  },
);
