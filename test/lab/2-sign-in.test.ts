// Sign-in sources: brought, converged, put back, changed with one restart that nobody notices, turned off and on again.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parseDocument } from 'yaml';
import { openIdProvider } from './openid.ts';
import { makePerson, refused, summary, watchSignIns } from './sign-ins.ts';
import { bring, convergedLab, inside, run, variant } from './suite.ts';

t.setTimeout(0);
const lab = await convergedLab();
const secretsFile = path.join(lab.dir, 'gitea.secrets.yaml');

/** This machine, as the hosts see it. */
const here = (await inside(lab, "ip -4 route show default | awk '{print $3}'")).trim();
const client = 'gitea of the lab';
const [first, second] = ['c4nary-one \' " $1 \\ {}', 'c4nary-two'] as const;

const pem = (name: string) => inside(lab, `cat /root/idp-${name}.pem`);
await inside(
  lab,
  `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=idp -addext subjectAltName=IP:${here} -keyout /root/idp-key.pem -out /root/idp-cert.pem 2>/dev/null`,
);
const provider = await openIdProvider(here, client, { key: await pem('key'), cert: await pem('cert') });
t.teardown(() => provider.close());
// Into the container's layer, from outside: it cannot write there itself. It stays for as long as the container does.
await inside(
  lab,
  `cat /root/idp-cert.pem >> "$(docker inspect -f '{{.GraphDriver.Data.MergedDir}}' gitea-gitea-1)/etc/ssl/certs/ca-certificates.crt"`,
);

const discoveryUrl = `https://${here}:${provider.port}/.well-known/openid-configuration`;
const base = { 'proxy.loginRequestsPerMinute': 600 };
const plain = await variant(lab, 'sign-in-none', base);
const company = {
  ...{ name: 'company', discoveryUrl, clientId: client, clientSecret: { secret: 'company' }, scopes: ['email'] },
};
const config = await variant(lab, 'sign-in', { ...base, 'gitea.signIn': { sources: [company] } });

/** What anybody sees at a path: status, where it leads to, and the page. */
async function page(at: string) {
  const said = await inside(
    lab,
    `curl -sk --resolve ${lab.domain}:443:127.0.0.1 -w '\\n%{http_code} %{redirect_url}' 'https://${lab.domain}${at}'`,
  );
  const [status = '', to = ''] = said.slice(said.lastIndexOf('\n') + 1).split(' ');
  return { status: Number(status), to, said };
}
const buttons = async () =>
  [...(await page('/user/login')).said.matchAll(/href="\/user\/oauth2\/([^"]*)"/g)].map(([, name]) => name);
/** Where somebody comes to who has signed in at the provider: it depends on the secret that the running Gitea has. */
const comesTo = async () => (await page('/user/oauth2/company/callback?code=good&state=x')).to;
const linked = `https://${lab.domain}/user/link_account`;
const again = `https://${lab.domain}/user/login`;

const sql = (statement: string) =>
  inside(lab, `docker exec gitea-database-1 psql -U postgres -d gitea -XqtAc "${statement.replaceAll('"', '\\"')}"`);
const started = async () => (await inside(lab, "docker inspect -f '{{.State.StartedAt}}' gitea-gitea-1")).trim();
const rows = async () => (await sql('select name, is_active from login_source order by id')).trim().split('\n');

async function keep(value: string) {
  const document = parseDocument(await readFile(secretsFile, 'utf8'));
  document.set('company', value);
  await writeFile(secretsFile, String(document));
}

const said: unknown[] = [];
async function told(name: string, args: readonly string[] = [], file = config) {
  const result = await run(lab, name, args, file);
  said.push(result);
  return result;
}
/** The changes of a plan that are about sources. */
async function planned(file = config): Promise<readonly { why: string; impact: string; action: string }[]> {
  const { json } = await told('plan', [], file);
  return json.changes.filter(({ kind }: { kind: string }) => kind === 'sources');
}
async function deployed(file = config) {
  const result = await told('deploy', ['--yes', '--verbose'], file);
  t.equal(result.code, 0, result.said);
  return result;
}
/** Without the checks from outside, which the first ones have been through. */
const put = (file = config) => bring(file, 'none');
const settled = async (file = config) => (await told('plan', ['--exit-code'], file)).code;

t.test('a source: a button that leads to the provider, without a restart', async (t) => {
  t.equal((await run(lab, 'plan', [], config)).code, 10, 'nobody keeps its secret yet');
  await deployed(plain);
  await keep(first);
  provider.expect(first);
  t.match(await planned(), [{ action: 'create', why: 'does not exist', impact: 'none' }]);
  const before = await started();
  await deployed();
  t.equal(await started(), before);
  t.equal(await settled(), 0);
  t.same(await buttons(), ['company']);
  const { status, to } = await page('/user/oauth2/company');
  const query = new URL(to).searchParams;
  t.equal(status, 307);
  t.match(to, `https://${here}:${provider.port}/authorize?`);
  t.equal(query.get('client_id'), client);
  t.equal(query.get('redirect_uri'), `https://${lab.domain}/user/oauth2/company/callback`);
  t.equal(await comesTo(), linked, 'with every letter of the secret');
  const { json } = await told('doctor');
  t.match(
    json.checks.find(({ id }: { id: string }) => id === 'sign-in.company'),
    { status: 'pass', detail: /describes itself/ },
  );
});

t.test('changed by hand: shown, and put back', async (t) => {
  await sql(
    `update login_source set cfg = (cfg::jsonb || '{"IconURL": "https://x.test/", "GroupTeamMap": "kept"}')::text, is_active = false`,
  );
  t.match(await planned(), [{ action: 'update', why: 'is inactive, has another IconURL ("https://x.test/")' }]);
  t.same(await buttons(), []);
  await put();
  t.equal(await settled(), 0);
  t.equal(
    (await sql("select cfg::jsonb ->> 'IconURL', cfg::jsonb ->> 'GroupTeamMap' from login_source")).trim(),
    '|kept',
  );
  t.equal(await comesTo(), linked);
});

t.test('another secret: one restart that nobody notices, and the secret is nowhere to be seen', async (t) => {
  const person = await makePerson(lab, `person${Date.now()}`);
  await keep(second);
  provider.expect(second);
  t.equal(await comesTo(), again, 'the old one is not taken any more');
  t.match(await planned(), [{ action: 'update', why: 'has another secret than <secret company>', impact: 'restart' }]);
  const since = Math.floor(Date.now() / 1000);
  await inside(
    lab,
    '(while [ ! -e /root/ps.stop ]; do ps -eo args; sleep 0.05; done > /root/ps.txt; rm /root/ps.stop) >/dev/null 2>&1 </dev/null &',
  );
  const signIns = await watchSignIns(lab, person);
  const { json } = await deployed();
  const people = await signIns();
  await inside(lab, 'touch /root/ps.stop');
  t.match(json.changes, [{ kind: 'sources' }]);
  t.same(refused(people), [], summary(people));
  const starts = `docker events --since ${since} --until "$(date +%s)" --filter container=gitea-gitea-1 --filter event=start`;
  t.equal((await inside(lab, `${starts} | wc -l`)).trim(), '1');
  t.equal(await comesTo(), linked);
  t.equal(await settled(), 0);
  const seen = await inside(
    lab,
    `cat /root/ps.txt /var/lib/gitea-runbooks/runs.jsonl /etc/gitea-runbooks/config.json
docker logs gitea-gitea-1 2>&1; docker logs gitea-database-1 2>&1; docker logs gitea-proxy-1 2>&1; journalctl --no-pager -q`,
  );
  t.match(seen, 'psql', 'the statements were seen at work');
  t.notMatch(seen, /c4nary/);
  t.notMatch(JSON.stringify(said), /c4nary/);
});

t.test('a deploy that was cut off before the restart: the next one restarts', async (t) => {
  await sql('update app_state set revision = extract(epoch from clock_timestamp()) * 1000000 where revision > 1000000');
  t.match(await planned(), [{ action: 'refresh', impact: 'restart', why: /since Gitea was started/ }]);
  const before = await started();
  await put();
  t.not(await started(), before);
  t.equal(await settled(), 0);
});

t.test('out of the config: inactive; renamed by hand it is still known; one of others is left alone', async (t) => {
  await sql(
    `insert into login_source (type, name, is_active, cfg) values (6, 'theirs', true, '{"Provider": "github", "ClientID": "a"}')`,
  );
  t.equal(await settled(), 0, 'one that was made in the browser is no matter of ours');
  await sql("update login_source set name = 'renamed' where name = 'company'");
  t.match(await planned(), [{ action: 'update', why: /^is called "renamed"/ }]);
  t.match(await planned(plain), [{ action: 'remove', impact: 'none', why: /becomes inactive/ }]);
  const before = await started();
  await put(plain);
  t.same(await rows(), ['renamed|f', 'theirs|t']);
  t.same(await buttons(), ['theirs']);
  t.equal((await page('/user/oauth2/renamed')).status, 500);
  t.equal(await started(), before);
  t.equal(await settled(plain), 0);
});

t.test('back again: the same row, with the accounts that came by it', async (t) => {
  await sql("update login_source set name = 'company' where name = 'renamed'");
  t.match(await planned(), [{ action: 'update', why: /^is inactive, was not made by a deploy/ }]);
  await put();
  t.same(await rows(), ['company|t', 'theirs|t']);
  t.equal(await comesTo(), linked);
  t.equal(await settled(), 0);
});

t.test('before Gitea 1.24 the second factor is one of the settings', async (t) => {
  await sql('alter table login_source drop column two_factor_policy');
  t.equal(await settled(), 0);
  const skips = await variant(lab, 'sign-in-skips', {
    ...base,
    'gitea.signIn': { sources: [{ ...company, skipTwoFactor: true }] },
  });
  t.match(await planned(skips), [{ action: 'update', why: "asks for Gitea's second factor", impact: 'none' }]);
  await put(skips);
  t.equal(
    (await sql("select cfg::jsonb ->> 'SkipLocalTwoFA' from login_source where name = 'company'")).trim(),
    'true',
  );
  t.equal(await settled(skips), 0);
  await sql("alter table login_source add two_factor_policy varchar(255) not null default ''");
  t.match(await planned(skips), [{ why: "asks for Gitea's second factor" }], 'a later one asks its column');
});

t.test('a name that a source of another sort has is refused', async (t) => {
  await sql("delete from login_source; delete from app_state where id like 'gitea-runbooks/%'");
  await sql(`insert into login_source (type, name, is_active, cfg) values (2, 'company', true, '{}')`);
  const { code, json } = await told('deploy', ['--yes']);
  t.equal(code, 22);
  t.match(json.error.what, /neither OAuth2 nor OpenID Connect/);
  await sql('delete from login_source');
  await put(lab.configPath);
});
