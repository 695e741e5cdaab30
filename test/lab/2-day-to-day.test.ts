// What an operator does on an ordinary day: nothing to do, a changed value, drift, a reboot; and where secrets are.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import { loginOf } from '../../lib/core/database-login.ts';
import { quote } from '../../lib/core/quote.ts';
import { Secret } from '../../lib/core/secret.ts';
import { bring, convergedLab, HOST, inside, run, variant } from './suite.ts';
import { tally, traffic } from './traffic.ts';

t.setTimeout(0);
const lab = await convergedLab();

const psql = 'docker exec gitea-database-1 psql -U postgres -d gitea -XqtA';

/** Everything that a deploy could touch: file times, container ids and starts, unit starts. */
const fingerprint = () =>
  inside(
    lab,
    `find /etc /opt /srv /usr/local /var/lib/gitea-runbooks /root -xdev -type f ! -path '/srv/gitea/postgres/*' ! -path '/srv/gitea/gitea/data/*' -printf '%p %T@ %C@\\n' | grep -v runs.jsonl | sort
docker ps -a --no-trunc --format '{{.ID}}' | sort | xargs docker inspect -f '{{.Id}} {{.State.StartedAt}} {{.Image}}'
systemctl list-units --type=service,timer --state=active --plain --no-legend | awk '{print $1}' | grep -E 'docker|ssh|gitea|timesync' | xargs -r systemctl show -p Id,ActiveEnterTimestampMonotonic`,
  );

t.test('a deploy with nothing to do writes one line of its record and nothing else', async (t) => {
  const before = await fingerprint();
  const lines = Number(await inside(lab, 'wc -l < /var/lib/gitea-runbooks/runs.jsonl'));
  const { code, json } = await run(lab, 'deploy');
  t.equal(code, 0);
  t.match(json, { outcome: 'converged', changes: [] });
  t.equal(await fingerprint(), before);
  t.equal(Number(await inside(lab, 'wc -l < /var/lib/gitea-runbooks/runs.jsonl')), lines + 1);
});

t.test('another upload limit: exactly the file and the reload, and nothing is restarted', async (t) => {
  const config = await variant(lab, 'upload', { 'proxy.maxUploadSize': '200m' });
  const containers = () =>
    inside(lab, "docker ps -q --no-trunc | sort | xargs docker inspect -f '{{.Id}} {{.State.StartedAt}}'");
  const before = await containers();
  const { code, json } = await run(lab, 'plan', ['--exit-code'], config);
  t.equal(code, 2);
  t.match(
    json.changes.map(({ title, impact }: { title: string; impact: string }) => `${title} [${impact}]`),
    [
      '/srv/gitea/nginx/nginx.conf [reload]',
      'configuration of gitea-proxy-1 [reload]',
      '/etc/gitea-runbooks/config.json [none]',
    ],
  );
  t.match(json.changes[0].diff, /^-\s+client_max_body_size 512m;$/m);
  t.match(json.changes[0].diff, /^\+\s+client_max_body_size 200m;$/m);
  t.match((await run(lab, 'status', [], config)).json, { pending: 3, healthy: false });
  t.equal((await run(lab, 'deploy', ['--yes'], config)).code, 0);
  t.equal(await containers(), before, 'no container was touched');
  t.match((await run(lab, 'status', [], config)).json, { pending: 0, healthy: true });
  await t.resolves(bring(lab.configPath), 'and back');
});

t.test('who guesses is stopped, by form and by basic authentication; who is right and git are not', async (t) => {
  const said = await inside(
    lab,
    `ask() { curl -sk --resolve ${lab.domain}:443:127.0.0.1 -o /dev/null -w '%{http_code} ' "$@"; }
site=https://${lab.domain}; token=$(cat /etc/gitea-runbooks/secrets/probe_token)
for i in $(seq 12); do ask $site/runbooks-probe/none/info/refs?service=git-receive-pack; done; echo
ask -u "runbooks-probe:$token" $site/api/v1/user; echo
for i in $(seq 12); do ask -u "runbooks-probe:wrong$i" $site/api/v1/user; done; echo
ask -u "runbooks-probe:$token" $site/api/v1/user; ask -H "Authorization: token $token" $site/api/v1/user; ask $site/; echo
head -c 70000 /dev/zero | ask --data-binary @- $site/user/two_factor; echo
for path in two_factor recover_account link_account_signin login forgot_password webauthn/assertion login two_factor login login login login; do ask -d a=b $site/user/$path; done; ask $site/user/login; echo`,
  );
  const [git, right, wrong, after, big, forms] = said
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));
  t.same(new Set(git), new Set(['401']), 'git asks without credentials first');
  t.same(right, ['200']);
  t.same(wrong, [...Array(10).fill('401'), '429', '429'], 'ten a minute');
  t.same(after, ['200', '200', '200'], 'what was right before, a token, a page');
  t.same(big, ['413']);
  t.notOk(forms?.slice(0, 6).includes('429'), `a burst of six: ${forms}`);
  t.ok(forms?.slice(6, -1).includes('429'), `one limit for all forms: ${forms}`);
  t.equal(forms?.at(-1), '200', 'looking at the page is not limited');
});

t.test('the validation of a new configuration does not pass because the proxy has no room left', async (t) => {
  const config = await variant(lab, 'full', { 'proxy.maxUploadSize': '250m' });
  await inside(lab, 'docker exec gitea-proxy-1 sh -c "head -c 80m /dev/zero > /tmp/full" 2>/dev/null || true');
  const { code, json } = await run(lab, 'deploy', ['--yes'], config);
  await inside(lab, 'docker exec gitea-proxy-1 rm /tmp/full');
  t.match({ code, ...json.error }, { code: 20, what: /nginx.conf did not pass its check/, cause: /df \/tmp/ });
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0);
});

t.test('what somebody edits by hand is shown, then repaired', async (t) => {
  const edits: [string, string, RegExp][] = [
    ['a file', "echo '# by hand' >> /srv/gitea/nginx/nginx.conf", /nginx.conf/],
    ['a file mode', 'chmod 644 /etc/gitea-runbooks/secrets/gitea_secret_key', /gitea_secret_key/],
    ['a unit', 'systemctl disable --now gitea-runbooks-renew.timer', /gitea-runbooks-renew.timer/],
    [
      'a unit file',
      "echo '# by hand' >> /etc/systemd/system/gitea-runbooks-renew.timer && systemctl daemon-reload",
      /renew.timer/,
    ],
    ['a stopped container', 'docker stop -t 5 gitea-proxy-1', /container proxy/],
    ['a removed container', 'docker rm -f gitea-proxy-1', /container proxy/],
    [
      'a container started with other inputs',
      'cd /srv/gitea && sed "s/pids_limit: 64/pids_limit: 65/" compose.yaml | docker compose -p gitea -f - up -d proxy',
      /container proxy/,
    ],
    [
      'the rules of access of the database, and the rights of its roles',
      `echo 'host all all all trust' >> /srv/gitea/postgres-config/pg_hba.conf
${psql} -c 'select pg_reload_conf()' -c 'alter role gitea createdb' -c 'grant pg_execute_server_program to gitea_a'`,
      /pg_hba.conf/,
    ],
    [
      'sshd settings',
      "sed -i 's/MaxAuthTries 4/MaxAuthTries 9/' /etc/ssh/sshd_config.d/10-gitea-runbooks.conf",
      /sshd settings/,
    ],
  ];
  for (const [what, edit, title] of edits) {
    await inside(lab, edit);
    const seen = await run(lab, 'plan', ['--exit-code']);
    t.equal(seen.code, 2, `${what} is seen`);
    t.match(seen.json.changes[0]?.title, title, what);
    await t.resolves(bring(lab.configPath), `${what} is repaired`);
    t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0, `nothing is left of ${what}`);
  }
});

t.test('who has the login of Gitea has the database of Gitea, and nothing more', async (t) => {
  const secrets = parse(await readFile(`${lab.dir}/gitea.secrets.yaml`, 'utf8')) as Record<string, string>;
  const { role, password } = loginOf(new Secret('x', secrets.postgres_password!));
  const noEntry = /no pg_hba.conf entry for (replication connection from )?host/;
  const asked: readonly (readonly [string, RegExp, user?: string, database?: string])[] = [
    ["select current_user || ' ' || session_user", new RegExp(`^gitea ${role}$`)],
    ['create table mine (a int); drop table mine', /DROP TABLE$/],
    [
      "create temp table x (a text); copy x from program 'id'",
      /permission denied to COPY (to or )?from an external program/i,
    ],
    ["create temp table x (a text); copy x from '/etc/passwd'", /permission denied to COPY from a file/],
    ['select * from pg_authid', /permission denied for table pg_authid/],
    ['create role mine', /permission denied to create role/],
    ['create database mine', /permission denied to create database/],
    ['set role postgres', /permission denied to set role/],
    ['reset role; alter role current_user superuser', /permission denied to alter role/],
    ["alter system set shared_preload_libraries = 'x'", /permission denied to set parameter/],
    ['select 1', noEntry, 'postgres'],
    ['select 1', noEntry, 'gitea'],
    ['select 1', noEntry, 'gitea_monitor'],
    ['select 1', noEntry, role, 'postgres'],
    ['select 1', noEntry, role, 'replication=true dbname=gitea'],
  ];
  // From another container, in the network that Gitea is in.
  const script = asked.map(
    ([sql, , user = role, database = 'gitea']) =>
      `psql -h database -U ${user} -d ${quote(database)} -XtAc ${quote(sql)} 2>&1; echo @@`,
  );
  const image = (await inside(lab, "docker inspect -f '{{.Config.Image}}' gitea-database-1")).trim();
  const { stdout } = await lab.exec(
    HOST,
    `docker run --rm -i --network gitea_backend --entrypoint sh ${image} -c ${quote(`read -r PGPASSWORD; export PGPASSWORD\n${script.join('\n')}`)}`,
    { input: `${password.reveal()}\n` },
  );
  const answers = stdout.split('@@\n');
  for (const [index, [sql, answer, user, database]] of asked.entries())
    t.match(answers[index]?.trim(), answer, [user, database, sql].filter(Boolean).join(': '));
  const socket = await inside(lab, `${psql.replace('-U postgres', `-U ${role}`)} -c 'select 1' 2>&1 || true`);
  t.match(socket, /no pg_hba.conf entry for host "\[local\]"/, 'nor by the socket');
  t.equal(
    (await inside(lab, `${psql} -c "select rolpassword is null from pg_authid where rolname = 'postgres'"`)).trim(),
    't',
  );
});

t.test('another image under the same tag is told, and a digest is one image for good', async (t) => {
  const { images } = parse(await readFile(lab.configPath, 'utf8')) as { images: Record<string, string> };
  const running = async () =>
    JSON.parse(await inside(lab, 'tail -n 1 /var/lib/gitea-runbooks/runs.jsonl')).images.database;
  const database = images.postgres!;
  const first = await running();
  await inside(
    lab,
    `id=$(docker create ${database}) && docker commit -c 'LABEL by=hand' "$id" ${database} && docker rm "$id"`,
  );
  const seen = await run(lab, 'plan', ['--exit-code']);
  t.match(seen, { code: 2, json: { changes: [{ title: 'containers database, wal', impact: 'downtime' }] } }, seen.said);
  t.match(seen.json.changes[0].why, `database: its image ${database} is another one now`);
  const taken = await run(lab, 'deploy', ['--yes']);
  t.equal(taken.code, 0, taken.said);
  t.notSame((await running()).id, first.id);

  const digests = await inside(
    lab,
    `docker image inspect -f '{{index .RepoDigests 0}}' ${first.id}
docker image inspect -f '{{index .RepoDigests 0}}' ${images.gitea} ${images.nginx} ${images.certbot}`,
  );
  const pinned = digests
    .trim()
    .split('\n')
    .map((name) => name.split('@')[1]);
  const names = ['postgres', 'gitea', 'nginx', 'certbot'];
  const pins = names.map((name, index) => [`images.${name}`, `${images[name]}@${pinned[index]}`]);
  const config = await variant(lab, 'pinned', Object.fromEntries(pins));
  const pin = await run(lab, 'deploy', ['--yes'], config);
  t.equal(pin.code, 0, pin.said);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0, 'nothing is left of a config pinned by digest');
  t.match(await running(), { ref: pins[0]![1], id: first.id, digests: [`postgres@${pinned[0]}`] });
  await inside(lab, `docker tag ${first.id} ${database}`);
  await t.resolves(bring(lab.configPath), 'and back');
});

t.test('Gitea restarts by deploys, and nobody who works notices: pages, posts, uploads, pushes, clones', async (t) => {
  const stop = await traffic(lab);
  for (const title of ['One', 'Two', undefined]) {
    const config = title === undefined ? lab.configPath : await variant(lab, 'restart', { 'gitea.title': title });
    const { code, said } = await run(lab, 'deploy', ['--yes'], config);
    t.equal(code, 0, said);
  }
  const came = await stop();
  t.same(came.wrong, [], tally(came));
  t.ok(came.waited > 0, `somebody had to wait: ${tally(came)}`);
  t.equal((await inside(lab, 'ls /srv/gitea/nginx')).split('\n').includes('hold'), false, 'nothing is held any more');
});

t.test("Gitea's SSH server is told who the client is, and takes nobody who comes by another way", async (t) => {
  const { address } = lab.hosts[0]!;
  const key = `${lab.dir}/stranger`;
  await promisify(execFile)('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'IdentitiesOnly=yes', 'BatchMode=yes'];
  const words = ['-F', 'none', '-p', '2222', '-i', key, ...options.flatMap((option) => ['-o', option])];
  await t.rejects(promisify(execFile)('ssh', [...words, `git@${address}`]), /Permission denied/);
  const seen = (await inside(lab, 'docker logs gitea-proxy-1 2>&1 | grep \'"protocol":"SSH"\' | tail -1')).trim();
  const { client } = JSON.parse(seen);
  t.notMatch(client, /^(172\.31\.250\.|127\.)/, 'not an address of this host');
  t.match(
    await inside(
      lab,
      'docker logs --since 1m gitea-gitea-1 2>&1 | grep "Failed authentication attempt from" | tail -1',
    ),
    `from ${client}:`,
  );
  const straight = "exec 3<>/dev/tcp/172.31.250.3/2222; printf 'SSH-2.0-OpenSSH_9\\r\\n' >&3; timeout 10 cat <&3";
  t.equal(await inside(lab, `bash -c ${quote(straight)} || true`), '', 'not a byte');
  t.match(await inside(lab, 'docker logs --since 1m gitea-gitea-1 2>&1'), 'Unexpected proxy header: [83 83 72');
});

t.test('an SSH port that is at the container of Gitea, as in an older installation, moves to the proxy', async (t) => {
  const file = '/srv/gitea/compose.yaml';
  await inside(
    lab,
    `sed -i -e '/"2222:2222"/d' -e '/^  gitea:/a\\    ports: ["2222:2222"]' ${file} && docker compose -p gitea -f ${file} up -d --wait proxy gitea`,
  );
  const { json } = await run(lab, 'plan', ['--exit-code']);
  const { why, impact } = json.changes.find(({ kind }: { kind: string }) => kind === 'compose');
  t.match(why, 'takes over port 2222 from gitea (closed until both are made anew)');
  t.equal(impact, 'restart');
  const { code, said } = await run(lab, 'deploy', ['--yes']);
  t.equal(code, 0, said);
  t.match(await inside(lab, "docker ps --filter publish=2222 --format '{{.Names}}'"), /^gitea-proxy-1$/m);
});

t.test('another operator is told who is at work; approval without a terminal is refused', async (t) => {
  const config = await variant(lab, 'title', { 'gitea.title': 'Other' });
  t.match(await run(lab, 'deploy', [], config), { code: 22, json: { error: { next: /--yes/ } } });
  const [one, two] = await Promise.all([
    run(lab, 'deploy', ['--yes'], config),
    later(1500, () => run(lab, 'deploy', ['--yes'], config)),
  ]);
  t.equal(one.code, 0, one.said);
  t.match(two, { code: 11, json: { error: { kind: 'locked', what: /deploy by .+@.+ since 20/ } } });
  await t.resolves(bring(lab.configPath), 'and back');
});

t.test('a non-root operator works by sudo', async (t) => {
  const config = await variant(lab, 'sudo', { 'host.user': 'ops', 'proxy.maxUploadSize': '300m' });
  const { code, said } = await run(lab, 'deploy', ['--yes'], config);
  t.equal(code, 0, said);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);
  await t.resolves(bring(lab.configPath), 'and back');
});

t.test(
  'nothing but a shutdown stops the containers: no restart of Docker, none of the unit that stops them',
  async (t) => {
    const containers = () =>
      inside(lab, "docker ps -q --no-trunc | sort | xargs docker inspect -f '{{.Id}} {{.State.StartedAt}}'");
    const before = await containers();
    await inside(lab, 'systemctl restart gitea-runbooks-shutdown.service docker.service; systemctl daemon-reload');
    await inside(lab, 'systemctl stop gitea-runbooks-shutdown.service');
    t.equal(await containers(), before);
    t.match((await run(lab, 'deploy', ['--yes'])).json.changes, [{ title: 'gitea-runbooks-shutdown.service' }]);
    t.equal(await containers(), before);
  },
);

t.test('the service and its data survive a reboot, for which everything is stopped in order', async (t) => {
  const git = await pushOverHttps();
  const logLines = () => inside(lab, 'docker logs gitea-database-1 2>&1');
  const before = (await logLines()).split('\n').length;
  await lab.reboot(HOST);
  await t.resolves(settled());
  const log = (await logLines())
    .split('\n')
    .slice(before - 1)
    .join('\n');
  // By Docker, with the image's signal: at the end of a shutdown systemd would send another one.
  t.match(log, /received fast shutdown request/);
  t.match(log, /database system was shut down at/);
  t.notMatch(log, /was interrupted|not properly shut down/);
  const stopped = await inside(
    lab,
    'journalctl --no-pager -o cat -u gitea-runbooks-shutdown.service | grep -- -1$ | tail -n 8',
  );
  t.same(
    stopped.trim().split('\n'),
    ['proxy', 'wal', 'gitea', 'database', 'database', 'gitea', 'wal', 'proxy'].map((name) => `gitea-${name}-1`),
    'each stopped before what it needs, and started after it',
  );
  t.equal(await git.remoteHead(), git.head, 'what was pushed is there');
  const { code, said, json } = await run(lab, 'deploy', ['--verify']);
  t.equal(code, 0, said);
  t.match(json.outcome, 'converged');
  for (const id of ['git-https', 'git-ssh', 'lfs', 'large-push']) {
    t.match(
      json.checks.find((check: { id: string }) => check.id === `outside.${id}`),
      { status: 'pass' },
      id,
    );
  }
});

t.test('no secret is anywhere but in the root-only files and in app.ini', async (t) => {
  const values = parse(await readFile(`${lab.dir}/gitea.secrets.yaml`, 'utf8')) as Record<string, string>;
  const token = (await inside(lab, 'cat /etc/gitea-runbooks/secrets/probe_token')).trim();
  const all = { ...values, probe_token: token };
  t.ok(Object.keys(all).length >= 8, Object.keys(all).join(' '));
  const { stderr, json } = await run(lab, 'deploy', ['--verbose']);
  const where = await inside(
    lab,
    `mkdir -p /tmp/seen && cd /tmp/seen
ps axeww -o args > ps; docker ps -aq | xargs docker inspect > inspect; journalctl --no-pager > journal
for c in $(docker ps -q); do docker logs "$c" >> logs 2>&1; done
cat /srv/gitea/compose*.yaml /srv/gitea/nginx/* > files; cat /etc/systemd/system/gitea-runbooks* >> files; cat /etc/gitea-runbooks/config.json /var/lib/gitea-runbooks/runs.jsonl >> files
cat ps inspect journal logs files | base64 -w0; rm -rf /tmp/seen`,
  );
  const haystack = `${Buffer.from(where, 'base64')}\n${stderr}\n${JSON.stringify(json)}`;
  t.ok(haystack.length > 10_000);
  for (const [name, value] of Object.entries(all)) t.notOk(haystack.includes(value), name);
  const holders = await inside(
    lab,
    `for f in ${'/etc/gitea-runbooks/secrets'}/*; do grep -rlF -f "$f" /etc /opt /srv/gitea/gitea/config /root /var/lib/gitea-runbooks /var/log /run 2>/dev/null; done | sort -u | grep -v ^/etc/gitea-runbooks/secrets/ || true`,
  );
  t.match(holders.trim(), /^\/srv\/gitea\/gitea\/config\/app\.ini\.[0-9a-f]{12}\/app\.ini$/);
  t.equal((await inside(lab, "stat -c '%a %U' /etc/gitea-runbooks/secrets")).trim(), '700 root');
});

async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return work();
}

/** Wait until Gitea answers again; a reboot of the host is not awaited by any runbook. */
async function settled(): Promise<void> {
  for (let second = 0; second < 120; second++) {
    const { code } = await lab.exec(
      HOST,
      `curl -fsSk --resolve ${lab.domain}:443:127.0.0.1 https://${lab.domain}/api/healthz | grep -q database:ping`,
    );
    if (code === 0) return;
    await later(1000, async () => {});
  }
  throw new Error('Gitea did not come back within 120 s');
}

/** A repository with one commit, pushed from this machine with the account of the checks. */
async function pushOverHttps() {
  const token = (await inside(lab, 'cat /etc/gitea-runbooks/secrets/probe_token')).trim();
  const api = `curl -fsSk --resolve ${lab.domain}:443:127.0.0.1 -H 'Authorization: token ${token}' https://${lab.domain}/api/v1`;
  await inside(lab, `${api}/user/repos -H 'content-type: application/json' -d '{"name":"reboot"}' >/dev/null || true`);
  const dir = t.testdir({ 'README.md': 'still here?\n' });
  const address = lab.hosts[0]!.address;
  const remote = `https://runbooks-probe:${token}@${lab.domain}/runbooks-probe/reboot.git`;
  const git = (...words: string[]) =>
    promisify(execFile)(
      'git',
      [
        '-c',
        `http.curloptResolve=${lab.domain}:443:${address}`,
        '-c',
        `http.sslCAInfo=${lab.caPath}`,
        '-c',
        'user.name=t',
        '-c',
        'user.email=t@lab.test',
        ...words,
      ],
      // What the machine's own environment says about trust must not win.
      { cwd: dir, env: { ...process.env, GIT_SSL_CAINFO: lab.caPath } },
    );
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-qm', 'one');
  await git('push', '-qf', remote, 'main');
  const head = (await git('rev-parse', 'HEAD')).stdout.trim();
  return { head, remoteHead: async () => (await git('ls-remote', remote, 'main')).stdout.split('\t')[0] };
}
