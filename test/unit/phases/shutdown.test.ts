// The script runs for real, with Docker and systemd played.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { contributions, phases } from '../../../lib/phases/index.ts';
import { composeText } from '../../../lib/phases/stack.ts';
import { input } from './input.ts';

const shutdown = phases.find(({ name }) => name === 'shutdown')!;
const texts = Object.fromEntries(
  shutdown.desired(input()).flatMap((spec) => (spec.kind === 'file' ? [[spec.path, String(spec.content)]] : [])),
);
const script = texts['/opt/gitea-runbooks/shutdown.sh']!;
const unit = texts['/etc/systemd/system/gitea-runbooks-shutdown.service']!;

function sandbox(t: Test, running: readonly string[]) {
  const folder = t.testdir({ bin: {}, state: {} });
  const program = (name: string, text: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  const list = join(folder, 'state/stopped-by-shutdown');
  const log = join(folder, 'log');
  const docker = (answers: boolean) =>
    program(
      'docker',
      answers
        ? `case "$1" in ps) printf '%s\\n' ${running.join(' ')} ;; st*) echo "$*, the list is $(test -e ${list} && echo there || echo missing)" >> ${log} ;; esac`
        : 'exit 1',
    );
  docker(true);
  writeFileSync(join(folder, 'script'), script.replaceAll('/var/lib/gitea-runbooks', join(folder, 'state')));
  return {
    docker,
    list: () => existsSync(list),
    run: (word: string, state = 'running') => {
      program('systemctl', `echo ${state}`);
      writeFileSync(log, '');
      const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
      const { status, stderr } = spawnSync('sh', [join(folder, 'script'), word], { env: { PATH }, encoding: 'utf8' });
      return { status, stderr, told: readFileSync(log, 'utf8').trim().split('\n').filter(Boolean) };
    },
  };
}

const all = ['gitea-database-1', 'gitea-exporter-1', 'gitea-gitea-1', 'gitea-proxy-1'];
const there = (line: string) => `${line}, the list is there`;

t.test('when the host goes down each stops after those that use it; at boot they start the other way round', (t) => {
  const { run, list } = sandbox(t, all);
  const { told, stderr } = run('stop', 'stopping');
  t.equal(stderr, '');
  t.same(
    told,
    ['exporter', 'proxy', 'gitea', 'database'].map((name) => there(`stop gitea-${name}-1`)),
  );
  const started = run('start');
  t.same(
    started.told,
    ['database', 'gitea', 'proxy', 'exporter'].map((name) => there(`start gitea-${name}-1`)),
  );
  t.equal(started.status, 0);
  t.equal(list(), false);
  t.same(run('start').told, [], 'a second start has nothing to start');
  t.end();
});

t.test('what was stopped before stays stopped', (t) => {
  const { run } = sandbox(t, ['gitea-database-1', 'gitea-proxy-1']);
  run('stop', 'stopping');
  t.same(run('start').told, [there('start gitea-database-1'), there('start gitea-proxy-1')]);
  t.end();
});

t.test('a unit that is restarted or taken away stops nothing', (t) => {
  const { run, list } = sandbox(t, all);
  for (const state of ['running', 'degraded', 'starting', 'maintenance', '']) {
    t.match(run('stop', state), { status: 0, told: [] }, state);
    t.equal(list(), false);
  }
  t.end();
});

t.test('a Docker that does not answer: what is to be started is not forgotten', (t) => {
  const { run, list, docker } = sandbox(t, all);
  run('stop', 'stopping');
  docker(false);
  t.equal(run('start').status, 1);
  t.equal(list(), true);
  docker(true);
  t.equal(run('start').told.length, 4);
  t.end();
});

t.test('the unit waits longer than the containers may take, and only its order ties it to Docker', (t) => {
  const graces = [...composeText(input(), phases).matchAll(/stop_grace_period: (\d+)s/g)].map(([, seconds]) =>
    Number(seconds),
  );
  t.equal(graces.length, 4);
  t.same(
    graces,
    contributions(input().config).services.map(({ grace }) => grace),
    'as the phases say it',
  );
  const limit = Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)![1]);
  t.ok(limit > graces.reduce((sum, one) => sum + one, 30), `${limit} s for ${graces}`);
  t.match(unit, /^After=docker\.service srv-gitea\.mount$/m);
  t.notMatch(unit, /^(Requires|BindsTo|PartOf|Requisite|Wants|PropagatesStopTo)\w*=/m);
  t.end();
});
