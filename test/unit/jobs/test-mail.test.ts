import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Config } from '../../../lib/config/config.types.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { Command, Host, Output } from '../../../lib/host/port.ts';
import { testMail } from '../../../lib/jobs/doctor/test-mail.ts';
import { judgeTalk, type Mail, mailCheck } from '../../../lib/phases/mail.ts';
import { type SmtpOptions, smtpServer } from '../../lab/smtp.ts';
import { input } from '../phases/input.ts';

/** A docker without containers, or with a Gitea that is this machine. */
const dockers = {
  none: 'exit 1',
  running: '[ "$1" = inspect ] && { echo true; exit; }\nshift 3\necho "in $1" >> "$SEEN"\nexec "$@"',
};

function sandbox(t: Test, docker: keyof typeof dockers = 'none') {
  const dir = t.testdir({ bin: { docker: `#!/bin/sh\n${dockers[docker]}\n` }, seen: '' });
  chmodSync(`${dir}/bin/docker`, 0o755);
  const subject = ['-subj', '/CN=mail', '-addext', 'subjectAltName=DNS:localhost'];
  const made = spawnSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', ...subject].concat(
      [...['-keyout', `${dir}/key.pem`, '-out', `${dir}/cert.pem`]],
    ),
    { encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(made.stderr);
  const env = { PATH: `${dir}/bin:${process.env.PATH}`, SEEN: `${dir}/seen` };
  const [key, cert] = ['key', 'cert'].map((name) => readFileSync(`${dir}/${name}.pem`, 'utf8'));
  const keep = (password: string) => {
    writeFileSync(`${dir}/gitea.secrets.yaml`, `mail_password: ${JSON.stringify(password)}\n`);
    chmodSync(`${dir}/gitea.secrets.yaml`, 0o600);
  };
  return { dir, env, trusting: { ...env, CURL_CA_BUNDLE: `${dir}/cert.pem` }, key: key!, cert: cert!, keep };
}

type Box = ReturnType<typeof sandbox>;

/** This machine, with a surrounding of its own and nothing to be changed. It notes the argument lists. */
function machine(env: Record<string, string | undefined>, seen: Command[] = []): Host {
  const refuse = () => Promise.reject(new Error('not to be changed'));
  return {
    label: 'here',
    query: (command) => {
      seen.push(command);
      const [program, ...words] = command.argv ?? ['sh', '-c', command.script!];
      const child = spawn(program!, words, { env });
      const stdin = command.stdin ?? '';
      child.stdin.end(stdin instanceof Secret ? stdin.reveal() : stdin);
      const [out, err] = [child.stdout, child.stderr].map(async (stream) => {
        let text = '';
        for await (const chunk of stream) text += chunk;
        return text;
      });
      return new Promise<Output>((resolve) =>
        child.on('close', async (code) => resolve({ code: code ?? 1, stdout: await out!, stderr: await err! })),
      );
    },
    run: refuse,
    put: refuse,
    hold: refuse,
    close: async () => {},
  };
}

const mailOf = (port: number, more: Partial<Mail> = {}): Mail => ({
  ...{ host: 'localhost', port, tls: 'smtps', from: 'git@corp.test', notifications: true },
  ...{ user: 'me', password: { secret: 'mail_password' } },
  ...more,
});

const configOf = (box: Box, mail: Mail | undefined): Config => ({
  ...input().config,
  domain: 'git.corp.test',
  secrets: { source: 'file', file: `${box.dir}/gitea.secrets.yaml` },
  ...(mail ? { mail } : {}),
});

/** One mail to a@corp.test, through a server of these options. */
async function send(t: Test, box: Box, options: SmtpOptions, more: Partial<Mail> = {}, env: Box['env'] = box.trusting) {
  const server = await smtpServer({ key: box.key, cert: box.cert, ...options });
  t.teardown(() => server.close());
  const seen: Command[] = [];
  const mail = mailOf(server.port, { tls: options.mode, ...more });
  const result = await testMail(configOf(box, mail), machine(env, seen), 'a@corp.test');
  return { ...result, taken: server.taken, seen };
}

const password = 'p:a s"s\\@w%ö#`;r{d}';

t.test('a mail is delivered, encrypted, and the password stands in no argument', async (t) => {
  const box = sandbox(t);
  box.keep(password);
  for (const mode of ['smtps', 'starttls'] as const) {
    const { status, detail, taken, seen } = await send(t, box, { mode, users: { me: password } });
    t.equal(status, 'pass', detail);
    t.match(detail, /has taken a mail to a@corp\.test: 250 2\.0\.0 Queued as 1 \(from the host\)/);
    t.match(taken, [{ from: 'git@corp.test', to: 'a@corp.test', user: 'me', encrypted: true }]);
    t.match(taken[0]!.text, /^Subject: Test mail of git\.corp\.test$/m);
    t.match(taken[0]!.text, /^Date: \w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000$/m);
    t.notMatch(JSON.stringify(seen), /p:a|p%3Aa/);
  }
});

t.test('without an account, in clear', async (t) => {
  const box = sandbox(t);
  const open = mailOf(0);
  const { user: _user, password: _password, ...plain } = open;
  const server = await smtpServer({ mode: 'none' });
  t.teardown(() => server.close());
  const config = configOf(box, { ...plain, tls: 'none', port: server.port });
  t.match(await testMail(config, machine(box.env), 'a@corp.test'), { status: 'pass' });
  t.equal(server.taken.length, 1);
});

t.test("from Gitea's container where it runs", async (t) => {
  const box = sandbox(t, 'running');
  box.keep('x');
  const { detail } = await send(t, box, { mode: 'smtps', users: { me: 'x' } });
  t.match(detail, /from Gitea's container/);
  t.equal(readFileSync(`${box.dir}/seen`, 'utf8'), 'in curl\n');
});

t.test('what goes wrong is told in the words of the server, with what to do', async (t) => {
  const box = sandbox(t);
  box.keep('hunter22');
  const users = { me: 'hunter22' };
  const wrong = await send(t, box, { mode: 'smtps', users: { me: 'other' }, echoes: true });
  t.match(wrong, { status: 'fail', detail: /refuses the sign-in of me: 535 5\.7\.8 Wrong/, next: /mail\.password/ });
  t.notMatch(JSON.stringify(wrong.detail), /hunter22|aHVudGVyMjI|AG1lAGh1bnRlcjIy/, 'not even what the server repeats');

  const nobody = await send(t, box, { mode: 'smtps', users, recipient: () => '550 5.1.1 No such user' });
  t.match(nobody, { status: 'fail', detail: /refuses the mail from git@corp\.test to a@corp\.test: 550 5\.1\.1 No/ });
  const grey = await send(t, box, { mode: 'smtps', users, recipient: () => '450 4.2.0 Greylisted' });
  t.match(grey, { status: 'fail', detail: /puts it off: 450 4\.2\.0 Greylisted/, next: /try again in some minutes/ });
  const busy = await send(t, box, { mode: 'smtps', users, greeting: '421 4.7.0 Too many' });
  t.match(busy, { status: 'fail', detail: /puts it off: 421 4\.7\.0 Too many/ });

  const unknown = await send(t, box, { mode: 'smtps', users }, {}, box.env);
  t.match(unknown, { status: 'fail', detail: /shows a certificate that is not good: .*60/, taken: [] });
  const other = await send(t, box, { mode: 'smtps', users }, { host: '127.0.0.1' });
  t.match(other, { status: 'fail', detail: /shows a certificate that is not good: .*127\.0\.0\.1/, taken: [] });
  const clear = await send(t, box, { mode: 'none', users }, { tls: 'starttls' });
  t.match(clear, { status: 'fail', detail: /offers no encryption \(STARTTLS\)/, next: /smtps/, taken: [] });
  const mixed = await send(t, box, { mode: 'starttls', users }, { tls: 'smtps' });
  t.match(mixed, { status: 'fail', detail: /does not encrypt as mail\.tls says/, next: /starttls/, taken: [] });
  const open = await send(t, box, { mode: 'smtps' });
  t.match(open, { status: 'fail', detail: /asks nobody to sign in/, next: /take mail\.user/ });

  const gone = await smtpServer({ mode: 'none' });
  await gone.close();
  const refused = await testMail(configOf(box, mailOf(gone.port)), machine(box.env), 'a@corp.test');
  t.match(refused, { status: 'fail', detail: /refuses connections/, next: /mail\.port/ });
});

t.test('nothing is asked of the host where the config does not say enough', async (t) => {
  const box = sandbox(t);
  const seen: Command[] = [];
  const host = machine(box.env, seen);
  await t.rejects(testMail(configOf(box, undefined), host, 'a@corp.test'), { name: 'RunbookError', exitCode: 10 });
  await t.rejects(testMail(configOf(box, mailOf(25)), host, 'a@corp.test'), { name: 'RunbookError', exitCode: 10 });
  box.keep('x');
  for (const address of ['x', '-a@corp.test', 'a@corp.test\nurl = "file:///etc/passwd"'])
    await t.rejects(testMail(configOf(box, mailOf(25)), host, address), { name: 'RunbookError', exitCode: 1 });
  t.same(seen, []);
});

t.test('doctor looks without an account, and sends nothing', async (t) => {
  const box = sandbox(t);
  const ask = async (options: SmtpOptions, more: Partial<Mail> = {}, env: Box['env'] = box.trusting) => {
    const server = await smtpServer({ key: box.key, cert: box.cert, users: { me: 'x' }, ...options });
    t.teardown(() => server.close());
    const check = mailCheck(mailOf(server.port, { tls: options.mode, ...more }));
    const { stdout } = await machine(env).query({ script: check.script });
    return { ...check.judge(stdout), taken: server.taken };
  };
  t.match(await ask({ mode: 'smtps' }), { status: 'pass', detail: /answers, encrypted, with a good cert/, taken: [] });
  t.match(await ask({ mode: 'starttls' }), { status: 'pass', detail: /answers, encrypted/ });
  t.match(await ask({ mode: 'none' }), { status: 'pass', detail: /answers, in clear/ });
  t.match(await ask({ mode: 'none' }, { tls: 'starttls' }), { status: 'fail', detail: /offers no encryption/ });
  t.match(await ask({ mode: 'smtps' }, {}, box.env), { status: 'fail', detail: /certificate that is not good/ });
});

t.test('what cannot be brought about here', async (t) => {
  const judge = (end: string, curl = '') =>
    judgeTalk(mailOf(465), `curl\t${curl}\nplace\thost\nend\t${end}`, 'a@b.test');
  t.match(judge('6'), { status: 'fail', detail: /localhost:465 cannot be reached: no such name/, next: /mail\.host/ });
  t.match(judge('28', '(28) Connection timed out'), { status: 'fail', detail: /in time: \(28\)/, next: /mail\.port/ });
  t.match(judge('127'), { status: 'fail', detail: /there is no curl/ });
  t.match(judge('1', '(1) Protocol smtp not supported'), { status: 'fail', detail: /not supported/ });
  t.match(judgeTalk(mailOf(465), '', 'a@b.test'), { status: 'fail' }, 'no answer at all is no pass');
  t.match(judgeTalk(mailOf(465), 'place\tnowhere', undefined), { status: 'skip', detail: /no curl yet/ });
});
