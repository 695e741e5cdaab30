// Power cuts for scripts and for the whole host, on a real one: each script of each kind is killed after each of its commands.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { loadConfig } from '../../lib/config/load.ts';
import { secretNames } from '../../lib/core/secrets.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { rotate } from '../../lib/jobs/rotate/index.ts';
import { open } from '../lab/lab.ts';
import { signIn } from '../lab/sign-ins.ts';
import { HOST, inside, run, theLab, variant } from '../lab/suite.ts';
import { type CutRun, cutPass, random } from './pass.ts';

t.setTimeout(0);
const seed = Number(process.env.CUT_SEED ?? Date.now() % 1_000_000);
t.comment(`CUT_SEED=${seed}`);
const chance = random(seed);

const found = await open();
const lab = await theLab();
if (!found) t.teardown(() => lab.lower());
const disk = 'cut-data';
await lab.removeDisk(disk);
await lab.wipeHost(HOST);
const device = await lab.addDisk(HOST, disk, 3072);
// The file is another one for each run: what an earlier run has left in the lab's folder must not be found.
const secretsFile = path.join(lab.dir, `variant-cuts-${Date.now()}.secrets.yaml`);
const base = {
  ...{ 'host.dataDevice': device, 'secrets.file': secretsFile, 'gitea.startTimeout': 60 },
  'proxy.loginRequestsPerMinute': 600,
};
const config = await variant(lab, 'cuts', base);

const stored = async () => parse(await readFile(secretsFile, 'utf8')) as Record<string, string>;
const psql = async (sql: string) =>
  (await inside(lab, `docker exec gitea-database-1 psql -U postgres -d gitea -XqtAc "${sql}"`)).trim();

/** What must never become another one, once it is there; empty while nobody can be asked. */
const identity = async () => {
  const { code, stdout } = await lab.exec(
    HOST,
    `docker exec gitea-database-1 psql -U postgres -d gitea -XqtAc "select system_identifier from pg_control_system()" 2>/dev/null
docker exec gitea-database-1 psql -U postgres -d gitea -XqtAc 'select count(*) from "user" where is_admin' 2>/dev/null`,
  );
  const [id = '', admins = ''] = code === 0 ? stdout.trim().split('\n') : [];
  return { id, admins };
};

/** Deploys, or another job, cut one command further each time, until one comes to its end. */
async function cutAll(t: Test, work: Parameters<ReturnType<typeof cutPass>['run']>[0], file: string, atMost: number) {
  const started = performance.now();
  const pass = cutPass(loadConfig(file).config, chance);
  const errors: string[] = [];
  let cuts = 0;
  let secrets: Record<string, string> | undefined;
  let cluster = '';
  for (;;) {
    const one: CutRun = await pass.run(work);
    if (one.error) errors.push(`after the cut before, or at ${one.at}: ${String(one.error)}`);
    if (process.env.CUT_TELL) t.comment(`${one.at ?? 'whole'}${one.error ? ` ERROR ${one.error}` : ''}`);
    if (one.at === undefined && !one.error) break;
    cuts += 1;
    const now = await stored();
    for (const name of secretNames) {
      if (secrets?.[name] !== undefined && now[name] !== secrets[name])
        errors.push(`${one.at}: ${name} is another one`);
    }
    secrets = work === deployed ? now : undefined;
    if (['compose', 'cluster', 'login', 'account'].includes(one.kind ?? '')) {
      const { id, admins } = await identity();
      if (cluster !== '' && id !== '' && id !== cluster) errors.push(`${one.at}: the cluster is another one`);
      if (Number(admins || 0) > 1) errors.push(`${one.at}: ${admins} administrators`);
      cluster = id || cluster;
    }
    if (errors.length > 10 || cuts >= atMost) break;
  }
  t.same(errors, [], 'after each cut the next run goes on');
  t.ok(cuts < atMost, `${cuts} cuts`);
  const counts = [...pass.counts].sort().map(([kind, count]) => `${kind} ${count}`);
  t.comment(`${cuts} cuts in ${Math.round((performance.now() - started) / 1000)} s: ${counts.join(', ')}`);
}
const deployed: Parameters<typeof cutAll>[1] = (host, onEvent) =>
  deploy(loadConfig(current).config, host, { onEvent, checks: 'none' });
let current = config;

/** Everything is there, once, and serves: what a person would see. */
async function whole(t: Test, file = config) {
  const last = await run(lab, 'deploy', ['--yes'], file);
  t.equal(last.code, 0, last.said);
  t.equal((await run(lab, 'plan', ['--exit-code'], file)).code, 0, 'nothing is left to do');
  t.match((await run(lab, 'status', [], file)).json, { healthy: true, pending: 0 });
  t.equal(await psql('select count(*) from \\"user\\" where is_admin'), '1', 'one administrator');
  const password = (await stored()).gitea_password_labadmin!;
  t.equal(await signIn(lab, { name: 'labadmin', password }), 200, 'who can sign in');
  const left = await inside(
    lab,
    `find /etc /opt /var/lib/gitea-runbooks /srv -xdev -not -path '/srv/gitea/postgres/*' -not -path '/srv/gitea/gitea/data/*' \\( -name '*.next' -o -name '.*.gitea-runbooks.*' \\)
ls /run/gitea-runbooks/firewall.candidate /var/lib/gitea-runbooks/unconfirmed/* 2>/dev/null; systemctl --failed --no-legend; docker ps -aq --filter status=created --filter status=exited --filter status=dead`,
  );
  t.equal(left.trim(), '', 'and nothing lies about');
}

t.test('a first deploy, each of its scripts killed after each of its commands', async (t) => {
  await cutAll(t, deployed, config, 700);
  await whole(t);
});

t.test('what changes later: settings with a restart, a reload, sshd, the firewall', async (t) => {
  const admins = await psql('select count(*) from \\"user\\"');
  await inside(lab, 'echo "# by hand" > /etc/ssh/sshd_config.d/10-gitea-runbooks.conf; systemctl restart ssh');
  const values = { 'gitea.title': 'Cut', 'proxy.maxUploadSize': '200m', 'network.allow': { web: ['10.0.0.0/8'] } };
  current = await variant(lab, 'cuts-later', { ...base, ...values });
  await cutAll(t, deployed, current, 300);
  await whole(t, current);
  t.equal(await psql('select count(*) from \\"user\\"'), admins);
});

t.test('a rotation of all secrets, cut in the same way', async (t) => {
  const before = await stored();
  await cutAll(t, (host, onEvent) => rotate(loadConfig(current).config, host, { onEvent }), current, 150);
  const now = await stored();
  t.equal(now.pending, undefined);
  t.not(now.postgres_password, before.postgres_password);
  await whole(t, current);
});

/** Deploys, each of which the host does not survive, until there have been so many. */
async function powerCuts(t: Test, file: string, times: number) {
  for (let time = 0; time < times; time++) {
    const running = run(lab, 'deploy', ['--yes'], file);
    const after = 1500 + Math.floor(chance() * 20_000);
    const ended = await Promise.race([running.then(() => true), new Promise((done) => setTimeout(done, after))]);
    if (!ended) await lab.crash(HOST);
    const { code, said } = await running;
    if (process.env.CUT_TELL) t.comment(`${after} ms: ${said}`);
    // 21: all was done, and the checks from outside met a host that was down.
    t.ok(ended ? code === 0 : [0, 12, 21].includes(code), `after ${after} ms: ${said}`);
  }
  await whole(t, file);
}

t.test('the host loses its power at random moments of a first deploy', async (t) => {
  await lab.removeDisk(disk);
  await lab.wipeHost(HOST);
  await lab.addDisk(HOST, disk, 3072);
  await powerCuts(t, config, 10);
});

t.test('and of later ones', async (t) => {
  for (const [index, title] of ['One', 'Two'].entries()) {
    const file = await variant(lab, `cuts-power-${index}`, { ...base, 'gitea.title': title });
    await powerCuts(t, file, 3);
  }
});
