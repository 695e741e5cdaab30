// What makes a container as near to a machine as one gets.
import { LABEL } from './context.ts';
import type { Docker } from './docker.ts';

// A privileged container needs capabilities that the engine itself may lack, so they are given by name; ALL where the engine copes.
const CAPABILITIES = `
  AUDIT_CONTROL AUDIT_READ AUDIT_WRITE BLOCK_SUSPEND CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID IPC_LOCK IPC_OWNER
  KILL LEASE LINUX_IMMUTABLE MAC_ADMIN MAC_OVERRIDE MKNOD NET_ADMIN NET_BIND_SERVICE NET_BROADCAST NET_RAW SETFCAP SETGID
  SETPCAP SETUID SYSLOG SYS_ADMIN SYS_BOOT SYS_CHROOT SYS_MODULE SYS_NICE SYS_PACCT SYS_PTRACE SYS_RAWIO SYS_TIME
  SYS_TTY_CONFIG WAKE_ALARM`
  .trim()
  .split(/\s+/);

// What a machine has and a container has not: no seccomp or AppArmor profile, a writable /proc/sys, control groups of its own.
export const MACHINE_LIKE = [
  ...['seccomp', 'apparmor', 'systempaths'].flatMap((name) => ['--security-opt', `${name}=unconfined`]),
  ...['--cgroupns=private', '--device-cgroup-rule=a *:* rwm'],
  ...['--tmpfs=/run', '--tmpfs=/run/lock', '--tmpfs=/tmp:exec'],
];

/** Words that run something with the rights of a host on volumes, then the volumes, the image and the command. */
export const onVolumes = (caps: string[]) => [
  ...['run', '--rm', '--network', 'none', '--label', LABEL, ...MACHINE_LIKE, ...caps],
];

/** The capability arguments that this engine accepts. Needs an image to try them with. */
export async function capabilities(docker: Docker, image: string): Promise<string[]> {
  const all = ['--cap-add', 'ALL'];
  const probe = ['run', '--rm', '--network', 'none', '--label', LABEL, ...all, image, 'true'];
  if ((await docker.attempt(probe)).code === 0) return all;
  return CAPABILITIES.flatMap((name) => ['--cap-add', name]);
}
