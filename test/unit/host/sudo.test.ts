import t from 'tap';
import { connectSsh } from '../../../lib/host/ssh.ts';
import { fakes, raise } from './raise.ts';
import { fails, fakeProgram } from './support.ts';

t.test('a user other than root goes through sudo', async (t) => {
  const { server, target } = await raise(t, {}, { user: 'deploy' });
  const sudo = fakeProgram(
    fakes,
    'sudo',
    '[ "$1" = -n ] || exit 9; shift; [ "$1" != true ] || cat >/dev/null; [ "$1" != -H ] || shift; SUDO=yes exec "$@"',
  );
  const host = await connectSsh(target);
  const [first, second] = await Promise.all([
    host.query({ argv: ['cat'], stdin: 'whole' }),
    host.query({ script: 'echo "$SUDO"; exit 77' }),
  ]);
  t.equal(first.stdout, 'whole', 'asking sudo does not eat the input');
  t.match(second, { code: 77, stdout: 'yes\n' }, 'the exit code of a command is no refusal');
  await host.query({ argv: ['true'] });
  t.notMatch(server.commands.at(-1), /sudo -n true/, 'asked only until it has worked');
  t.equal(server.commands.length, 3, 'asking costs no round trip');
  sudo();
  await host.close();
});

t.test('a user who may not use sudo', async (t) => {
  const { target } = await raise(t, {}, { user: 'deploy' });
  const sudo = fakeProgram(fakes, 'sudo', 'echo "sudo: a password is required" >&2; exit 1');
  const host = await connectSsh(target);
  const refused = {
    kind: 'credentialsRefused',
    exitCode: 14,
    message: /deploy cannot become root/,
    parts: { cause: 'sudo: a password is required', next: /'deploy ALL=\(ALL:ALL\) NOPASSWD: ALL' >\/etc\/sudoers\.d/ },
  };
  await fails(t, host.query({ argv: ['true'] }), refused);
  await fails(t, host.hold('echo never'), refused);
  await fails(t, host.put({ path: '/nowhere/x', content: 'x', mode: '0644', uid: 0, gid: 0 }), refused);
  sudo();
  await host.close();
});
