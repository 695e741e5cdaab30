// What the lab's images are made of, and the hash that tells whether a cached image is still the right one.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Raise it when the way of building changes, not what is built. */
const VERSION = '1';

/** Debian suites a lab host can be made of. */
export type Suite = 'trixie' | 'bookworm';

export const HOST_PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'openssh-server', 'sudo', 'e2fsprogs'],
  ...['iproute2', 'curl', 'ca-certificates', 'debian-archive-keyring'],
];

/** The lab's own servers: certificate authority, names, registry, AWS. Needed in any case. */
export const LAB_PACKAGES = [
  ...['pebble', 'docker-registry', 'dnsmasq-base', 'openssl', 'ca-certificates', 'curl', 'locales'],
  ...['python3-moto', 'python3-flask', 'python3-flask-cors'],
];

/** What stands in for the product's images where no registry is in reach. */
export const PRODUCT_PACKAGES = [
  ...['postgresql-18', 'nginx', 'libnginx-mod-http-js', 'libnginx-mod-stream', 'libnginx-mod-stream-js'],
  ...['certbot', 'restic'],
  ...['nodejs', 'git', 'dumb-init', 'openssh-client'],
];

/** The users of the official images, with their ids: made before any package makes its own. */
export const USERS = [
  'postgres:x:999:999::/var/lib/postgresql:/bin/bash',
  'nginx:x:101:101::/nonexistent:/usr/sbin/nologin',
];

/** Shell that prepares a tree (first argument, `/` in a container) before its packages are configured. */
export const PREPARE = [
  'set -e; root="$1"',
  ...USERS.map((user) => {
    const [name, , , gid] = user.split(':');
    return `echo '${user}' >>"$root/etc/passwd"; echo '${name}:x:${gid}:' >>"$root/etc/group"`;
  }),
  'mkdir -p "$root/etc/postgresql-common"',
  'echo "create_main_cluster = false" >"$root/etc/postgresql-common/createcluster.conf"',
].join('\n');

/** Documentation, manuals and translations: nobody reads them in a lab. */
export const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'];

/** A short hash over texts and over every file below the given folders (names and bytes). */
export async function recipeHash(texts: string[], folders: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([VERSION, ...texts]));
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
    for (const file of files.sort()) hash.update(`\0${path.relative(folder, file)}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 12);
}
