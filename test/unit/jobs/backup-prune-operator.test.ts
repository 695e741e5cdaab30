import t from 'tap';
import type { Secret } from '../../../lib/core/secret.ts';
import type { Host } from '../../../lib/host/port.ts';
import { prune, prunePlan } from '../../../lib/jobs/backup/index.ts';
import { credentialsOf } from '../../../lib/jobs/backup/prune-operator.ts';
import { input } from '../phases/input.ts';
import { fails, fine, played, remote, says } from './backups.ts';

const { config } = input({ config: { backup: { remote } } });
const environment = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'very secret', HOME: '/home/me' };
const plan = { place: remote.repository, goes: ['a'], unfinished: ['b'], stays: [] };

const state = (active: string, sub: string, code = 0) =>
  `ActiveState=${active}\nSubState=${sub}\nInvocationID=one\nExecMainCode=${code ? 1 : 0}\nExecMainStatus=${code}\n`;

/** A host on which a removal ends so, and what it was given by standard input. */
function scene({
  code = 0,
  lines = ['prune: 1 whole generations removed'],
  running = false,
  found = plan as object,
} = {}) {
  const { host, commands } = played((command) => {
    if (command.includes('prune preview')) return says(`prune: ${JSON.stringify(found)}\n`);
    if (command.includes('read_journal'))
      return says(
        `${lines.join('\n')}\n\n-- gitea-runbooks: state\n${code ? state('failed', 'failed', code) : state('active', 'exited')}`,
      );
    if (command.startsWith('unit=')) return says(`${running ? 'attached' : 'started'}\n${state('active', 'running')}`);
    return command.startsWith('systemctl show')
      ? says(running ? state('active', 'running') : state('inactive', 'dead'))
      : fine;
  });
  const given: unknown[] = [];
  const machine: Host = {
    ...host,
    run(command) {
      if (command.stdin !== undefined) given.push(command.stdin);
      return host.run(command);
    },
  };
  return { machine, commands, given };
}

t.test('what goes is approved first; then the credentials go into memory of the host, and nowhere else', async (t) => {
  const { machine, commands, given } = scene();
  const hidden: Secret[] = [];
  const asked: unknown[] = [];
  const report = await prune(config, machine, {
    environment,
    hide: (...secrets) => hidden.push(...secrets),
    async approve(shown) {
      asked.push(shown);
      t.same(given, [], 'nothing is sent before');
    },
  });
  t.match(report, { plan, result: '1 whole generations removed' });
  t.same(asked, [plan]);
  t.same(
    hidden.map((secret) => secret.reveal()),
    ['key', 'very secret'],
  );
  const [sent] = given as [Secret];
  t.same(JSON.parse(sent.reveal()), {
    environment: { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'very secret' },
    without: ['AWS_SESSION_TOKEN'],
    ids: ['a', 'b'],
  });
  t.notMatch(commands.join('\n'), 'very secret');
  const left = commands.find((command) => command.includes('umask 077')) ?? '';
  const file = /cat >(\/run\/gitea-runbooks\/prune\.[0-9a-f]{16})$/.exec(left)?.[1];
  t.match(left, `sleep 120; rm -f ${file}`, 'unread they go by themselves');
  t.match(left, '= tmpfs');
  t.match(
    commands.find((command) => command.startsWith('unit=')),
    new RegExp(`gitea-runbooks\\.mjs prune ${file} `),
  );
  t.equal(commands.at(-1), `rm -f ${file}`);
});

t.test('not approved, refused, or nothing to do: nothing is sent', async (t) => {
  const not = scene();
  await t.rejects(prune(config, not.machine, { environment, approve: () => Promise.reject(new Error('no')) }), /no/);
  const refused = scene({ found: { ...plan, refused: { what: 'not read back', next: '--verify' } } });
  await t.rejects(prune(config, refused.machine, { environment }), { exitCode: 22, message: /not read back/ });
  const none = scene({ found: { ...plan, goes: [], unfinished: [] } });
  t.match(await prune(config, none.machine, { environment }), { result: 'nothing has served its time' });
  for (const { given, commands } of [not, refused, none])
    t.same([given, commands.filter((text) => text.startsWith('unit='))], [[], []]);
});

t.test('one that is under way is followed, without credentials and without a question', async (t) => {
  const { machine, given } = scene({ running: true });
  const said: unknown[] = [];
  const report = await prune(config, machine, {
    environment: {},
    approve: () => Promise.reject(new Error('asked')),
    onEvent: (event) => said.push(event),
  });
  t.match(report, { result: '1 whole generations removed' });
  t.match(said[0], { text: /following it/ });
  t.same(given, []);
});

t.test('what the host says of a failure is what is said here', async (t) => {
  const lines = ['removing', 'prune: this machine: they are in use', '    already locked', 'Next: later'];
  const { machine } = scene({ code: 11, lines });
  await t.rejects(prune(config, machine, { environment }), {
    exitCode: 11,
    message: /they are in use\n {4}already locked\nNext: later/,
  });
  await t.rejects(prune(config, scene({ code: 137, lines: [] }).machine, { environment }), {
    exitCode: 20,
    message: /has ended with 137.*the same command again goes on/s,
  });
  const broken = played(() => fails('prune: it cannot be read\nNext: doctor', 20)).host;
  await t.rejects(prunePlan(config, broken), { exitCode: 20, message: /it cannot be read\nNext: doctor/ });
});

t.test('which credentials a place takes; those that are missing are named', async (t) => {
  const of = (repository: string, values: Record<string, string>) =>
    credentialsOf({ backup: { ...config.backup, remote: { repository, environment: {} } } }, values);
  t.throws(() => of('s3:https://s3.example.com/b', { AWS_ACCESS_KEY_ID: 'x' }), {
    exitCode: 22,
    message: /credentials of your own: AWS_SECRET_ACCESS_KEY not set.*export AWS_ACCESS_KEY_ID=/s,
  });
  t.throws(() => of('rest:https://b.example.com', {}), /RESTIC_REST_USERNAME, RESTIC_REST_PASSWORD not set/);
  t.throws(() => of('b2:bucket', { B2_ACCOUNT_ID: 'a', B2_ACCOUNT_KEY: 'b\nc' }), /B2_ACCOUNT_KEY has a line break/);
  const session = { ...environment, AWS_SESSION_TOKEN: 'token' };
  t.match(of('s3:https://s3.example.com/b', session), { environment: { AWS_SESSION_TOKEN: 'token' }, without: [] });
  t.same(of('azure:c:/', { AZURE_ACCOUNT_SAS: 'sas' }), {
    environment: { AZURE_ACCOUNT_SAS: 'sas' },
    without: ['AZURE_ACCOUNT_NAME', 'AZURE_ACCOUNT_KEY'],
  });
  t.same(of('sftp:b@example.com:/g', session), { environment: {}, without: [] }, 'as root of the host gets in');
});
