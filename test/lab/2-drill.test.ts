// Drills: the newest backup comes back beside what is in use, all of it is looked at, and nothing of it stays, however it ends.
import path from 'node:path';
import t from 'tap';
import { person } from './instance.ts';
import { offHost } from './off-host.ts';
import { convergedLab, inside, run, variant } from './suite.ts';
import { startWorkload } from './workload.ts';

t.setTimeout(0);
const lab = await convergedLab();
const on = async (script: string) => (await inside(lab, script)).trim();
const instance = { on, domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath };
const record = '/var/backups/gitea/drills.jsonl';
const unit = 'gitea-runbooks-drill';
const config = await variant(lab, 'drill', {
  ...(await offHost(lab, 'drill/gitea')),
});

/** What there is of a drill on the host: containers, networks, files. */
const left = () =>
  on(`docker ps -a --format '{{.Names}}' | grep -E '^gitea(-backup)?-drill-'
docker network ls --format '{{.Name}}' | grep drill
ls -A /srv/gitea/drill
true`);
const dropIn = async (kind: 'timer' | 'service', text: string) => {
  const folder = `/run/systemd/system/${unit}.${kind}.d`;
  await on(`mkdir -p ${folder} && printf '%s\\n' '${text}' > ${folder}/test.conf && systemctl daemon-reload`);
  return () => on(`rm -r ${folder} && systemctl daemon-reload`);
};
const backup = async () => {
  const { code, json, said } = await run(lab, 'backup', [], config);
  if (code !== 0) throw new Error(said);
  return json.generations[0] as { id: string; places: string[] };
};
const proven = async () => {
  const { json } = await run(lab, 'status', [], config);
  return json.lines.find(({ title }: { title: string }) => title === 'Last proven restore');
};
const list = async () => {
  const { code, json } = await run(lab, 'drill', ['--list'], config);
  return { code, drills: json.drills as { drill?: { result: string; problems: string[] }; trouble?: string }[] };
};

t.test('by its timer, from off the host, while people work', async (t) => {
  const deployed = await run(lab, 'deploy', ['--yes'], config);
  t.equal(deployed.code, 0, deployed.said);
  await on(`rm -f ${record}`);
  t.match(await proven(), { good: true, text: /^none yet/ });
  const workload = await startWorkload(instance, {
    file: path.join(t.testdir({}), 'ledger'),
    prefix: 'drill',
    rate: 5,
  });
  await workload.more(40);
  const made = await backup();
  const undo = await dropIn('timer', '[Timer]\nOnActiveSec=1s');
  await on(
    `systemctl restart ${unit}.timer; until systemctl show -p ActiveState ${unit} | grep -q activating; do sleep 0.2; done`,
  );
  await undo();
  const { code, json, said } = await run(lab, 'drill', [], config);
  await workload.stop();
  t.equal(code, 0, said);
  t.match(json.drill, { result: 'passed', from: 'remote', generation: made.id, problems: [] });
  const { repositories, fsck, lfs, attachments, packages, clones, downloads } = json.drill.checked;
  for (const [name, count] of Object.entries({ repositories, fsck, lfs, attachments, packages, clones, downloads }))
    t.ok(count > 0, `${name}: ${count}`);
  t.ok(json.drill.rto > 0 && json.drill.rto <= json.drill.took && json.drill.rpo > 0);
  t.equal(await left(), '');
  t.match(await proven(), {
    good: true,
    text: new RegExp(`ago: ${made.id} from off the host; RTO \\d+ \\w+, RPO \\d+ \\w+$`),
  });
  t.match(await list(), { code: 0, drills: [{ drill: { result: 'passed' } }] });
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
});

t.test('a repository that would not come back whole is told, and recorded', async (t) => {
  const alice = await person(t, lab, instance, 'drill-alice');
  const { head } = await alice.push();
  const repository = '/srv/gitea/gitea/data/git/repositories/drill-alice/work.git';
  const blob = await on(
    `git -c safe.directory='*' --git-dir=${repository} rev-parse ${head}:README.md || docker exec gitea-gitea-1 git --git-dir=/var/lib/gitea/git/repositories/drill-alice/work.git rev-parse ${head}:README.md`,
  );
  const object = `${repository}/objects/${blob.slice(0, 2)}/${blob.slice(2)}`;
  await on(`mv ${object} /root/kept`);
  await backup();
  await on(`mv /root/kept ${object}`);
  const { code, json } = await run(lab, 'drill', [], config);
  t.equal(code, 21);
  t.match(json.error.cause, new RegExp(`git fsck: drill-alice/work\\.git: .*missing blob ${blob}`));
  t.match(await proven(), { good: false, text: /the last one failed .*git fsck: drill-alice/ });
  t.match((await list()).drills.at(-1), { drill: { result: 'failed', problems: [/drill-alice/] } });
  t.equal(await left(), '');
});

t.test('killed in the middle it leaves nothing, and that it was is recorded', async (t) => {
  const killedAt = async (container: string) => {
    await on(
      `systemctl start --no-block ${unit}; until docker ps --format '{{.Names}}' | grep -q '^${container}$'; do sleep 0.1; done`,
    );
    await on(
      `systemctl kill -s KILL ${unit}; while systemctl is-active -q ${unit} || systemctl show -p ActiveState ${unit} | grep -q activating; do sleep 0.2; done`,
    );
  };
  await killedAt('gitea-drill-gitea');
  t.equal(await left(), '', 'systemd has it cleared');
  t.match((await list()).drills.at(-1), { drill: { result: 'failed', problems: [/cut off: starting Gitea/] } });
  const undo = await dropIn('service', '[Service]\nExecStopPost=');
  await killedAt('gitea-backup-drill-drill');
  await undo();
  t.not(await left(), '', 'as after a power cut');
  await backup();
  t.equal(await left(), '', 'and the next job has cleared it');
  t.match((await list()).drills.at(-1), { drill: { result: 'failed', problems: [/cut off: bringing/] } });
  const { code, said } = await run(lab, 'drill', [], config);
  t.equal(code, 0, said);
  t.match(await proven(), { good: true });
});

t.test('a record that somebody has changed is told, line by line', async (t) => {
  await on(`cp ${record} /root/kept; sed -i '2s/"failed"/"passed"/' ${record}`);
  const { code, drills } = await list();
  t.equal(code, 21);
  t.match(drills[1], { trouble: /signature/ });
  t.match(drills[2], { trouble: /line before it/ });
  t.match(await proven(), { good: false, text: /the record was changed/ });
  await on(`cp /root/kept ${record}`);
  t.equal((await list()).code, 0);
});

t.test('on another machine, which keeps neither data nor secrets, also when it is killed', async (t) => {
  const NAME = 'spare-1';
  const known = lab.hosts.some(({ name }) => name === NAME);
  const { address } = known ? await lab.wipeHost(NAME) : await lab.addHost(NAME);
  const there = (script: string) => inside(lab, script, NAME);
  const elsewhere = (...words: string[]) => run(lab, 'drill', ['--on', `root@${address}`, ...words], config);
  /** Files, containers and networks of ours. */
  const kept = async () =>
    (
      await there(`find /etc/gitea-runbooks /srv/gitea-drill /srv/gitea /var/backups/gitea -type f 2>/dev/null
docker ps -aq; docker network ls --format '{{.Name}}' | grep drill; true`)
    ).trim();
  const { code, json, said } = await elsewhere('--yes');
  t.equal(code, 0, said);
  t.match(json, { noted: true, drill: { result: 'passed', from: 'remote', host: NAME, problems: [] } });
  for (const [what, count] of Object.entries(json.drill.checked)) t.ok(Number(count) > 0, `${what}: ${count}`);
  t.equal(await kept(), '/srv/gitea-drill/backups/drills.jsonl');
  t.match(await proven(), { good: true, text: new RegExp(`from off the host on ${NAME}; RTO \\d+ `) });
  t.match(await list(), { code: 0 });

  const again = elsewhere('--yes');
  await there(`until docker ps --format '{{.Names}}' | grep -q '^gitea-drill-gitea$'; do sleep 0.1; done
systemctl kill -s KILL gitea-runbooks-drill-spare`);
  t.match(await again, {
    code: 21,
    json: { drill: { result: 'failed', problems: [/^it was cut off: starting Gitea/] } },
  });
  t.equal(await kept(), '/srv/gitea-drill/backups/drills.jsonl');
  t.match(await proven(), { good: false, text: new RegExp(`failed .* ago on ${NAME}: it was cut off`) });
  const refused = await run(lab, 'drill', ['--on', `root@${lab.hosts[0]!.address}`, '--yes'], config);
  t.match(refused, { code: 22, json: { error: { what: /has a Gitea of its own, with its data in \/srv\/gitea$/ } } });
  t.match((await run(lab, 'drill', [], config)).code, 0, 'and the host goes on with its own');
});

t.test('a generation to look at, which nobody else sees and which gets nowhere', async (t) => {
  const { code, json, said } = await run(lab, 'restore', ['--into', 'scratch'], config);
  t.equal(code, 0, said);
  const address = /ssh .*-L 3001:([\d.]+):3000 /.exec(json.result)?.[1];
  t.match(await on(`curl -fsS http://${address}:3000/api/healthz`), /database:ping/);
  t.equal(await on("docker ps --filter name=gitea-scratch --format '{{.Ports}}' | grep -c -- '->' || true"), '0');
  const away = `curl -sS -m 5 -o /dev/null ${lab.aws.endpoint}`;
  t.match(await on(`docker exec gitea-gitea-1 ${away}; echo $?`), /^0$/m);
  t.notMatch(await on(`docker exec gitea-scratch-gitea ${away} 2>/dev/null; echo $?`), /^0$/m);
  const discarded = await run(lab, 'restore', ['--discard-old', '--confirm', lab.domain], config);
  t.equal(discarded.code, 0, discarded.said);
  t.equal(
    await on("docker ps -a --format '{{.Names}}' | grep -c scratch; ls -d /srv/gitea/scratch 2>/dev/null; true"),
    '0',
  );
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'back to the config of the lab');
});
