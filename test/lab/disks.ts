// Disks of their own for the lab's hosts: files behind loop devices of the machine, which outlive the host that uses them.
import { LABEL, OWN_PREFIX } from './context.ts';
import { type Docker, list } from './docker.ts';
import { capabilities, MACHINE_LIKE } from './machine-like.ts';
import { containerName } from './names.ts';

export interface LabDisk {
  name: string;
  /** The host that it belongs to. */
  host: string;
  plugged: boolean;
  /** Number of its loop device. */
  number: number;
  /** Image that the tools come from. */
  image: string;
}

const IMAGE_LABEL = 'gitea-runbooks.lab.image';
const volumeName = (name: string) => `${OWN_PREFIX}-disk-${name}`;

/** Path of a disk on the host that it is plugged into. */
export const diskPath = (name: string) => `/dev/disk/by-id/${name}`;

/** Makes an empty disk of this size. */
export async function makeDisk(
  docker: Docker,
  name: string,
  sizeMiB: number,
  image: string,
): Promise<Omit<LabDisk, 'host' | 'plugged'>> {
  await docker.run(['volume', 'create', '--label', LABEL, '--label', `${IMAGE_LABEL}=${image}`, volumeName(name)]);
  const script = `truncate -s ${sizeMiB}M /disk/image
mknod /dev/loop-control c 10 237
# Somebody else may take the free one first.
for try in 1 2 3 4 5; do
  free=$(losetup -f | sed 's/ .*//') # "(lost)" is one whose node is not in this container yet
  [ -e "$free" ] || mknod "$free" b 7 "\${free#/dev/loop}"
  losetup "$free" /disk/image && { echo "$free"; exit 0; }
done
exit 1`;
  const device = await onDisk(docker, name, image, script);
  return { name, image, number: Number(device.replace('/dev/loop', '')) };
}

/** Makes a disk larger, under whoever uses it. */
export async function growDisk(docker: Docker, { name, image, number }: LabDisk, sizeMiB: number): Promise<void> {
  const node = `/dev/loop${number}`;
  const script = `truncate -s ${sizeMiB}M /disk/image; [ -e ${node} ] || mknod ${node} b 7 ${number}; losetup -c ${node}`;
  await onDisk(docker, name, image, script);
}

/** Known by these lines, a host finds its disks again when it boots. */
const TABLE = '/etc/lab-disks';

/** Run by a host before its systemd: /dev is made anew at every boot. */
export const PLUG_ALL = `plug() { mkdir -p /dev/disk/by-id; [ -e "/dev/loop$2" ] || mknod "/dev/loop$2" b 7 "$2"; ln -sfn "../../loop$2" "/dev/disk/by-id/$1"; }
[ ! -e ${TABLE} ] || while read -r name number; do plug "$name" "$number"; done <${TABLE}`;

export async function plug(docker: Docker, { name, number, host }: LabDisk): Promise<void> {
  const script = `sed -i '/^${name} /d' ${TABLE} 2>/dev/null; echo '${name} ${number}' >>${TABLE}\n${PLUG_ALL}`;
  await docker.run(['exec', containerName(host), 'sh', '-c', script]);
}

/** Takes the name away. What is mounted stays so until the host boots, as with a device that the kernel still holds. */
export async function unplug(docker: Docker, { name, number, host }: LabDisk): Promise<void> {
  const script = `sed -i '/^${name} /d' ${TABLE}; rm -f ${diskPath(name)} /dev/loop${number}`;
  await docker.run(['exec', containerName(host), 'sh', '-c', script]);
}

/** Takes disks away for good, all of the lab without a name. One that is still mounted goes with its host. Fine to repeat. */
export async function releaseDisks(docker: Docker, name = ''): Promise<void> {
  const format = `{{.Name}} {{.Label "${IMAGE_LABEL}"}}`;
  const filter = ['--filter', `label=${LABEL}`, '--filter', `name=^${volumeName(name)}${name && '$'}`];
  for (const line of await list(docker, ['volume', 'ls', ...filter, '--format', format])) {
    const [volume = '', image = ''] = line.split(' ');
    const script = `for at in /sys/block/loop[0-9]*; do n=\${at##*loop}; [ -e "/dev/loop$n" ] || mknod "/dev/loop$n" b 7 "$n"; done
for at in $(losetup -n -O NAME -j /disk/image); do losetup -d "$at"; done`;
    await onDisk(docker, volume.slice(volumeName('').length), image, script);
    await docker.run(['volume', 'rm', '--force', volume]);
  }
}

/** Runs a script beside the file of a disk, in a container that may handle loop devices. */
async function onDisk(docker: Docker, name: string, image: string, script: string): Promise<string> {
  const caps = await capabilities(docker, image);
  const mount = ['--volume', `${volumeName(name)}:/disk`];
  const args = ['run', '--rm', '--network', 'none', '--label', LABEL, ...MACHINE_LIKE, ...caps, ...mount];
  return docker.run([...args, image, 'sh', '-ec', script]);
}
