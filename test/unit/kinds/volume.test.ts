import t from 'tap';
import type { RunbookError } from '../../../lib/core/errors.ts';
import { sha256 } from '../../../lib/core/hash.ts';
import type { VolumeSpec } from '../../../lib/core/spec.ts';
import { volume } from '../../../lib/kinds/volume/volume.ts';
import { begunMark } from '../../../lib/kinds/volume/volume-probe.ts';
import { recorder } from '../shell/recorder.ts';

const spec: VolumeSpec = {
  kind: 'volume',
  id: 'volume:/srv/gitea',
  phase: 'system',
  device: '/dev/disk/by-id/data',
  path: '/srv/gitea',
  unit: 'srv-gitea.mount',
  files: [
    { path: '/etc/systemd/system/srv-gitea.mount', content: 'mount' },
    { path: '/etc/systemd/system/docker.service.d/gitea-runbooks.conf', content: 'wait' },
  ],
};
const GiB = 1024 ** 3;

type Row = readonly [key: string, value: string];
const text = (...found: readonly Row[]) => found.map(([key, value]) => `${spec.id}\t${key}\t${value}\n`).join('');
const files: Row[] = spec.files.map(({ path, content }) => [`hash ${sha256(content)}`, path]);
/** A host on which no deploy has been yet. */
const bare: Row[] = [
  ['enabled', ''],
  ['reload', 'no'],
];
/** A host that a deploy has been on. */
const known: Row[] = [['enabled', 'enabled'], ['reload', 'no'], ...files];
const device: Row[] = [
  ['number', '7:3'],
  ['size', String(10 * GiB)],
];
const blank: Row[] = [...device, ['blkid', '2'], ['type', ''], ['zero', 'yes']];
const of = (type: string, ...signs: string[]): Row[] => [
  ...device,
  ['blkid', '0'],
  ...[type, ...signs].map((sign): Row => ['sign', sign]),
  ['type', type],
];
const mountedHere: Row[] = [
  ['at', '7:3'],
  ['mount', '/srv/gitea'],
];

const seen = (...found: readonly Row[]) => volume.parse(text(...found), [spec]).get(spec.id)!;
const diff = (...found: readonly Row[]) => volume.diff(spec, seen(...found));
/** How it is refused; undefined where it is not. */
const refusal = (...found: readonly Row[]) => {
  try {
    diff(...found);
    return undefined;
  } catch (error) {
    return error as RunbookError;
  }
};

t.test('a file system is made only where there is nothing', async (t) => {
  t.match(diff(...bare, ...blank), {
    action: 'create',
    title: 'data volume /srv/gitea',
    why: 'the device is blank',
    impact: 'none',
  });
  t.match(diff(...bare, ...blank.filter(([key]) => key !== 'zero'), ['begun', 'yes']), {
    why: 'making its file system was cut off',
  });
  t.match(
    diff(...bare, ...of('ext4', 'ext4'), ['begun', 'yes']),
    { why: 'making its file system was cut off' },
    'marked, and so never mounted',
  );
  t.match(diff(...bare, ...of('ext4', 'ext4')), {
    action: 'create',
    why: /^not mounted. What its ext4 holds shows only then/,
  });
  t.match(diff(...bare, ...of('xfs', 'xfs')), { action: 'create', why: /its xfs holds/ });
  t.ok(begunMark.length < 512, 'the mark fits into the sector that ext4 leaves alone');
});

t.test('what holds anything else is refused', async (t) => {
  const cases: readonly (readonly [name: string, found: readonly Row[], holds: RegExp])[] = [
    ['LUKS', of('crypto_LUKS', 'crypto_LUKS'), /holds crypto_LUKS/],
    ['LVM', of('LVM2_member', 'LVM2_member'), /holds LVM2_member/],
    ['swap', of('swap', 'swap'), /holds swap/],
    ['another file system', of('btrfs', 'btrfs'), /holds btrfs/],
    [
      'a partition table',
      [...device, ['blkid', '0'], ['sign', 'gpt'], ['type', ''], ['sign', 'PMBR']],
      /holds gpt, PMBR/,
    ],
    ['partitions, blank otherwise', [...blank, ['sign', 'partitions']], /holds partitions/],
    ['a file system and a partition table', of('ext4', 'dos'), /holds ext4, dos/],
    [
      'two that blkid cannot tell apart',
      [...device, ['blkid', '8'], ['type', ''], ['sign', 'ext4'], ['sign', 'xfs']],
      /holds ext4, xfs, something that cannot be told apart/,
    ],
    [
      'a device that cannot be read',
      [...device, ['blkid', '2'], ['type', '']],
      /holds data that belongs to no file system/,
    ],
    ['data without a mark', [...device, ['blkid', '2'], ['type', '']], /holds data that belongs to no file system/],
    ['a part of a RAID', [...of('ext4'), ['sign', 'part of md0']], /holds ext4, part of md0/],
    ['another sign beside a cut-off file system', [...of('ext4', 'dos'), ['begun', 'yes']], /holds ext4, dos/],
  ];
  for (const [name, found, what] of cases)
    t.match(
      refusal(...bare, ...found),
      { kind: 'refused', exitCode: 22, parts: { what, next: /nothing on it was touched/ } },
      name,
    );
});

t.test('places that are not as the config says are refused', async (t) => {
  const cases: readonly (readonly [name: string, found: readonly Row[], what: RegExp, next: RegExp])[] = [
    ['no such device', [...known], /\/dev\/disk\/by-id\/data is not attached/, /attach it/],
    [
      'another device on the path',
      [...known, ...of('ext4'), ['at', '8:1']],
      /\/srv\/gitea is on another device/,
      /findmnt/,
    ],
    [
      'the device somewhere else',
      [...known, ...of('ext4'), ['mount', '/mnt']],
      /is mounted at \/mnt, host\.dataPath is \/srv\/gitea/,
      /Put host\.dataPath back/,
    ],
    [
      'a blank one, mounted nowhere, with files in the way',
      [...bare, ...blank, ['hides', 'yes']],
      /holds files on the system disk/,
      /Move data onto a volume/,
    ],
    [
      'a full one with files in the way',
      [...known, ...of('xfs'), ['hides', 'yes']],
      /would hide them/,
      /docs\/runbooks\/deploy\.md/,
    ],
    ['the system disk', [...bare, ...of('ext4'), ['mount', '/']], /is mounted at \//, /unmount/],
  ];
  for (const [name, found, what, next] of cases)
    t.match(refusal(...found), { kind: 'refused', parts: { what, next } }, name);
});

t.test('a volume that is mounted', async (t) => {
  const ext4 = [...of('ext4', 'ext4'), ...mountedHere];
  const full: Row = ['used', String(10 * GiB)];
  t.equal(diff(...known, ...ext4, full), undefined);
  t.equal(
    diff(...known, ...of('xfs', 'xfs'), ...mountedHere, ['mount', '/var/lib/x']),
    undefined,
    "a second place is somebody else's business",
  );
  t.match(diff(...bare, ...ext4, full), {
    action: 'update',
    why: /srv-gitea\.mount, .*\.conf differ; not mounted at boot$/,
  });
  t.match(diff(...known.filter(([key]) => key !== 'enabled'), ['enabled', 'disabled'], ...ext4, full), {
    why: 'not mounted at boot',
  });
  t.match(diff(...known.map(([key, value]): Row => (key === 'reload' ? [key, 'yes'] : [key, value])), ...ext4, full), {
    why: 'its unit file changed on disk',
  });
  t.match(diff(...known, ...ext4, ['used', String(4 * GiB)]), {
    action: 'update',
    why: 'the device has 10.0 GiB, its file system only 4.0 GiB',
    impact: 'none',
  });
  t.equal(
    diff(...known, ...ext4, ['used', String(10 * GiB - 127 * 1024 ** 2)]),
    undefined,
    'the rest of a block group',
  );
  t.match(
    diff(...known, ...ext4, ['used', String(10 * GiB - 129 * 1024 ** 2)]),
    { why: /its file system only 9\.9 GiB/ },
    'more than the rest of a block group, though an XFS might have its log there',
  );
  t.equal(diff(...known, ...ext4, ['used', String(11 * GiB)]), undefined, 'shrinking is never a change');
  t.equal(
    diff(...known, ...of('xfs'), ...mountedHere, ['used', String(10 * GiB - 200 * 1024 ** 2)]),
    undefined,
    'the log of an XFS',
  );
  t.match(diff(...known, ...of('xfs'), ...mountedHere, ['used', String(9 * GiB)]), { why: /only 9\.0 GiB/ });
});

t.test('what it hides until it is mounted', async (t) => {
  t.equal(volume.reveals?.(seen(...bare, ...blank)), true);
  t.equal(volume.reveals?.(seen(...known, ...of('ext4'), ...mountedHere)), false);
});

t.test('a probe that says nothing is an error, and lines of others are passed over', async (t) => {
  t.throws(() => volume.parse('', [spec]), /said nothing/);
  t.throws(() => volume.parse('disk\t/\t1\t2\n', [spec]), /said nothing/);
  const found = volume
    .parse(`disk\t/\t1\t2\n${text(...bare, ...blank)}volume:/other\ttype\tswap\n`, [spec])
    .get(spec.id);
  t.match(found, { device: { type: '' }, mounted: 'no' });
});

t.test('its files are there before it is mounted, and a file system is made only where there is none', async (t) => {
  const done = async (...found: readonly Row[]) => {
    const { host, scripts } = recorder();
    await volume.apply(spec, volume.diff(spec, seen(...found))!, { host, progress: () => {} }, seen(...found));
    return scripts.map((script) => script.split('\n').find((line) => /mkfs|systemctl|resize|^'?(mkdir|\/)/.test(line)));
  };
  const [mount, waits] = spec.files.map(({ path }) => path);
  const all = await done(...bare, ...blank);
  t.match(all[0], /mkfs/);
  t.match(all.slice(1, 4), [
    /mkdir.*\/etc\/systemd\/system .*docker\.service\.d/,
    `${mount} 0644 0:0`,
    `${waits} 0644 0:0`,
  ]);
  t.match(all[4], /systemctl/);
  const one = await done(...bare, ...files.slice(1), ...of('ext4', 'ext4'));
  t.match(one.slice(0, 2), [/mkdir.*\/etc\/systemd\/system/, `${mount} 0644 0:0`]);
  t.notMatch(one.join('\n'), /mkfs|docker\.service\.d/);
});
