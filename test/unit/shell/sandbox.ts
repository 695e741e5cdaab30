import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const programs =
  `apt-get awk base64 blkid blockdev cat chmod chown cmp cp curl cut date dd df dirname docker dpkg dpkg-query dumpe2fs
  fallocate find findmnt flock grep head install journalctl ln ls mkdir mkfs.ext4 mkswap mktemp mount mountpoint mv nft nginx openssl
  ps readlink reboot resize2fs rm sed seq sha256sum sleep sort ss sshd stat swapon sync sysctl systemctl systemd-detect-virt
  systemd-escape systemd-run tail tar tee timedatectl timeout tr uname wipefs xargs xfs_growfs`.split(/\s+/);

/**
 * Each program does nothing and is content; a day passes between two looks at the clock, so that what waits comes to its
 * limit; a shell in the shell runs; and who runs `canary` leaves a file.
 */
const prelude = [
  ...programs.filter((name) => /^[\w]+$/.test(name)).map((name) => `${name}() { return 0; }`),
  'date() { now=0; read -r now < clock; echo $((now + 86400)) > clock; echo "$now"; } 2>/dev/null',
  'sh() { if [ "$1" = -c ]; then eval "$2"; fi; }',
  'canary() { : > canary-was-here; }',
].join('\n');

/**
 * Runs scripts, each in a shell of its own, where there are no programs, and absolute paths lead into `folder`. Gives what
 * was printed when one ran `canary`, else undefined.
 */
export function runsCanary(folder: string, scripts: readonly string[]): string | undefined {
  const mark = join(folder, 'canary-was-here');
  for (const path of ['etc', 'run/gitea-runbooks', 'var/lib', 'opt', 'srv'])
    mkdirSync(join(folder, path), { recursive: true });
  rmSync(mark, { force: true });
  const whole = scripts.map((script) => `( ${script}\n) </dev/null`).join('\n');
  const contained = whole.replaceAll(/(?<![\w.])\/(?=(etc|run|var|opt|srv|boot|usr|lib|swapfile)\b)/g, './');
  const { stdout, stderr, signal } = spawnSync('/bin/sh', ['-s'], {
    cwd: folder,
    env: { PATH: join(folder, 'nothing') },
    input: `${prelude}\n${contained}\n`,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (signal) throw new Error(`one of ${scripts.length} scripts waits for ever, and those behind it were not run`);
  return existsSync(mark) ? `${stdout}${stderr}` : undefined;
}
