// What a deploy runs on a device, for real on a file that stands for it; what looks at devices is played.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import type { VolumeSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import { volume } from '../../../lib/kinds/volume/volume.ts';
import { begunMark, blankBytes, type FoundVolume } from '../../../lib/kinds/volume/volume-probe.ts';

interface Device {
  /** Byte at which something is written. */
  readonly dirt?: number;
  /** Text at its start. */
  readonly head?: string;
  /** How blkid ends, and what wipefs finds. */
  readonly blkid?: number;
  readonly wipefs?: string;
  readonly mkfs?: string;
}

/** A host that looked blank when it was looked at, and has become this since. */
function sandbox(t: Test, { dirt, head = '', blkid = 2, wipefs = '', mkfs = '' }: Device) {
  const folder = t.testdir({ bin: {}, data: {} });
  const at = (path: string) => join(folder, path);
  const content = Buffer.alloc(2 * blankBytes);
  content.write(head);
  if (dirt !== undefined) content[dirt] = 1;
  writeFileSync(at('device'), content);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\necho "${name} $*" >> ${at('log')}\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  program('blkid', `case "$*" in "-p -s TYPE"*) echo ext4 ;; *) exit ${blkid} ;; esac`);
  program('wipefs', wipefs && `echo ${wipefs}`);
  program('mkfs.ext4', `head -c 100 ${at('device')} | tr -d '\\0' > ${at('mark')}\n${mkfs}`);
  program('mountpoint', `case "$1" in -q) [ -e ${at('mounted')} ] ;; *) echo 7:3 ;; esac`);
  program('systemctl', `[ "$1" != start ] || touch ${at('mounted')}`);
  program('resize2fs', '');
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const spec: VolumeSpec = {
    ...{ kind: 'volume', id: 'v', phase: 'system', device: at('device'), path: at('data'), unit: 'data.mount' },
    files: [{ path: '/etc/systemd/system/data.mount', content: 'mount' }],
  };
  const device = { type: '', signs: [], zero: true, begun: false, mounts: [], size: content.length };
  const found: FoundVolume = {
    ...{ device, mounted: 'no', hides: false, enabled: false, needsReload: false },
    hashes: new Map(spec.files.map((file) => [file.path, sha256(file.content)])),
  };
  return {
    at,
    apply: (changes: Partial<FoundVolume> = {}) => {
      const now = { ...found, ...changes };
      return volume.apply(spec, volume.diff(spec, found)!, { host: localHost(), progress: () => {} }, now);
    },
    bytes: () => readFileSync(at('device')),
    content,
    log: () => readFileSync(at('log'), 'utf8').trim().split('\n'),
    made: () => existsSync(at('log')) && /^mkfs/m.test(readFileSync(at('log'), 'utf8')),
  };
}

t.test('a file system is made on a device that is blank to the last, and its mark goes when it is whole', async (t) => {
  const { apply, log, at, bytes } = sandbox(t, {});
  await apply();
  const told = log().map((line) => line.split(' ')[0]);
  t.same(told.slice(0, 3), ['blkid', 'wipefs', 'mkfs.ext4']);
  t.equal(log()[2], `mkfs.ext4 -q -F -L gitea-data -m 1 ${at('device')}`);
  t.equal(readFileSync(at('mark'), 'utf8'), begunMark, 'it stands there while it is made');
  t.ok(bytes().equals(Buffer.alloc(2 * blankBytes)), 'and no longer');
  t.ok(told.indexOf('systemctl') > told.indexOf('mkfs.ext4'));
});

t.test('the last look before it is made: what has become of the device meanwhile stays', async (t) => {
  const cases: Record<string, Device> = {
    'a file system': { blkid: 0 },
    'more than one': { blkid: 8 },
    'a mark that only wipefs knows': { wipefs: 'gpt' },
    'a first byte': { dirt: 0 },
    'the last byte that is looked at': { dirt: blankBytes - 1 },
    'a mark that is not quite ours': { head: `${begunMark.slice(0, -1)}!` },
  };
  for (const [name, device] of Object.entries(cases)) {
    const { apply, made, bytes, content, log } = sandbox(t, device);
    await t.rejects(apply(), { exitCode: 20, message: /the device is not blank any more/ }, name);
    t.notOk(made(), name);
    t.ok(bytes().equals(content), `${name}: not a byte was touched`);
    t.notMatch(log().join('\n'), /systemctl/, 'nor mounted');
  }
});

t.test('beyond what is looked at a byte is no reason', async (t) => {
  const { apply, made } = sandbox(t, { dirt: blankBytes });
  await apply();
  t.ok(made());
});

t.test(
  'cut off while it is made: the mark is left, and the next run makes it anew over what blkid finds',
  async (t) => {
    const cut = sandbox(t, { mkfs: 'exit 1' });
    await t.rejects(cut.apply(), { exitCode: 20, message: /no file system could be made/ });
    t.ok(cut.bytes().subarray(0, 100).toString().startsWith(begunMark));
    const next = sandbox(t, { head: begunMark, blkid: 0, wipefs: 'ext4' });
    await next.apply();
    t.ok(next.made());
    t.ok(next.bytes().subarray(0, 512).equals(Buffer.alloc(512)));
  },
);

t.test('a device that has a file system gets none, and one that files would be hidden by is not mounted', async (t) => {
  const { apply, made, at, log } = sandbox(t, {});
  const device = { type: 'ext4', signs: ['ext4'], zero: false, begun: false, mounts: [], size: 2 * blankBytes };
  writeFileSync(at('data/file'), 'x');
  await t.rejects(apply({ device }), { exitCode: 20, message: /holds files/ });
  t.notOk(made());
  t.notMatch(log().join('\n'), /systemctl start/);
});
