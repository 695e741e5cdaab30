// A deployed host from the cache is the host that was deployed: its data, its secrets, nothing left to do. Most suites start from it.
import t from 'tap';
import { connectDocker } from './docker.ts';
import { type Lab, lower, open } from './lab.ts';
import { convergedLab, HOST, inside, run } from './suite.ts';

t.setTimeout(0);
if (await open()) await lower();
const first = await convergedLab();

/** What tells one instance from another that looks like it. */
const identity = (lab: Lab) =>
  inside(
    lab,
    `for sql in 'select system_identifier from pg_control_system()' 'select id, name, created_unix from "user" order by id'; do docker exec gitea-database-1 psql -U postgres -d gitea -XtAc "$sql"; done; sha256sum /etc/gitea-runbooks/secrets/*`,
  );

t.test('another lab has the same host in it, well and with nothing left to do', async (t) => {
  const before = await identity(first);
  // A keeping that was cut off has a volume and no secrets.
  const torn = ['gitea-runbooks.lab.kept=torn', 'gitea-runbooks-lab-kept-torn'];
  await connectDocker(first.engine).run(['volume', 'create', '--label', ...torn]);
  await lower();

  const lab = await convergedLab();
  t.equal(lab.deployedBefore, true, 'it was not deployed again');
  t.equal(await identity(lab), before);
  const volumes = await connectDocker(lab.engine).run(['volume', 'ls', '--quiet']);
  t.notMatch(volumes, /kept-torn/, 'what a keeping that was cut off has left is gone');
  const log = await inside(lab, 'docker logs gitea-database-1 2>&1');
  t.match(log, /database system was shut down at/);
  t.notMatch(log, /was interrupted|not properly shut down/);
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
  const { code, json, said } = await run(lab, 'deploy', ['--verify']);
  t.equal(code, 0, said);
  t.match(json, { outcome: 'converged', changes: [] });
  t.same(
    json.checks.filter(({ status }: { status: string }) => status !== 'pass'),
    [],
  );
  t.match((await run(lab, 'status')).json, { healthy: true, pending: 0, certificate: { placeholder: false } });
  t.equal((await lab.exec(HOST, 'systemctl start gitea-runbooks-renew.service')).code, 0, 'its timer can renew');
});
