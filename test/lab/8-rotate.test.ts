// Secrets get new values while people work: nobody is sent away, wherever it is cut off. LAB_SOAK=1 tries more places.
import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { secretsManager } from '../../lib/aws/clients.ts';
import { loadConfig } from '../../lib/config/load.ts';
import { loginOf, nextRole } from '../../lib/core/database-login.ts';
import { Secret } from '../../lib/core/secret.ts';
import { secretNames } from '../../lib/core/secrets.ts';
import { awsStore } from '../../lib/secrets/aws-store.ts';
import { storeOf } from '../../lib/secrets/index.ts';
import { rotatable } from '../../lib/secrets/rotation.ts';
import { section } from '../unit/aws/cloud.ts';
import { faultProxy } from './faults.ts';
import { spawnRunbook } from './rehearse.ts';
import { hostTime, makePerson, refused, refusedByDatabase, summary, watchLogins, watchSignIns } from './sign-ins.ts';
import { convergedLab, giteaRole, HOST, inside, run, soak, variant } from './suite.ts';
import { tally, traffic } from './traffic.ts';

t.setTimeout(0);
const lab = await convergedLab();
const secretsFile = path.join(lab.dir, 'gitea.secrets.yaml');
// The form is limited to ten sign-ins a minute by default; here one signs in all the time.
const config = await variant(lab, 'rotate', { 'proxy.loginRequestsPerMinute': 600, 'gitea.startTimeout': 30 });
const first = await run(lab, 'deploy', ['--yes'], config);
t.equal(first.code, 0, first.said);
const began = await hostTime(lab);

type Values = Record<string, string> & { pending?: Record<string, string> };
const stored = async () => parse(await readFile(secretsFile, 'utf8')) as Values;
const roleOf = (value: string) => loginOf(new Secret('x', value)).role;
const rotated = async (...words: string[]) => run(lab, 'rotate-secrets', [...words, '--yes'], config);
const runningRole = () => giteaRole(lab);
const psql = async (sql: string) =>
  (await inside(lab, `docker exec gitea-database-1 psql -U postgres -d gitea -XtAc "${sql}"`)).trim();
const logins = () =>
  psql(
    "select string_agg(rolname || case when rolcanlogin then ' in' else ' out' end || case when rolpassword is null then '' else ' password' end, ', ' order by rolname) from pg_authid where rolname like 'gitea%'",
  );
/** What Gitea answers to a metrics token; it goes in by standard input. */
const metrics = async (token: string) =>
  (
    await lab.exec(HOST, "curl -s -o /dev/null -w '%{http_code}' -H @- http://172.31.250.3:3000/metrics", {
      input: `Authorization: Bearer ${token}\n`,
    })
  ).stdout;

/** The current values are in force, the others are not, and nothing is left to do. */
async function consistent(t: Test, before: Values, now: Values): Promise<void> {
  const role = roleOf(now.postgres_password!);
  t.equal(await runningRole(), role, 'Gitea logs in as the role of the current value');
  t.equal(await metrics(now.gitea_metrics_token!), '200', 'the current metrics token is taken');
  if (before.gitea_metrics_token !== now.gitea_metrics_token)
    t.equal(await metrics(before.gitea_metrics_token!), '401', 'the one before is not');
  const open = (await logins()).split(', ').filter((line) => line.includes('password'));
  // The second can read the database's log, and enter no database.
  t.same(open, [`${role} in password`, 'gitea_backup in password'], 'and nobody else has a way in');
  const { code, json } = await run(lab, 'plan', ['--exit-code'], config);
  t.equal(code, 0, JSON.stringify(json.changes));
}

t.test('what cannot be rotated is refused with the reason, and nothing is touched', async (t) => {
  const before = await readFile(secretsFile, 'utf8');
  t.match(await rotated('gitea_secret_key'), { code: 22, json: { error: { what: /encrypts two-factor/ } } });
  t.match(await rotated('gitea_metrics_token', 'inputs_key'), { code: 22, json: { error: { what: /inputs_key/ } } });
  t.match(await rotated('postgres_pasword'), {
    code: 1,
    json: { error: { what: /did you mean postgres_password\?/ } },
  });
  const unasked = await run(lab, 'rotate-secrets', [], config);
  t.match(unasked, { code: 22, json: { error: { what: /no terminal.*Gitea restarts/, next: /--yes/ } } });
  const drifted = await variant(lab, 'rotate-drift', { 'gitea.title': 'Other' });
  const drift = await run(lab, 'rotate-secrets', ['--yes'], drifted);
  t.match(drift, { code: 22, json: { error: { what: /not as the config wants it/, next: /deploy/ } } }, drift.said);
  t.equal(await readFile(secretsFile, 'utf8'), before);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
});

t.test(
  'all of them, there and back, while people sign in and work: nobody is sent away, in Gitea or in the database',
  async (t) => {
    const person = await makePerson(lab, `person${Date.now()}`);
    const owners = await psql("select distinct tableowner from pg_tables where schemaname = 'public'");
    let before = await stored();
    for (let turn = 0; turn < 2; turn++) {
      const work = turn === 0 ? await traffic(lab) : undefined;
      const [signIns, tried] = [await watchSignIns(lab, person), await watchLogins(lab)];
      const { code, json, said, stderr } = await rotated();
      const [people, database, came] = [await signIns(), await tried(), await work?.()];
      if (came) t.same(came.wrong, [], tally(came));
      t.equal(code, 0, said);
      t.same(json.rotated, rotatable);
      t.match(json, { resumed: false, secretStore: secretsFile });
      t.same(refused(people), [], summary(people));
      t.ok(people.length > 30, summary(people));
      t.same(database.bad, [], `${database.good} logins to the database`);
      t.ok(database.good > 5, `${database.good} logins to the database`);
      const now = await stored();
      for (const name of secretNames) {
        const changed = (rotatable as readonly string[]).includes(name);
        t.equal(now[name] !== before[name], changed, `${name} ${changed ? 'is another' : 'is the same'}`);
        const value = loginOf(new Secret(name, now[name]!)).password.reveal();
        t.notOk(`${stderr}${JSON.stringify(json)}`.includes(value), `${name} is not shown`);
      }
      t.equal(roleOf(now.postgres_password!), nextRole(roleOf(before.postgres_password!)));
      t.equal(now.pending, undefined);
      await consistent(t, before, now);
      before = now;
    }
    t.equal(await psql("select distinct tableowner from pg_tables where schemaname = 'public'"), owners);
    t.same(await refusedByDatabase(lab, began), []);
    const files = (await inside(lab, 'ls /etc/gitea-runbooks/secrets')).trim().split('\n');
    for (const name of rotatable.slice(1)) t.equal(files.filter((file) => file.startsWith(name)).length, 1, name);
    t.equal(files.filter((file) => file.startsWith('postgres_password.gitea')).length, 1);
  },
);

t.test('an old copy of the secrets is refused, and nothing is touched', async (t) => {
  const before = await stored();
  const copy = path.join(lab.dir, 'variant-old-secrets');
  await copyFile(secretsFile, copy);
  t.equal((await rotated('postgres_password')).code, 0);
  const old = await variant(lab, 'rotate-old', {
    'secrets.file': copy,
    'proxy.loginRequestsPerMinute': 600,
    'gitea.startTimeout': 30,
  });
  for (const name of ['deploy', 'rotate-secrets']) {
    const { code, json, said } = await run(lab, name, ['--yes'], old);
    t.match(
      { code, ...json.error },
      { code: 22, what: /database login .*old copy/, next: /nothing was changed/ },
      said,
    );
  }
  await consistent(t, before, await stored());
});

t.test('one alone: the database keeps its login', async (t) => {
  const before = await stored();
  const { code, json, said } = await rotated('gitea_metrics_token');
  t.equal(code, 0, said);
  t.same(json.rotated, ['gitea_metrics_token']);
  const now = await stored();
  t.equal(now.postgres_password, before.postgres_password);
  await consistent(t, before, now);
});

/** Start a rotation and do something when it says something. Gives its exit code. */
async function cut(says: RegExp, act: (child: ReturnType<typeof spawnRunbook>) => unknown): Promise<number | null> {
  const child = spawnRunbook('rotate-secrets', ['--config', config, '--json', '--yes']);
  let rest = '';
  let done: Promise<unknown> | undefined;
  child.stderr!.on('data', (data: Buffer) => {
    const lines = (rest + data).split('\n');
    rest = lines.pop() ?? '';
    if (!done && lines.some((line) => says.test(line))) done = Promise.resolve(act(child));
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (!done) throw new Error(`it never said ${says}`);
  await done;
  return code;
}

const start = (title: string) => new RegExp(`"change.start".*"title":"${title}`);
const stages: readonly {
  readonly at: string;
  readonly says: RegExp;
  readonly staged: boolean;
  /** Whether the runbooks that only look are asked what they say to it. */
  readonly told?: true;
  /** Whether a deploy comes in between. */
  readonly deploy?: true;
  /** Differs from a neighbour in where it stopped, not in what the next run finds. */
  readonly soak?: true;
}[] = [
  { at: 'before anything is staged', says: /"type":"plan"/, staged: false, soak: true },
  { at: 'when all is staged', says: start('/etc/gitea-runbooks/secrets/'), staged: true, told: true },
  { at: 'when the login is made', says: start('database login'), staged: true, soak: true },
  { at: 'when the container is replaced', says: start('container gitea'), staged: true, deploy: true },
  { at: 'when the new values are proven', says: /"rotation\./, staged: true },
  { at: 'in the middle of a push', says: /"outside.git-https"/, staged: true, soak: true },
  { at: 'when they have become current', says: /are the current ones/, staged: false },
  {
    at: 'when the old login is closed',
    says: start('database login.*still open'),
    staged: false,
    deploy: true,
  },
];

for (const stage of stages.filter((each) => soak || !each.soak)) {
  t.test(`killed ${stage.at}, the next run brings it to its end`, async (t) => {
    const before = await stored();
    const tried = await watchLogins(lab);
    await cut(stage.says, (child) => child.kill('SIGKILL'));
    const waiting = (await stored()).pending ?? {};
    t.same(Object.keys(waiting).length > 0, stage.staged, `waiting: ${Object.keys(waiting)}`);
    const current = await stored();
    if (stage.staged) {
      t.equal(current.postgres_password, before.postgres_password, 'the current values are those of before');
    }
    if (stage.told) {
      t.same((await run(lab, 'status', [], config)).json.rotation?.toSorted(), [...rotatable].sort());
      const found = (await run(lab, 'doctor', [], config)).json.checks.find(
        ({ id }: { id: string }) => id === 'rotation',
      );
      t.match(found, { status: 'warn', next: /rotate-secrets/ });
    }
    if (stage.deploy) {
      const back = await run(lab, 'deploy', ['--yes'], config);
      t.equal(back.code, 0, back.said);
      t.equal(/has not come to its end/.test(back.stderr), stage.staged, 'a deploy says what it leaves behind');
      await consistent(t, before, current);
    }
    const { code, json, said } = await rotated();
    t.equal(code, 0, said);
    const now = await stored();
    t.equal(now.pending, undefined);
    const promoted = current.postgres_password !== before.postgres_password;
    if (stage.staged) {
      t.equal(json.resumed, true);
      for (const [name, value] of Object.entries(waiting)) t.equal(now[name], value, `${name} is the one that waited`);
    } else if (promoted && !stage.deploy) {
      t.match(json, { resumed: true, rotated: [] }, 'nothing gets a second new value');
    } else t.match(json, { resumed: false });
    const { good, bad } = await tried();
    t.same(bad, [], `${good} logins to the database`);
    await consistent(t, before, now);
    t.same(await refusedByDatabase(lab, began), []);
  });
}

t.test('Ctrl-C ends after the change that is under way, and the next run goes on', async (t) => {
  const before = await stored();
  t.equal(await cut(start('/etc/gitea-runbooks/secrets/'), (child) => child.kill('SIGINT')), 130);
  t.match(Object.keys((await stored()).pending ?? {}), rotatable);
  t.equal(await metrics(before.gitea_metrics_token!), '200', 'Gitea goes on');
  const { code, json, said } = await rotated();
  t.equal(code, 0, said);
  t.match(json, { resumed: true, rotated: rotatable });
  await consistent(t, before, await stored());
});

t.test('the host dies in the middle: Gitea comes back with the login it had, whoever goes on', async (t) => {
  const says = start('container gitea');
  for (const next of soak ? (['deploy', 'rotate-secrets'] as const) : (['rotate-secrets'] as const)) {
    const before = await stored();
    t.equal(await cut(says, () => lab.crash(HOST)), 12, 'the connection was lost');
    await serving();
    const current = await stored();
    const gone = await run(lab, next, ['--yes'], config);
    t.equal(gone.code, 0, gone.said);
    await consistent(t, before, next === 'deploy' ? current : await stored());
    if (next === 'deploy') t.equal((await rotated()).code, 0);
    await consistent(t, before, await stored());
    t.same(await refusedByDatabase(lab, began), []);
  }
});

/** After a crash: until the containers are up again by themselves. */
async function serving(): Promise<void> {
  for (let second = 0; second < 120; second++) {
    const { stdout } = await lab.exec(HOST, 'curl -s --max-time 2 http://172.31.250.3:3000/api/healthz');
    if (stdout.includes('database:ping')) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('Gitea did not come back within 120 s');
}

t.test('new values that do not work: the ones before are in force again, and none waits', async (t) => {
  const before = await stored();
  const next = nextRole(roleOf(before.postgres_password!));
  const untouched = async (what: string) => {
    const now = await stored();
    t.equal(now.pending, undefined, what);
    t.equal(now.postgres_password, before.postgres_password, what);
    await consistent(t, before, now);
  };
  // Somebody has limited the role whose turn it is.
  await psql(
    `do \\$\\$ begin if not exists (select from pg_roles where rolname = '${next}') then create role ${next}; end if; end \\$\\$; alter role ${next} connection limit 0`,
  );
  const full = await rotated();
  t.equal(full.code, 20, full.said);
  t.match(full.json.error, { what: /the values before are in force again/, cause: /too many connections for role/ });
  await untouched('a Gitea that cannot start');
  await psql(`alter role ${next} connection limit -1`);

  const token = '/etc/gitea-runbooks/secrets/probe_token';
  await inside(lab, `cp -p ${token} /root/probe_token && printf wrong > ${token}`);
  const failed = await rotated();
  await inside(lab, `cp -p /root/probe_token ${token} && rm /root/probe_token`);
  t.equal(failed.code, 21, failed.said);
  t.match(failed.json.error, { what: /the values before are in force again/, cause: /Probe repository/ });
  await untouched('a check that fails');
});

t.test('after that the next ones work, and the values of before open nothing', async (t) => {
  const before = await stored();
  const { code, said } = await rotated();
  t.equal(code, 0, said);
  const asked = async (value: string) => {
    const { role, password } = loginOf(new Secret('x', value));
    const script = `read -r PGPASSWORD; export PGPASSWORD; exec psql -h database -U ${role} -d gitea -XtAc "select 'in'"`;
    const image = (await inside(lab, "docker inspect -f '{{.Config.Image}}' gitea-database-1")).trim();
    const { stdout } = await lab.exec(
      HOST,
      `docker run --rm -i --network gitea_backend --entrypoint sh ${image} -c '${script.replaceAll("'", `'\\''`)}'`,
      { input: `${password.reveal()}\n` },
    );
    return stdout.trim();
  };
  t.same(await refusedByDatabase(lab, began), [], 'until here nobody was refused');
  t.equal(await asked((await stored()).postgres_password!), 'in');
  t.equal(await asked(before.postgres_password!), '');
});

t.test('the same with AWS Secrets Manager, also when AWS has a bad moment', async (t) => {
  const since = await hostTime(lab);
  await lab.aws.reset();
  Object.assign(process.env, lab.aws.env);
  const faults = await faultProxy(lab.aws.endpoint);
  t.teardown(() => faults.close());
  const aws = section({
    ...{ name: 'gitea', accountId: lab.aws.account, region: lab.aws.region, endpoint: lab.aws.endpoint },
  });
  const inAws = async (): Promise<Values> => {
    const store = awsStore(aws);
    const pending = await store.pending();
    return { ...(await store.load()), ...(Object.keys(pending).length > 0 ? { pending } : {}) } as Values;
  };
  const there = await variant(lab, 'rotate-aws', {
    ...{ 'proxy.loginRequestsPerMinute': 600, 'gitea.startTimeout': 30, 'secrets.source': 'aws-secrets-manager' },
    aws: { accountId: aws.accountId, region: aws.region, endpoint: faults.endpoint, dns: 'external' },
  });
  const storeIn = (file: string) => storeOf(loadConfig(file).config);
  await storeIn(there).save(await storeIn(config).load());
  const deployed = await run(lab, 'deploy', ['--yes'], there);
  t.equal(deployed.code, 0, deployed.said);
  const rotatedThere = () => run(lab, 'rotate-secrets', ['--yes'], there);
  let before = await inAws();

  const { code, json, said } = await rotatedThere();
  t.equal(code, 0, said);
  t.match(json, { rotated: rotatable, secretStore: /^AWS Secrets Manager \(gitea\/\*/ });
  let now = await inAws();
  t.equal(now.pending, undefined, 'nothing is labelled AWSPENDING');
  t.equal(await runningRole(), nextRole(roleOf(before.postgres_password!)));
  t.equal(await metrics(now.gitea_metrics_token!), '200');
  const client = await secretsManager(aws);
  const { Versions = [] } = await client.listSecretVersionIds({ SecretId: 'gitea/postgres_password' });
  t.same(Versions.flatMap(({ VersionStages = [] }) => VersionStages).sort(), ['AWSCURRENT', 'AWSPREVIOUS']);

  // Refused in the middle of staging, and in the middle of making them current: nothing is lost, the next run goes on.
  const staging = soak ? [/^secretsmanager PutSecretValue/] : [];
  for (const operation of [...staging, /^secretsmanager UpdateSecretVersionStage/]) {
    before = await inAws();
    faults.on(operation, async () => {}, 2);
    faults.on(operation, 'denied');
    const broken = await rotatedThere();
    faults.clear();
    t.match(broken, { code: 14, json: { error: { what: /denies secretsmanager:/ } } }, broken.said);
    t.equal((await lab.exec(HOST, 'curl -fs http://172.31.250.3:3000/api/healthz')).code, 0, 'Gitea goes on');
    const again = await rotatedThere();
    t.equal(again.code, 0, again.said);
    t.equal(again.json.resumed, true);
    now = await inAws();
    t.equal(now.pending, undefined);
    t.equal(roleOf(now.postgres_password!), nextRole(roleOf(before.postgres_password!)), 'one turn, not two');
    t.equal(await runningRole(), roleOf(now.postgres_password!));
    t.equal((await run(lab, 'plan', ['--exit-code'], there)).code, 0);
  }
  t.same(await refusedByDatabase(lab, since), []);
  // Back to the file, with what is in force.
  await storeIn(config).save(await storeIn(there).load());
  t.equal((await run(lab, 'deploy', ['--yes'], config)).code, 0);
});
