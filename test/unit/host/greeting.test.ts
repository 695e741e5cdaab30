// Hosts whose login shell says or does something of its own before it runs a command.
import { join } from 'node:path';
import t from 'tap';
import { lock } from '../../../lib/engine/lock.ts';
import { connectSsh } from '../../../lib/host/ssh.ts';
import { contract } from './contract.ts';
import { contractPut } from './contract-put.ts';
import { fakes, raise } from './raise.ts';
import { fails } from './support.ts';

/** Starts a test server with such a start file, and connects. */
async function greeted(t: Parameters<typeof raise>[0], startFile: string) {
  const { target, server } = await raise(t, { startFile });
  const host = await connectSsh(target);
  t.teardown(() => host.close());
  return { host, server };
}

const greetings: Readonly<Record<string, string>> = {
  'on its output': 'echo "Welcome to web-7"; echo "held busy finishing"',
  'on standard error': 'echo "Last login: never" >&2',
  'on both, without a line end, and with more than a channel takes at once':
    'printf "* * *"; printf "no line end" >&2; i=0; while [ $i -lt 900 ]; do echo "rules of this house, line $i"; i=$((i+1)); done',
  'in pieces': 'echo one; sleep 0.1; echo two >&2; sleep 0.1; printf three',
};

for (const [name, startFile] of Object.entries(greetings)) {
  t.test(`a greeting ${name} is no part of what a command says`, async (t) => {
    const { host } = await greeted(t, startFile);
    t.same(await host.query({ argv: ['sh', '-c', 'printf out; printf err >&2; exit 3'] }), {
      ...{ code: 3, stdout: 'out', stderr: 'err' },
    });
    const lines: string[] = [];
    await host.query({ script: 'echo a; echo b >&2', onLine: (line) => lines.push(line) });
    t.same(lines.sort(), ['a', 'b']);
    const held = await host.hold('echo ready; while read -r _; do :; done');
    t.equal(held.firstLine, 'ready');
    await held.release();
    const directory = join(t.testdir({}), 'lock');
    const mine = await lock(host, { who: 'me', what: 'deploy', mode: 'exclusive', directory });
    t.equal((await mine.host.run({ argv: ['echo', 'in'] })).stdout, 'in\n');
    await mine.release();
  });
}

t.test('the whole contract holds behind a greeting', async (t) => {
  const { host } = await greeted(t, greetings['on its output']!);
  const subject = { host, dir: t.testdir({}), fakes };
  await contract(t, subject);
  await contractPut(t, subject);
});

t.test(
  'a shell that never comes to the command: told at once, with its words, whatever its exit code is',
  async (t) => {
    for (const [startFile, what, cause] of [
      [
        'echo "This account is currently not available."; exit 1',
        /ended with exit code 1 and ran no command/,
        /not avail/,
      ],
      ['echo gone >&2; exit 0', /ended with exit code 0 and ran no command/, /gone/],
      ['while :; do echo y; done', /prints more than 64 KiB before/, /^y$/m],
      ['yes "$(printf %10000s | tr " " x)" | tr -d "\\n"', /prints more than 64 KiB before/, /^x/],
      ['while :; do echo y; done >&2', /prints more than 64 KiB before/, /^y$/m],
    ] as const) {
      const { host } = await greeted(t, startFile);
      for (const act of [() => host.query({ argv: ['true'] }), () => host.hold('echo ready; cat')])
        await fails(t, act(), { kind: 'credentialsRefused', parts: { what, cause, next: /bashrc/ } }, startFile);
    }
  },
);

t.test('a host that answers the lock with anything else than what it should is not in use by somebody', async (t) => {
  const directory = join(t.testdir({}), 'lock');
  for (const [firstLine, expected] of [
    ['Welcome', { kind: 'unexpected', parts: { cause: 'Welcome' } }],
    ['busybox', { kind: 'unexpected' }],
    ['x'.repeat(1_000_000), { kind: 'unexpected', parts: { cause: 'x'.repeat(200) } }],
    ['busy', { kind: 'locked', message: /another run/ }],
  ] as const) {
    const host = {
      label: 'h',
      hold: async () => ({ firstLine, lost: new Promise(() => {}), release: async () => {} }),
    };
    await fails(t, lock(host as never, { who: 'me', what: 'x', mode: 'exclusive', directory }), expected);
  }
});

t.test('a script that floods is not held in memory', async (t) => {
  const { host } = await greeted(t, '');
  const before = process.memoryUsage().rss;
  const held = await host.hold('head -c 100000000 /dev/zero; echo; while read -r _; do :; done');
  t.equal(held.firstLine.length, 64 * 1024);
  await held.release();
  t.ok(process.memoryUsage().rss - before < 60_000_000, `${process.memoryUsage().rss - before} bytes more`);
});
