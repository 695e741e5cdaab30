import { RunbookError } from '../core/errors.ts';
import type { HostFacts } from '../core/facts.ts';
import type { Host } from '../host/port.ts';

/** Shell that prints the facts, for `parseFacts`. */
export const factsScript = `sed -n 's/^\\(ID\\|VERSION_ID\\|PRETTY_NAME\\)=/\\1=/p' /etc/os-release
echo "arch=$(uname -m)"
echo "kernel=$(uname -r)"
sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/mem=\\1/p; s/^SwapTotal: *\\([0-9]*\\) kB$/swap=\\1/p' /proc/meminfo
echo "cpus=$(nproc)"
echo "clock=$(date +%s)"
echo "hostname=$(uname -n)"
if [ -e /run/cloud-init/enabled ] && [ ! -e /run/cloud-init/result.json ] && command -v cloud-init >/dev/null; then echo setup=yes; fi`;

/** Read the facts of a host. Throws `refused` on a machine without /etc/os-release. */
export async function readFacts(host: Host): Promise<HostFacts> {
  return parseFacts((await host.query({ script: factsScript })).stdout, host.label);
}

export function parseFacts(text: string, label: string): HostFacts {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) found.set(line.slice(0, at), line.slice(at + 1).replace(/^"(.*)"$/, '$1'));
  }
  const word = (name: string) => {
    const value = found.get(name);
    if (value !== undefined) return value;
    throw new RunbookError('refused', {
      what: `the host does not tell its ${name}: is it a Debian or Ubuntu?`,
      where: label,
      next: 'look at /etc/os-release on the host; Debian 12 and 13, Ubuntu 22.04 and 24.04 are supported',
    });
  };
  return {
    distribution: word('ID'),
    release: word('VERSION_ID'),
    prettyName: word('PRETTY_NAME'),
    architecture: word('arch'),
    kernel: word('kernel'),
    memoryMiB: Math.round(Number(word('mem')) / 1024),
    swapMiB: Math.round(Number(word('swap')) / 1024),
    cpus: Number(word('cpus')),
    clock: Number(word('clock')),
    hostname: word('hostname'),
    ...(found.get('setup') === 'yes' ? { settingUp: true } : {}),
  };
}
