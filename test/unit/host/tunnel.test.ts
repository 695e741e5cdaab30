import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Test } from 'tap';
import t from 'tap';
import { withInventory } from '../../../lib/config/beside/inventory.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { connect, trustHostKey } from '../../../lib/host/connect.ts';
import { fingerprint, knownName } from '../../../lib/host/known-hosts.ts';
import { fakeAws, scratch } from './fake-aws.ts';
import { raise } from './raise.ts';
import { keyPair, wire } from './ssh-server.ts';
import { alive, fails, until } from './support.ts';

const instance = 'i-0123456789abcdef0';
const words = `ssm start-session --target ${instance} --document-name AWS-StartSSHSession --parameters portNumber=22 --region eu-central-1`;

/** The files of an operator whose host is on AWS and has no open port. */
function operator(t: Test, identityFile: string, knownHosts: string, more = '') {
  const dir = t.testdir({
    'gitea.config.yaml': `host: { provider: aws, user: ubuntu, identityFile: "${identityFile}", knownHosts: "${knownHosts}" }
aws: { accountId: "111122223333", region: eu-central-1, access: ssm${more} }
domain: git.corp.test
admin: { username: gitadmin, email: ops@corp.test }
tls: { email: ops@corp.test }
`,
    'gitea.inventory.json': JSON.stringify({
      ...{ version: 1, accountId: '111122223333', region: 'eu-central-1', name: 'gitea', address: '10.0.0.7' },
      ...{
        user: 'root',
        instanceId: instance,
        dataVolumeId: 'vol-0',
        backupBucket: 'corp-backup',
        dataDevice: '/dev/disk/by-id/x',
      },
    }),
  });
  return loadConfig(join(dir, 'gitea.config.yaml')).config;
}

t.test('a host without an open port is reached through Session Manager, and its key is checked as ever', async (t) => {
  const { server, target } = await raise(t);
  const aws = fakeAws(t, server.port);
  const known = join(scratch(t), 'known');
  const config = operator(t, target.identityFile, known);
  await fails(t, connect(config), { kind: 'hostKeyMismatch', exitCode: 13 });
  await until(() => !aws.pids().some(alive));
  const pin = readFileSync(target.knownHostsFile, 'utf8').replace(knownName('127.0.0.1', server.port), '10.0.0.7');
  writeFileSync(known, pin);
  const host = await connect(config);
  t.equal(host.label, 'root@10.0.0.7');
  t.equal((await host.query({ argv: ['echo', 'in'] })).stdout, 'in\n');
  const second = await host.reconnect();
  t.equal((await second.query({ argv: ['echo', 'again'] })).stdout, 'again\n');
  t.strictSame(aws.words(), [words, words, words], 'each connection has a session of its own');
  const [, first, other] = aws.pids();
  await host.close();
  await until(() => !alive(first!));
  t.ok(alive(other!), 'the other one goes on');
  second.abort();
  await until(() => !alive(other!));
});

t.test('profile and endpoint are handed on', async (t) => {
  const config = operator(t, 'id', 'known', ', profile: ops, endpoint: "http://10.9.9.9:5000"');
  t.strictSame(config.host.proxyCommand?.join(' '), `aws ${words} --profile ops --endpoint-url http://10.9.9.9:5000`);
  t.equal(operator(t, 'id', 'known', ', sshFrom: []').host.proxyCommand?.[0], 'aws');
});

t.test('the session leads to the port that sshd has', async (t) => {
  const config = operator(t, 'id', 'known');
  for (const port of [22, 23, 2022]) {
    const { proxyCommand } = withInventory({ ...config, host: { ...config.host, port } }).config.host;
    t.equal(proxyCommand?.[proxyCommand.indexOf('--parameters') + 1], `portNumber=${port}`);
  }
});

t.test('the key of a host behind a tunnel can be recorded', async (t) => {
  const hostKey = keyPair();
  const { server, target } = await raise(t, { hostKeys: [hostKey] });
  fakeAws(t, server.port);
  const knownHosts = join(scratch(t), 'known');
  await trustHostKey(
    { host: { ...target, address: '10.0.0.7', knownHosts, proxyCommand: ['aws'] } },
    fingerprint(wire(hostKey)),
  );
  t.match(readFileSync(knownHosts, 'utf8'), hostKey.public.split(' ')[1]);
});

t.test('a session that does not come about says so in its own words', async (t) => {
  const { target } = await raise(t);
  const host = { ...target, knownHosts: target.knownHostsFile, proxyCommand: ['aws', 'ssm', 'start-session'] };
  const next =
    /AWS CLI with its Session Manager plugin.*docs\/concepts\/access-by-ssm\.md\); try with: aws ssm start-session$/;
  const cases: readonly (readonly [name: string, script: string, parts: object, kind: string])[] = [
    [
      'refused',
      'echo "An error occurred (AccessDeniedException) when calling the StartSession operation" >&2; exit 254',
      { what: /AWS refused/, cause: /^aws ended with exit code 254: An error occurred \(AccessDenied/, next },
      'credentialsRefused',
    ],
    [
      'without credentials',
      'echo "Unable to locate credentials" >&2; exit 253',
      { cause: /Unable to locate credentials$/, next },
      'credentialsRefused',
    ],
    [
      'without its plugin',
      'echo "SessionManagerPlugin is not found." >&2; exit 255',
      { what: /through Session Manager ended/, cause: /SessionManagerPlugin is not found/, next },
      'hostUnreachable',
    ],
    ['killed', 'kill -9 $$', { cause: 'aws ended with SIGKILL', next }, 'hostUnreachable'],
    ['silent', 'exit 0', { cause: 'aws ended with exit code 0', next }, 'hostUnreachable'],
  ];
  for (const [name, script, parts, kind] of cases)
    await t.test(name, async (t) => {
      fakeAws(t, 0, script);
      await fails(t, connect({ host }), { kind, parts });
    });
  await fails(t, connect({ host: { ...host, proxyCommand: ['no-such-aws'] } }), {
    kind: 'hostUnreachable',
    parts: { cause: /^no-such-aws cannot be started: .*ENOENT/ },
  });
});

t.test('a login that is refused tells how to try it by hand', async (t) => {
  const { server, target } = await raise(t, { authorized: [keyPair()] });
  fakeAws(t, server.port);
  const host = { ...target, knownHosts: target.knownHostsFile, proxyCommand: ['aws', 'a b'] };
  await fails(t, connect({ host }), {
    kind: 'credentialsRefused',
    parts: { next: /try with: ssh -o 'ProxyCommand=aws '\\''a b'\\''' -p \d+ root@127\.0\.0\.1$/ },
  });
});

t.test('a session that ends under way fails what is in flight, with its last words', async (t) => {
  const { server, target } = await raise(t);
  const aws = fakeAws(
    t,
    server.port,
    `exec 3<&0; trap 'echo "Exiting session" >&2; exit 1' TERM; "${process.execPath}" "$(dirname "$0")/pipe.mjs" <&3 & wait`,
  );
  const host = await connect({ host: { ...target, knownHosts: target.knownHostsFile, proxyCommand: ['aws'] } });
  const running = fails(t, host.run({ argv: ['sleep', '30'] }), {
    kind: 'hostUnreachable',
    message: /connection lost during: sleep 30/,
    parts: { cause: /Exiting session/ },
  });
  await until(() => server.commands.length === 1);
  // The group, as the kernel does it when a machine runs out of memory, or an operator who tidies up.
  process.kill(-aws.pids()[0]!, 'SIGTERM');
  await running;
  await host.close();
});

t.test('the session ends with the process, however that ends, and not at Ctrl-C', async (t) => {
  const { server, target } = await raise(t);
  // The second is deaf to the end of its input, so that only a signal ends it; nobody can send one who was killed.
  const deaf = `exec 3<&0; '${process.execPath}' "$(dirname "$0")/pipe.mjs" <&3; exec sleep 60`;
  const script = join(t.testdir({}), 'operator.mjs');
  const source = fileURLToPath(new URL('../../../lib/host/connect.ts', import.meta.url));
  const host = { ...target, knownHosts: target.knownHostsFile, proxyCommand: ['aws'] };
  await build({
    stdin: {
      contents: `import { connect } from ${JSON.stringify(source)};
process.on('SIGINT', () => console.log('interrupted'));
process.on('SIGTERM', () => process.exit(1));
const host = await connect(${JSON.stringify({ host })});
console.log('connected');
await host.run({ argv: ['sleep', '60'] });`,
      resolveDir: fileURLToPath(new URL('../../..', import.meta.url)),
    },
    ...{ outfile: script, bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'error' },
  });
  for (const [signal, program] of [
    ['SIGKILL', ''],
    ['SIGTERM', deaf],
  ] as const) {
    const aws = fakeAws(t, server.port, program);
    const child = spawn(process.execPath, [script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await until(() => said.includes('connected'));
    const session = aws.pids().at(-1)!;
    // As the terminal does it: to everybody in the group.
    process.kill(-child.pid!, 'SIGINT');
    await until(() => said.includes('interrupted'));
    t.ok(alive(session), 'Ctrl-C is for the runbook, which needs the connection to end in good order');
    child.kill(signal);
    await ended;
    await until(() => !alive(session));
    t.pass(`${signal}: nothing is left behind`);
  }
});
