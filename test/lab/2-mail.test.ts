// Mail: what the config says reaches Gitea, and doctor sends one from where Gitea is. Sign-in policy beside it.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { smtpServer } from './smtp.ts';
import { inside, run, theLab, variant } from './suite.ts';

t.setTimeout(0);
const lab = await theLab();
const first = await run(lab, 'deploy', ['--yes']);
t.equal(first.code, 0, first.said);

/** This machine, as the hosts see it. */
const here = (await inside(lab, "ip -4 route show default | awk '{print $3}'")).trim();
const secret = 'Wr4pped & w1th % signs';
const from = 'git@mail-of.lab.test';
const settings = { 'gitea.settings.storage.MINIO_SECRET_ACCESS_KEY.secret': 'storage_key' };

const appIni = () =>
  inside(
    lab,
    `cat "$(docker inspect -f '{{range .Mounts}}{{if eq .Destination "/etc/gitea"}}{{.Source}}{{end}}{{end}}' gitea-gitea-1)/app.ini"`,
  );

t.test('a secret that nobody keeps is told before anything is touched', async (t) => {
  const config = await variant(lab, 'missing', settings);
  for (const runbook of ['plan', 'deploy']) {
    const { code, json } = await run(lab, runbook, runbook === 'deploy' ? ['--yes'] : [], config);
    t.equal(code, 10);
    t.match(json.error.next, /add the line `storage_key: 'VALUE'` to .*secrets/);
  }
  t.equal((await run(lab, 'doctor', ['--test-mail', 'a@b.test'])).code, 10, 'nor is there a mail section yet');
});

t.test('mail, a secret by name and the policy of sign-in: deployed, converged, shown nowhere', async (t) => {
  await appendFile(path.join(lab.dir, 'gitea.secrets.yaml'), `storage_key: '${secret}'\nmail_password: '${secret}'\n`);
  const server = await smtpServer({ mode: 'none' });
  t.teardown(() => server.close());
  const mail = { 'mail.host': here, 'mail.port': server.port, 'mail.tls': 'none', 'mail.from': from };
  const config = await variant(lab, 'mail', { ...settings, ...mail, 'gitea.signIn.twoFactor': 'required' });
  const planned = await run(lab, 'plan', [], config);
  t.match(JSON.stringify(planned.json), /MINIO_SECRET_ACCESS_KEY = <another secret>/);
  const deployed = await run(lab, 'deploy', ['--yes', '--verbose'], config);
  t.equal(deployed.code, 0, deployed.said);
  t.match(await appIni(), `PROTOCOL = smtp\nSMTP_ADDR = ${here}\n`);
  t.match(await appIni(), /^TWO_FACTOR_AUTH = enforced$/m);
  t.equal((await run(lab, 'plan', ['--exit-code'], config)).code, 0);

  const sent = await run(lab, 'doctor', ['--test-mail', 'ops@mail-of.lab.test'], config);
  t.equal(sent.code, 0, sent.said);
  t.match(sent.json.checks, [{ id: 'test-mail', status: 'pass', detail: /has taken a mail .*from Gitea's container/ }]);
  t.match(server.taken, [{ from, to: 'ops@mail-of.lab.test', encrypted: false }]);
  const looked = await run(lab, 'doctor', [], config);
  t.match(
    looked.json.checks.find(({ id }: { id: string }) => id === 'mail'),
    { status: 'pass', detail: /answers, in clear/ },
  );
  t.equal(server.taken.length, 1, 'and sent nothing');

  const back = await run(lab, 'plan', []);
  t.match(JSON.stringify(back.json), /MINIO_SECRET_ACCESS_KEY = <secret>/, 'the config says nothing of it any more');
  const records = await inside(lab, 'cat /var/lib/gitea-runbooks/runs.jsonl');
  for (const said of [planned, deployed, sent, looked, back])
    t.notOk(JSON.stringify([said.json, said.stderr, records]).includes('Wr4pped'), 'shown nowhere');
  t.equal((await run(lab, 'deploy', ['--yes'])).code, 0, 'and back');
  t.notMatch(await appIni(), /mailer|MINIO|TWO_FACTOR/);
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
});

t.test('encrypted and signed in, from a host without its Gitea; a wrong password is told', async (t) => {
  const pem = (name: string) => inside(lab, `cat /root/${name}.pem`);
  await inside(
    lab,
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=mail -addext subjectAltName=IP:${here} -keyout /root/key.pem -out /root/cert.pem 2>/dev/null`,
  );
  const server = await smtpServer({
    ...{ mode: 'smtps', key: await pem('key'), cert: await pem('cert'), echoes: true },
    users: { good: secret },
  });
  t.teardown(() => server.close());
  const mail = {
    'mail.host': here,
    'mail.port': server.port,
    'mail.from': from,
    'mail.password.secret': 'mail_password',
  };
  const configOf = (user: string) => variant(lab, user, { ...mail, 'mail.user': user });
  const test = async (user: string) =>
    run(lab, 'doctor', ['--test-mail', 'ops@mail-of.lab.test'], await configOf(user));

  const unknown = await test('good');
  t.equal(unknown.code, 21);
  t.match(unknown.json.checks, [{ status: 'fail', detail: /certificate that is not good.*from Gitea's container/ }]);

  await inside(
    lab,
    'cp /root/cert.pem /usr/local/share/ca-certificates/lab-mail.crt && update-ca-certificates >/dev/null 2>&1',
  );
  await inside(lab, 'docker stop gitea-gitea-1');
  t.teardown(() =>
    inside(
      lab,
      'docker start gitea-gitea-1; rm /usr/local/share/ca-certificates/lab-mail.crt; update-ca-certificates --fresh >/dev/null 2>&1',
    ),
  );
  const wrong = await test('bad');
  t.equal(wrong.code, 21);
  t.match(wrong.json.checks, [{ status: 'fail', detail: /refuses the sign-in of bad: 535 5\.7\.8.*from the host/ }]);
  t.notOk(JSON.stringify(wrong).includes('Wr4pped'));
  const good = await test('good');
  t.equal(good.code, 0, good.said);
  t.match(server.taken, [{ user: 'good', encrypted: true }]);
});
