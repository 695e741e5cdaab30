import { chmodSync, existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { RunbookError } from '../../../lib/core/errors.ts';
import { sha256 } from '../../../lib/core/hash.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { ComposeSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { compose } from '../../../lib/kinds/containers/compose.ts';
import { explain, someContainerIs } from '../../../lib/kinds/containers/compose-health.ts';
import { sandbox } from './sandbox.ts';

const refusal =
  'Error response from daemon: driver failed programming external connectivity on endpoint gitea-gitea-1 (41b6): Bind for 0.0.0.0:2222 failed: port is already allocated';

/**
 * Docker's command line with a port that nobody can bind until Docker is started anew, as a host has it after a power
 * cut. `holder` is a container that publishes that port; then a restart frees nothing.
 */
function dockerWithStalePort(t: Test, holder = '') {
  const folder = t.testdir({ bin: {} });
  const log = join(folder, 'log');
  const program = (name: string, script: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "${name} $*" >> ${log}\n${script}`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  program(
    'docker',
    `case "$*" in
*" up "*) [ -e ${folder}/restarted ] || { echo '${refusal}' >&2; exit 1; } ;;
"ps -q --filter publish=2222") printf '${holder}' ;;
inspect*) echo healthy ;;
ps*) echo 'gitea 831297b51dc2' ;;
esac`,
  );
  program('systemctl', holder === '' ? `touch ${folder}/restarted` : 'true');
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  writeFileSync(join(folder, 'compose.yaml'), 'services: {}\n');
  return { folder, told: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []) };
}

const specIn = (folder: string): ComposeSpec => ({
  ...{ kind: 'compose', id: 'compose', phase: 'gitea', project: 'gitea', text: 'services: {}\n', timeout: 30 },
  ...{
    path: join(folder, 'compose.yaml'),
    data: '/srv/gitea',
    services: [{ name: 'gitea', image: 'gitea/gitea:1', impact: 'restart' }],
  },
});

const nothing: Parameters<typeof compose.apply>[3] = {
  wanted: new Map(),
  containers: new Map(),
  images: new Map(),
};

const bringUp = (spec: ComposeSpec, lines: string[], observed = nothing) =>
  compose.apply(
    spec,
    {
      kind: 'compose',
      id: 'compose',
      phase: 'gitea',
      action: 'update',
      title: 'container gitea',
      why: '',
      impact: 'restart',
    },
    { host: localHost(), progress: (line) => void lines.push(line) },
    observed,
  );

t.test('a port that Docker keeps for a container that is no more: Docker is restarted, once', async (t) => {
  const { folder, told } = dockerWithStalePort(t);
  const lines: string[] = [];
  await bringUp(specIn(folder), lines);
  t.match(lines, [/port is already allocated/, /Docker keeps port 2222 for a container that is no more/]);
  t.equal(told().filter((line) => line === 'systemctl restart docker').length, 1);
  t.equal(told().filter((line) => line.includes(' up ')).length, 2);
  t.ok(existsSync(join(folder, 'compose.last-good.yaml')));
});

t.test('a port that a container publishes is its own: nothing is restarted', async (t) => {
  const { folder, told } = dockerWithStalePort(t, 'f2a94cf33f1b');
  await t.rejects(bringUp(specIn(folder), []), {
    name: 'RunbookError',
    exitCode: 20,
    message: /another program holds the port/,
  });
  t.notMatch(told().join('\n'), /systemctl/);
  t.equal(told().filter((line) => line.includes(' up ')).length, 1);
});

t.test('a container that has read an older file is restarted, one that is made anew anyway is not', async (t) => {
  const { folder, told } = dockerWithStalePort(t);
  writeFileSync(join(folder, 'restarted'), '');
  const path = join(folder, 'app.ini');
  const services = [
    {
      name: 'gitea',
      image: 'gitea/gitea:1',
      impact: 'restart',
      reads: [{ path, content: new Secret('app.ini', 'A = 1\n') }],
    },
  ] as const;
  const spec = { ...specIn(folder), services };
  const seen = (label: string) => {
    const rows = [
      'engine',
      'image\tgitea/gitea:1\tsha256:a\t',
      'project\tgitea',
      'hash\tgitea\tabc',
      `container\tgitea\t${label}\trunning\thealthy\t/x|\tgitea/gitea:1\tsha256:a\tsha256:a\t2026-11-23T12:00:00Z`,
    ];
    return compose.parse([...rows, `read\t0000\t1\t${path}`].join('\n'), [spec]).get('compose')!;
  };
  const restarts = () => told().filter((line) => / restart gitea$/.test(line)).length;
  await bringUp(spec, [], seen('another'));
  t.equal(restarts(), 0);
  await bringUp(spec, [], seen('abc'));
  t.equal(restarts(), 1);
  t.ok(told().findIndex((line) => / restart gitea$/.test(line)) < told().findLastIndex((line) => / up /.test(line)));
});

t.test('a port that moves to the proxy is free before the proxy is made anew, and the plan says so', async (t) => {
  const { folder, told } = dockerWithStalePort(t);
  writeFileSync(join(folder, 'restarted'), '');
  const [flag, health] = [join(folder, 'hold'), 'http://127.0.0.1:9/'];
  const spec: ComposeSpec = {
    ...specIn(folder),
    services: [
      { name: 'proxy', image: 'nginx:1', impact: 'restart', ports: [80, 2222] },
      { name: 'gitea', image: 'gitea/gitea:1', impact: 'restart' },
    ],
    hold: {
      ...{ flag, health, service: 'proxy', proxy: 'gitea-proxy-1', of: ['gitea', 'database'], address: '127.0.0.1' },
      ...{ ports: [3000], endless: '/nowhere', patience: 0 },
    },
  };
  const seen = (proxyPorts: string, giteaPorts: string) => {
    const container = (name: string, ports: string) =>
      `container\t${name}\told\trunning\thealthy\t/x|\tx:1\tsha256:a\tsha256:a\t2026-11-23T12:00:00Z\t${folder}\t${ports}`;
    const rows = ['project\tgitea', 'hash\tgitea\tnew', 'hash\tproxy\tnew'];
    rows.push(container('proxy', proxyPorts), container('gitea', giteaPorts));
    return compose.parse(rows.join('\n'), [spec]).get('compose')!;
  };
  t.match(compose.diff(spec, seen('80|', '2222|')), {
    why: 'proxy was started with other inputs and takes over port 2222 from gitea (closed until both are made anew), gitea was started with other inputs',
    impact: 'restart',
  });
  const ups = (from: number) =>
    told()
      .slice(from)
      .filter((line) => line.includes(' up '))
      .map((line) => line.replace(/.* --wait-timeout \d+ ?/, ''));
  await bringUp(spec, [], seen('80|', '2222|'));
  t.same(ups(0), ['gitea database', '']);
  const before = told().length;
  t.notMatch(compose.diff(spec, seen('80|2222|', ''))?.why, 'takes over');
  await bringUp(spec, [], seen('80|2222|', ''));
  t.same(ups(before), ['--no-deps proxy', ''], 'otherwise the proxy comes first');
});

t.test('the snippet tells what the files hold and when they were changed', async (t) => {
  dockerWithStalePort(t);
  const folder = t.testdir({ 'app.ini': 'A = 1\n' });
  const reads = ['app.ini', 'missing'].map((name) => ({
    path: join(folder, name),
    content: new Secret('app.ini', 'A = 1\n'),
  }));
  const spec: ComposeSpec = {
    ...specIn(folder),
    services: [{ name: 'gitea', image: 'gitea/gitea:1', impact: 'restart', reads }],
  };
  utimesSync(join(folder, 'app.ini'), 1_700_000_000, 1_700_000_000.25);
  const { stdout, code } = await localHost().query({ script: compose.snippet([spec]) });
  t.equal(code, 0);
  t.match(stdout, `read\t${sha256('A = 1\n')}\t1700000000.25`);
  t.notMatch(stdout, 'missing');
});

t.test('health as Docker tells it', (t) => {
  const rows = ['project\tgitea', 'hash\tgitea\tabc', 'container\tgitea\tabc\trunning\tstarting\t/srv/gitea/gitea|'];
  rows.push('container\tforgotten\tabc\texited\tunhealthy\t');
  const spec = specIn('/srv');
  const observed = compose.parse(rows.join('\n'), [spec]).get('compose');
  t.equal(someContainerIs(spec, observed, ['starting']), true);
  t.equal(someContainerIs(spec, observed, ['unhealthy']), false, 'one that is not wanted has no say');
  t.equal(someContainerIs(spec, undefined, ['starting']), false);
  t.end();
});

t.test('what Compose was cut off in making goes first: its name would be taken', async (t) => {
  const { folder, told } = dockerWithStalePort(t);
  writeFileSync(join(folder, 'restarted'), '');
  const docker = join(folder, 'bin/docker');
  const names = [
    'a1 gitea-gitea-1',
    'b2 66ef0540f2bd_gitea-gitea-1',
    'c3 gitea-66ef0540f2bd_gitea-1',
    'd4 66ef_gitea-x-1',
  ];
  const stub = readFileSync(docker, 'utf8').replace(
    'case "$*" in',
    `case "$*" in\n*'{{.ID}} {{.Names}}') printf '${names.join('\\n')}\\n' ;;`,
  );
  writeFileSync(docker, stub);
  await bringUp(specIn(folder), []);
  const acts = told().filter((line) => /^docker (stop|rm)| up /.test(line));
  t.match(acts, ['docker stop b2', 'docker rm b2', / up /]);
  t.equal(acts.length, 3);
  t.match(told()[0], /^docker ps -a --filter label=com.docker.compose.project=gitea --filter .*oneoff=False/);
});

t.test('containers that do not become healthy: what ran before is started again, where something did', async (t) => {
  const up = async ({ lastGood, containers, fails }: { lastGood: string; containers: boolean; fails: string }) => {
    const folder = t.testdir({ 'compose.yml': 'new\n', 'compose.last-good.yml': lastGood });
    const { host, calls } = sandbox(folder, {
      docker: `case "$*" in
*" up "*) case "$*" in *${fails}*) echo 'container gitea-gitea-1 is unhealthy' >&2; exit 1 ;; esac ;;
inspect*) echo healthy ;;
ps*) echo 'gitea 831297b51dc2' ;;
esac`,
    });
    const spec = { ...specIn(folder), path: join(folder, 'compose.yml') };
    const row = `container\tgitea\told\trunning\thealthy\t/x|\tgitea/gitea:1\tsha256:a\tsha256:a\t\t${folder}\t`;
    const rows = ['project\tgitea', 'hash\tgitea\tnew', ...(containers ? [row] : [])];
    const lines: string[] = [];
    const observed = compose.parse(rows.join('\n'), [spec]).get('compose')!;
    const failure = await compose
      .apply(spec, compose.diff(spec, observed)!, { host, progress: (line) => void lines.push(line) }, observed)
      .then(
        () => undefined,
        (error: RunbookError) => ({ kind: error.kind, ...error.parts }),
      );
    const files = calls().flatMap((line) => /-f (?:\S+\/)?(\S+) .* up /.exec(line)?.[1] ?? []);
    const good = readFileSync(join(folder, 'compose.last-good.yml'), 'utf8');
    return { failure, lines, files, good };
  };
  const fine = await up({ lastGood: 'old\n', containers: true, fails: 'no-such-file' });
  t.match(fine, { failure: undefined, files: ['compose.yml'], good: 'new\n' });
  t.equal(fine.files.length, 1);

  const back = await up({ lastGood: 'old\n', containers: true, fails: 'compose.yml' });
  t.strictSame(back.files, ['compose.yml', 'compose.last-good.yml']);
  t.equal(back.good, 'old\n', 'what failed is not what to go back to');
  t.match(back.failure, {
    kind: 'changeFailed',
    what: /one ended or failed after \d s; the ones that ran before .* serve$/,
  });
  t.match(back.lines.join('\n'), 'going back to the definition that ran before');

  const neither = await up({ lastGood: 'old\n', containers: true, fails: 'compose' });
  t.strictSame(neither.files, ['compose.yml', 'compose.last-good.yml']);
  t.notMatch(neither.failure?.what, /serve/);
  const empty = await up({ lastGood: '', containers: true, fails: 'compose.yml' });
  t.strictSame(empty.files, ['compose.yml'], 'a file that a full disk has emptied is none');
  t.notMatch(empty.failure?.what, /serve/);
  const first = await up({ lastGood: 'old\n', containers: false, fails: 'compose.yml' });
  t.strictSame(first.files, ['compose.yml'], 'the first deploy has nothing to go back to');
  t.notMatch(first.lines.join('\n'), 'going back');
});

t.test(
  'a container that is wanted no more goes first, when it is of our file; the next step fits the cause',
  async (t) => {
    const folder = t.testdir({ 'compose.yaml': 'new\n' });
    const spec = specIn(folder);
    const row = (name: string, home: string) =>
      `container\t${name}\tnew\trunning\thealthy\t/x|\tgitea/gitea:1\tsha256:a\tsha256:a\t\t${home}\t`;
    const rows = [
      'project\tgitea',
      'hash\tgitea\tnew',
      row('old', folder),
      row('theirs', '/home/them'),
      row('gitea', folder),
    ];
    const observed = compose
      .parse([...rows, 'engine', 'image\tgitea/gitea:1\tsha256:a\t'].join('\n'), [spec])
      .get('compose')!;
    const change = compose.diff(spec, observed)!;
    t.match(change, { title: 'container old', why: 'old is wanted no more', action: 'update' });
    const { host, calls, play } = sandbox(folder);
    const run = async (docker: string) => {
      play('docker', docker);
      const from = calls().length;
      const error = await compose.apply(spec, change, { host, progress: () => {} }, observed).then(
        () => undefined,
        (thrown: RunbookError) => thrown.parts,
      );
      return { error, calls: calls().slice(from) };
    };
    const asked = `"ps -aq --filter label=com.docker.compose.project=gitea --filter label=com.docker.compose.service=old --filter label=com.docker.compose.project.working_dir=${folder} --filter label=com.docker.compose.oneoff=False"`;
    const gone = await run(`case "$*" in ${asked}) echo 0ld ;; inspect*) echo healthy ;; esac`);
    t.equal(gone.error, undefined);
    t.match(gone.calls.slice(1, 3), ['docker stop 0ld', 'docker rm 0ld']);
    t.match(gone.calls[3], / ps -a | up /);
    const stays = await run(`case "$*" in ${asked}) echo 0ld ;; stop*) exit 1 ;; esac`);
    t.match(stays.error, { what: 'the container old, which is wanted no more, could not be taken away' });
    t.notMatch(stays.calls.join('\n'), / up |docker rm/);

    for (const [said, next] of [
      ['FATAL: password authentication failed for user', /Wrong database password/],
      ['Your database is for a newer Gitea', /images\.gitea/],
      ['current database version 299 is not equal to the expected 312', /images\.gitea/],
      ['bind: address already in use', /ss -ltnp/],
      ['no such thing; No space left on device', /df -h/],
      ['something else', /read the lines above/],
    ] as const)
      t.match(
        (await run(`case "$*" in *" up "*) echo '${said}' >&2; exit 1 ;; ps*) ;; esac`)).error,
        { cause: said, next },
        said,
      );
  },
);

t.test('of a container that has crashed is told why, and not the end of the list of its threads', async (t) => {
  const of = async (log: string) => {
    const { host } = sandbox(t.testdir(), {
      docker: `case "$1" in
ps) echo 'gitea 831297b51dc2' ;;
inspect) case "$3" in *Status*) echo 'restarting/unhealthy restarts=3 exit=2' ;; *) echo /gitea-gitea-1 ;; esac ;;
logs) printf '${log}' ;;
esac`,
    });
    return (await explain(host, specIn('/srv'), 'said')).split('\n');
  };
  const threads = Array.from({ length: 60 }, (_, at) => `goroutine ${at}:\\n`).join('');
  const crashed = await of(
    `starting\\nfatal error: first\\n${threads}starting\\nfatal error: concurrent map read\\n${threads}`,
  );
  t.same(crashed.slice(0, 5), [
    'said',
    'gitea-gitea-1: restarting/unhealthy restarts=3 exit=2, its last log lines:',
    '  fatal error: concurrent map read',
    '  goroutine 0:',
    '  goroutine 1:',
  ]);
  t.equal(crashed.filter((line) => line !== '').length, 2 + 15);
  const usual = await of(Array.from({ length: 30 }, (_, at) => `line ${at}\\n`).join(''));
  t.same([usual[2], usual[16], usual[17]], ['  line 15', '  line 29', '']);
  t.same((await of('one\\ntwo\\n')).slice(2), ['  one', '  two', '']);
});
