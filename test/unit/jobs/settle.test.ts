import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { RunEvent } from '../../../lib/core/event.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import type { Observations } from '../../../lib/engine/probe.ts';
import { localHost } from '../../../lib/host/local.ts';
import { settle } from '../../../lib/jobs/converge/settle.ts';
import { compose } from '../../../lib/kinds/containers/compose.ts';

const specOf = (timeout: number): Spec => ({
  ...{ kind: 'compose', id: 'compose', phase: 'gitea', project: 'gitea', text: 'services: {}\n', timeout },
  ...{
    path: '/srv/compose.yaml',
    data: '/srv/gitea',
    services: [{ name: 'gitea', image: 'gitea/gitea:1', impact: 'restart' }],
  },
});

/** A Docker that has one container, in a health other than `healthy` for as many looks. */
function docker(t: Test, health: string, looks: number) {
  const folder = t.testdir({ bin: {} });
  const log = join(folder, 'log');
  const script = `#!/bin/sh
echo "$*" >> ${log}
case "$*" in *health=${health}*) [ $(wc -l < ${log}) -gt ${looks} ] || echo 'gitea 831297b51dc2'; echo 'once 9f0c5b1d2e3a' ;; esac
`;
  writeFileSync(join(folder, 'bin/docker'), script);
  chmodSync(join(folder, 'bin/docker'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const seen = (timeout: number) => {
    const specs = [specOf(timeout)];
    const rows = `project\tgitea\nhash\tgitea\tabc\ncontainer\tgitea\tabc\trunning\t${health}\t\n`;
    const observations = compose.parse(rows, specs as never) as Observations;
    return { specs, observations };
  };
  return { seen, looked: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0) };
}

const settled = async (seen: ReturnType<ReturnType<typeof docker>['seen']>, changed: boolean) => {
  const events: RunEvent[] = [];
  await settle(localHost(), seen, (event) => void events.push(event), { changed });
  return events.length;
};

t.test('a container that is starting is waited for', async (t) => {
  const { seen, looked } = docker(t, 'starting', 1);
  t.equal(await settled(seen(30), false), 1);
  t.equal(looked(), 2);
});

t.test('one that is unhealthy only after a change: it may have been what it lacked', async (t) => {
  const { seen, looked } = docker(t, 'unhealthy', 1);
  t.equal(await settled(seen(30), false), 0);
  t.equal(looked(), 0);
  t.equal(await settled(seen(30), true), 1);
  t.equal(looked(), 2);
});

t.test('healthy ones are not asked again', async (t) => {
  const { seen, looked } = docker(t, 'healthy', 9);
  t.equal(await settled(seen(30), true), 0);
  t.equal(looked(), 0);
});

t.test('the wait has an end', async (t) => {
  const { seen } = docker(t, 'starting', 99);
  await t.rejects(settled(seen(1), true), { name: 'RunbookError', exitCode: 21, message: /not healthy after 1 s/ });
});
