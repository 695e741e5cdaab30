import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { RunEvent } from '../../../lib/core/event.ts';
import { readFacts } from '../../../lib/engine/facts.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { afterFirstBoot } from '../../../lib/jobs/deploy/first-boot.ts';

/** This machine with a cloud-init whose files are elsewhere; waiting for its end runs `wait`. */
function cloudHost(t: Test, wait: string): Host {
  const folder = t.testdir({ bin: {}, run: { enabled: '' } });
  writeFileSync(join(folder, 'bin/cloud-init'), `#!/bin/sh\ncd ${folder}/run || exit 9\n${wait}\n`);
  chmodSync(join(folder, 'bin/cloud-init'), 0o755);
  const { PATH } = process.env;
  process.env.PATH = `${join(folder, 'bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const local = localHost();
  const query = ({ script = '', ...rest }: Command) =>
    local.query({ ...rest, script: script.replaceAll('/run/cloud-init', join(folder, 'run')) });
  return { ...local, query };
}

async function meet(host: Host) {
  const events: RunEvent[] = [];
  const before = await readFacts(host);
  const after = await afterFirstBoot(host, before, (event) => void events.push(event));
  return {
    before,
    after,
    said: events.map((event) => ('text' in event ? `${event.type}: ${event.text}` : event.type)),
  };
}

t.test('a host that cloud-init still sets up is waited for, and looked at anew', async (t) => {
  const { before, after, said } = await meet(cloudHost(t, '[ "$1 $2" = "status --wait" ] && : > result.json'));
  t.equal(before.settingUp, true);
  t.equal(after.settingUp, undefined);
  t.match(said, [/^step: waiting for cloud-init.*at most 600 s/, /^step: cloud-init has come to its end/]);
});

t.test('an end with errors is told, and is an end', async (t) => {
  const { after, said } = await meet(cloudHost(t, ': > result.json; echo "...status: error"; exit 1'));
  t.equal(after.settingUp, undefined);
  t.match(said[1], /^warning: cloud-init ended with an error \(status: error\)/);
});

t.test('one that never ends stops the deploy before anything is changed', async (t) => {
  await t.rejects(meet(cloudHost(t, 'exit 124')), { exitCode: 21, message: /nothing was changed/ });
});

t.test('a host without cloud-init, or with one that is done, is not asked twice', async (t) => {
  const host = cloudHost(t, 'exit 1');
  await host.query({ script: ': > /run/cloud-init/result.json' });
  t.same((await meet(host)).said, []);
});
