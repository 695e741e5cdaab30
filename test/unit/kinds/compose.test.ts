import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { ComposeSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { compose } from '../../../lib/kinds/compose.ts';
import { someContainerIs } from '../../../lib/kinds/compose-health.ts';

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

const bringUp = (spec: ComposeSpec, lines: string[]) =>
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
    { wanted: new Map(), containers: new Map(), images: new Map() },
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
