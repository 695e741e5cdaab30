// Disks of every sort under the kind alone: what becomes a file system, what is taken as it is, what is never touched.
import t from 'tap';
import { RunbookError } from '../../lib/core/errors.ts';
import { quote } from '../../lib/core/quote.ts';
import type { VolumeSpec } from '../../lib/core/spec.ts';
import { apply } from '../../lib/engine/apply.ts';
import { planOf } from '../../lib/engine/plan.ts';
import { probe } from '../../lib/engine/probe.ts';
import { begunMark } from '../../lib/kinds/volume/volume-probe.ts';
import { mountUnit } from '../../lib/phases/volume.ts';
import { library, theLab, variant } from './suite.ts';

const NAME = 'volume-1';
const other = 'other-1';

t.setTimeout(0);
const lab = await theLab();
const known = lab.hosts.find(({ name }) => name === NAME);
const { address } = known ?? (await lab.addHost(NAME));
const { host } = await library(await variant(lab, 'other', { 'host.address': address }));
t.teardown(() => host.close());

/** Script in this file's host that must succeed; gives its output without the last line end. */
const on = async (script: string): Promise<string> => {
  const { code, stdout, stderr } = await lab.exec(NAME, script);
  if (code !== 0) throw new Error(`in the host: ${script}\n${stdout}${stderr}`);
  return stdout.trim();
};
const path = '/mnt/other-1';
const unit = mountUnit(path);
const text = `[Mount]\nWhat=/dev/disk/by-id/${other}\nWhere=${path}\nOptions=nofail\n[Install]\nWantedBy=multi-user.target\n`;
const spec: VolumeSpec = {
  ...{ kind: 'volume', id: 'volume:other', phase: 'system', device: `/dev/disk/by-id/${other}`, path, unit },
  files: [{ path: `/etc/systemd/system/${unit}`, content: text }],
};
const look = async () => planOf([spec], await probe(host, [spec]));
const carryOut = async () => apply(host, await look(), { onEvent: () => {}, needs: new Map() });
const refused = async () =>
  look().then(
    ({ steps }) => `not refused: ${steps[0]?.change.why}`,
    (error: unknown) =>
      error instanceof RunbookError && error.kind === 'refused' ? error.parts.what : Promise.reject(error),
  );
/** A disk as it comes from the shop, with something done to it. */
const fresh = async (script = '') => {
  await on(`umount ${path} 2>/dev/null; rm -rf ${path}; true`);
  await lab.removeDisk(other);
  await lab.addDisk(NAME, other, 1024);
  await on(`d=/dev/disk/by-id/${other}\n${script}`);
};
const bytes = () => on(`head -c 8388608 /dev/disk/by-id/${other} | sha256sum`);

const alien: readonly (readonly [name: string, script: string, what: RegExp])[] = [
  ['swap', 'mkswap -q "$d"', /holds swap/],
  [
    'LUKS',
    'printf "LUKS\\272\\276\\000\\002" | dd of="$d" conv=notrunc status=none',
    /holds crypto_LUKS|data that belongs/,
  ],
  [
    'a partition table',
    'printf "\\200\\000\\002\\000\\203\\000\\000\\000\\000\\010\\000\\000\\000\\000\\020\\000" | dd of="$d" bs=1 seek=446 conv=notrunc status=none; printf "\\125\\252" | dd of="$d" bs=1 seek=510 conv=notrunc status=none',
    /holds dos/,
  ],
  [
    'data without any mark, as plain dm-crypt leaves it',
    'head -c 1048576 /dev/urandom | dd of="$d" bs=4k seek=16 conv=notrunc status=none',
    /holds data that belongs to no file system/,
  ],
  [
    'a table at the end only',
    'printf "EFI PART" | dd of="$d" bs=512 seek=$(( $(blockdev --getsz "$d") - 1 )) conv=notrunc status=none; head -c 4096 /dev/urandom | dd of="$d" conv=notrunc status=none',
    /holds /,
  ],
];

t.test('a disk that holds anything else is refused, and nothing on it is touched', async (t) => {
  for (const [name, script, what] of alien) {
    await fresh(script);
    const before = await bytes();
    t.match(await refused(), what, name);
    t.equal(await bytes(), before, `${name}: not a byte was touched`);
  }
});

t.test('a disk that is taken by somebody else between the look and the change', async (t) => {
  await fresh();
  const blank = await look();
  await on(`mkswap -q /dev/disk/by-id/${other}`);
  const late = await apply(host, blank, { onEvent: () => {}, needs: new Map() });
  t.match(
    late.failures[0]?.error.parts,
    { cause: 'the device is not blank any more' },
    'asked again at the last moment',
  );
  t.equal(await on(`blkid -p -s TYPE -o value /dev/disk/by-id/${other}`), 'swap');
});

t.test('cut off while the file system is made, the next run makes it whole', async (t) => {
  const mark = `printf '%s' '${begunMark}' | dd of="$d" bs=512 conv=sync,notrunc,fsync status=none`;
  for (const [name, script] of [
    ['before the first byte of it', mark],
    ['in the middle', `${mark}; head -c 65536 /dev/urandom | dd of="$d" bs=4k seek=1 conv=notrunc status=none`],
    ['when only the mark was left to take away', `mkfs.ext4 -q "$d"; ${mark}`],
  ] as const) {
    await fresh(script);
    t.match((await look()).steps[0]?.change.why, 'making its file system was cut off', name);
    t.match(await carryOut(), { changed: 1, failures: [] });
    t.same((await look()).steps, [], `cut off ${name}, the next run makes it whole`);
  }
});

t.test('an ext4 is taken as it is, and files in the way are never hidden', async (t) => {
  await fresh(
    `mkfs.ext4 -q "$d"; mkdir -p ${path}; mount "$d" ${path}; echo kept > ${path}/file; umount ${path}; echo in the way > ${path}/file`,
  );
  t.match(await refused(), /holds files on the system disk/);
  t.equal(await on(`cat ${path}/file`), 'in the way');
  await on(`rm ${path}/file`);
  t.match(await carryOut(), { changed: 1, failures: [] });
  t.equal(await on(`cat ${path}/file`), 'kept', 'a file system that is there is taken as it is');
  await on(`umount ${path}; mkdir -p /mnt/elsewhere; mount /dev/disk/by-id/${other} /mnt/elsewhere`);
  t.match(await refused(), /is mounted at \/mnt\/elsewhere/);
  await on('umount /mnt/elsewhere; mount -t tmpfs none /mnt/other-1');
  t.match(await refused(), /is on another device/);
  await on('umount /mnt/other-1');
});

t.test('an XFS is taken as it is, and grows with its disk', async (t) => {
  await on('apt-get -q update >/dev/null; apt-get -q -y install xfsprogs >/dev/null');
  await fresh('mkfs.xfs -q "$d"');
  t.match(await carryOut(), { changed: 1, failures: [] });
  await on(`echo kept > ${path}/file; apt-get -q -y purge xfsprogs >/dev/null`);
  t.same((await look()).steps, [], 'XFS is taken as it is');
  await lab.growDisk(other, 2048);
  t.match((await look()).steps[0]?.change, { why: /the device has 2\.0 GiB, its file system only/, impact: 'none' });
  t.match(await carryOut(), { changed: 1, failures: [] });
  t.same((await look()).steps, []);
  t.equal(await on(`cat ${path}/file`), 'kept');
  await on(`umount ${path}; systemctl disable -q ${quote(unit)}`);
});

t.test('the disk goes, and no loop device stays', async (t) => {
  const inUse = () => on('cat /sys/block/loop*/loop/backing_file 2>/dev/null | wc -l');
  const before = Number(await inUse());
  await lab.removeDisk(other);
  t.equal(Number(await inUse()), before - 1);
});
