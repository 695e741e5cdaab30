import { fileURLToPath } from 'node:url';
import t from 'tap';
import { bundleSample, type Child, type Ended, start } from './child.ts';

// Many whole processes, one after the other.
t.setTimeout(120_000);

const sample = await bundleSample(t);
const zx = fileURLToPath(import.meta.resolve('zx/package.json')).replace('package.json', 'build/cli.js');
const run = (...words: string[]): Promise<Ended> => start(sample, ...words).ended;

const help = `Does what the test wants.

Usage: npx zx runbooks/sample.mjs [ACT] [flags]

Flags:
  --exit-code     end with 2 when there are changes
  --only PHASE    one phase
  --config FILE   configuration to work from (default: gitea.config.yaml)
  --overlay FILE  lay this file over the configuration; may be given several times
  --yes           approve what would be asked for
  --json          print one JSON document on standard output and JSON lines on standard error
  --verbose       show diffs, all output of each change, the causes of a failure, and where an unexpected one happened
  --help          print this help

Example:
  npx zx runbooks/sample.mjs --yes

Exit codes:
    0  done, or there was nothing to do
    1  an unexpected failure, or a wrong command line
    2  the plan has changes (--exit-code)
   11  another run holds the lock
  130  interrupted
`;

t.test('--help, by node and by zx', async (t) => {
  const ways = [
    [sample, '--help'],
    [sample, '-h'],
    [zx, sample, '--help'],
    [zx, '--quiet', sample, 'unknown', '--help'],
  ];
  for (const words of ways)
    t.same(await start(...words).ended, { code: 0, stdout: help, stderr: '' }, words.slice(0, -1).join(' '));
});

t.test('flags of the runbook that zx has too belong to the runbook', async (t) => {
  const { code, stderr } = await start(zx, sample, 'unknown', '--verbose').ended;
  t.equal(code, 1);
  t.match(stderr, /^Error: x is not a function\n {4}TypeError: x is not/);
  t.match(await start(zx, sample, '--version').ended, {
    code: 1,
    stderr: /^Error: unknown flag --version\nNext: see --help\n$/,
  });
});

t.test('the result goes to standard output, progress to standard error, secrets nowhere', async (t) => {
  t.same(await run('ok', '--config', 'x.yaml'), {
    code: 0,
    stdout: 'a stray line\nconfig x.yaml, <secret token>\n',
    stderr: 'connected with <secret token> (12 ms)\n',
  });
  t.match(await run(), { stdout: /config gitea\.config\.yaml/ });
  t.match(await run('changes'), { code: 2, stdout: 'two changes\n', stderr: '' });
});

t.test('a flag that may be repeated is a list', async (t) => {
  t.match(await run('overlays', '--json'), { code: 0, stdout: '[]\n' });
  t.match(await run('overlays', '--overlay', 'a.yaml', '--overlay=b.yaml'), { code: 0, stdout: 'a.yaml b.yaml\n' });
});

t.test('with --json standard output is one JSON document', async (t) => {
  for (const words of [[sample], [zx, sample]]) {
    const { code, stdout, stderr } = await start(...words, 'ok', '--json').ended;
    t.equal(code, 0);
    t.same(JSON.parse(stdout), { config: 'gitea.config.yaml', said: '<secret token>' });
    const [stray, event] = stderr.trimEnd().split('\n');
    t.equal(stray, 'a stray line');
    t.match(JSON.parse(event ?? ''), { type: 'step', text: 'connected with <secret token>', took: 12 });
  }
  const failed = await run('known', '--json');
  t.equal(failed.code, 11);
  t.match(JSON.parse(failed.stdout), { error: { kind: 'locked', exitCode: 11, what: 'locked by alice' } });
  t.match(JSON.parse((await run('--jsn', '--json')).stdout), { error: { kind: 'unexpected', next: 'see --help' } });
});

const refused: readonly (readonly [string[], string])[] = [
  [['--confg', 'x'], 'unknown flag --confg - did you mean --config?'],
  [['--yse'], 'unknown flag --yse - did you mean --yes?'],
  [['--exit'], 'unknown flag --exit - did you mean --exit-code?'],
  [['--frobnicate'], 'unknown flag --frobnicate'],
  [[`--${'x'.repeat(5000)}`], `unknown flag --${'x'.repeat(55)}...`],
  [['y'.repeat(5000)], `unknown word '${'y'.repeat(57)}...', expected`],
  [['ok', 'y'.repeat(5000)], `unexpected word '${'y'.repeat(57)}...'`],
  [['-y'], 'unknown flag -y'],
  [['--toString'], 'unknown flag --toString'],
  [['--config'], '--config needs a value: --config FILE'],
  [['--config', '--yes'], '--config needs a value: --config FILE'],
  [['--overlay', 'a.yaml', '--overlay'], '--overlay needs a value: --overlay FILE'],
  [['--config='], '--config needs a value: --config FILE'],
  [['--config', 'a.yaml', '--config=b.yaml'], '--config is given twice, allowed is once'],
  [['--yes=no'], '--yes takes no value'],
  [['okk'], "unknown word 'okk', expected"],
  [['ok', 'more'], "unexpected word 'more'"],
];

t.test('a wrong command line', async (t) => {
  for (const [words, what] of refused) {
    const { code, stdout, stderr } = await run(...words);
    t.same([code, stdout], [1, ''], words.join(' '));
    t.ok(stderr.startsWith(`Error: ${what}`) && stderr.endsWith('\nNext: see --help\n'), stderr);
  }
});

t.test('failures', async (t) => {
  t.same(await run('known'), {
    code: 11,
    stdout: '',
    stderr: 'Error: root@203.0.113.10: locked by alice\nNext: wait for her\n',
  });
  t.match(await run('unknown'), { code: 1, stdout: '', stderr: /^Error: x is not a function\nNext: .*--verbose/ });
  t.match(await run('late'), { code: 1, stderr: /^Error: socket hang up\nNext: / });
  t.match(await run('never'), { code: 1, stderr: /^Error: the run ended before its work was done\nNext: / });
  t.match(JSON.parse((await run('never', '--json')).stdout), {
    error: { what: 'the run ended before its work was done' },
  });
  t.match(await start(zx, sample, 'never').ended, { code: 1, stderr: /the run ended before/ });
});

t.test('asking without a terminal', async (t) => {
  t.match(await run('ask'), {
    code: 22,
    stdout: '',
    stderr: /no terminal to ask on: Apply 3 changes\?\nNext: .*--yes/,
  });
  t.match(await run('ask', '--yes'), { code: 0, stdout: 'approved\n' });
  t.equal((await run('passphrase')).stdout, 'none\n');
});

t.test('asking for words: --yes is no answer, and near is not enough', async (t) => {
  for (const words of [[], ['--yes']])
    t.match(await run('type', ...words), {
      code: 22,
      stdout: '',
      stderr:
        /^Error: This destroys the host\. That needs a confirmation by name, which --yes is not.*\nNext: .* --confirm 'host'\n$/,
    });
  for (const typed of ['Host', 'hosts', 'host data', ' host'])
    t.match(await run('type', '--yes', '--only', typed), { code: 22, stderr: /with other words than its own: '/ });
  t.match(await run('type', '--only', 'host'), { code: 0, stdout: 'named\n' });
});

const halfDone =
  /Error: interrupted: 1 of 3 changes are done; in the middle of: \/srv\/b\nNext: run npx zx runbooks\/sample\.mjs again/;

t.test('interrupted', async (t) => {
  for (const [signal, words] of [
    ['SIGINT', [sample]],
    ['SIGTERM', [sample]],
    ['SIGINT', [zx, sample]],
  ] as const) {
    const child = start(...words, 'slow');
    await child.said('/srv/b');
    child.kill(signal);
    t.match(await child.ended, { code: 130, stdout: '', stderr: halfDone }, `${signal} ${words.length}`);
  }
  const child = start(sample, 'slow', '--json');
  await child.said('/srv/b');
  child.kill('SIGINT');
  const { code, stdout } = await child.ended;
  t.equal(code, 130);
  t.match(JSON.parse(stdout), { error: { kind: 'interrupted', exitCode: 130 } });
});

t.test('work that goes on to its end after Ctrl-C was interrupted all the same, however it ended', async (t) => {
  for (const words of [[], ['--only', 'plan'], ['--only', 'fail'], ['--json']]) {
    const child = start(sample, 'deaf', ...words);
    await child.said('started');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended;
    t.equal(code, 130, words.join(' '));
    t.notMatch(stdout, 'all done');
    t.match(stdout + stderr, /interrupted: no change had been started/);
  }
});

t.test('a second Ctrl-C ends at once', async (t) => {
  const child: Child = start(sample, 'stubborn');
  await child.said('started');
  child.kill('SIGINT');
  await child.said('once more ends at once');
  child.kill('SIGINT');
  const { code, stderr } = await child.ended;
  t.equal(code, 130);
  t.match(stderr, 'Error: interrupted: no change had been started\nNext: ');
  t.equal(stderr.split('Error:').length, 2, 'said once');
});

t.test('a reader that goes away is quiet', async (t) => {
  const child = start(sample, 'big');
  child.closeStdout();
  t.same(await child.ended, { code: 0, stdout: '', stderr: '' });
});

t.test('all of a large result arrives, also from a process that does not end by itself', async (t) => {
  const { code, stdout } = await run('big');
  t.same([code, stdout.length], [0, 2000 * 1001]);
  t.match(await run('lingering'), { code: 0, stdout: 'done\n' });
});
