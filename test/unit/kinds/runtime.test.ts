// The script runs for real on a package that holds a shell script for Node.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { RuntimeSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { runtime } from '../../../lib/kinds/system/runtime.ts';

/** The package is in the cache already; its program says that it is `says`. */
function sandbox(t: Test, says = 'v22.1.0') {
  const folder = t.testdir({ cache: { 'gitea-runbooks': { npm: {} } }, package: { bin: {} }, opt: {} });
  const at = (path: string) => join(folder, path);
  writeFileSync(at('package/bin/node'), `#!/bin/sh\necho ${says}\n`);
  chmodSync(at('package/bin/node'), 0o755);
  writeFileSync(at('package/bin/more'), 'x');
  const tarball = at('cache/gitea-runbooks/npm/node-linux-22.1.0.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = at('cache');
  t.teardown(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
  const spec: RuntimeSpec = {
    ...{ kind: 'runtime', id: 'r', phase: 'runtime', path: at('opt/node'), packageName: 'node-linux' },
    ...{
      version: '22.1.0',
      integrity: `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`,
    },
  };
  const local = localHost();
  const modes: string[] = [];
  const host: Host = {
    ...local,
    put: (file) => {
      modes.push(file.mode);
      return local.put({ ...file, uid: process.getuid!(), gid: process.getgid!() });
    },
  };
  const look = async () =>
    runtime.parse((await host.query({ script: runtime.snippet([spec]) })).stdout, [spec]).get('r');
  return {
    at,
    modes,
    diff: async () => runtime.diff(spec, await look()),
    install: () => runtime.apply(spec, runtime.diff(spec, undefined)!, { host, progress: () => {} }, undefined),
    older: () => {
      mkdirSync(at('opt/node/bin'), { recursive: true });
      writeFileSync(at('opt/node/bin/node'), '#!/bin/sh\necho old\n');
      chmodSync(at('opt/node/bin/node'), 0o755);
      writeFileSync(at('opt/node/.integrity'), 'sha512-old');
    },
  };
}

t.test('Node for the host: the program alone, marked with what it was made from, and nothing left over', async (t) => {
  const { at, diff, install, modes } = sandbox(t);
  t.match(await diff(), { action: 'create', why: 'not there yet' });
  await install();
  t.equal(await diff(), undefined);
  t.same(readdirSync(at('opt')), ['node']);
  t.same(readdirSync(at('opt/node/bin')), ['node']);
  t.same(modes, ['0600']);
});

t.test('Node for the host: another one is replaced as a whole', async (t) => {
  const { at, diff, install, older } = sandbox(t);
  older();
  t.match(await diff(), { action: 'update', why: 'made from another package' });
  await install();
  t.equal(await diff(), undefined);
  t.match(readFileSync(at('opt/node/bin/node'), 'utf8'), 'v22.1.0');
});

t.test('Node for the host: one that does not run here, or is another version, never takes the place', async (t) => {
  for (const says of ['v22.1.1', 'v22.1.0-rc', '']) {
    const { at, diff, install, older } = sandbox(t, says);
    older();
    await t.rejects(install(), { exitCode: 20, message: /could not be unpacked/ });
    t.match(readFileSync(at('opt/node/bin/node'), 'utf8'), 'echo old');
    t.match(await diff(), { why: 'made from another package' });
  }
});

t.test('Node for the host: what a run left that was cut off is no runtime', async (t) => {
  const { at, diff, install } = sandbox(t);
  mkdirSync(at('opt/node.next/bin'), { recursive: true });
  writeFileSync(at('opt/node.next/bin/junk'), 'half');
  t.match(await diff(), { action: 'create' });
  await install();
  t.notOk(existsSync(at('opt/node/bin/junk')));
});
