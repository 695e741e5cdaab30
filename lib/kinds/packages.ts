import { quoteAll } from '../core/quote.ts';
import type { PackagesSpec } from '../core/spec.ts';
import type { Kind } from './kind.ts';
import { changeOf, must, rows } from './text.ts';

/** Names of the wanted packages that are installed and configured. */
type Observed = ReadonlySet<string>;

const missing = (spec: PackagesSpec, installed: Observed) => spec.names.filter((name) => !installed.has(name));

export const packages: Kind<'packages', Observed> = {
  kind: 'packages',
  // dpkg-query exits 1 when one of the names is unknown to it: that is an answer, not a failure.
  snippet: (specs) =>
    `dpkg-query -W -f='\${Package}\\t\${db:Status-Abbrev}\\n' ${quoteAll(specs.flatMap((s) => s.names))} 2>/dev/null || true`,
  parse: (text, specs) => {
    const installed = new Set(rows(text).flatMap(([name, status]) => (status?.startsWith('ii') ? [name!] : [])));
    return new Map(specs.map((spec) => [spec.id, installed]));
  },
  diff: (spec, installed) => {
    const wanted = missing(spec, installed);
    if (wanted.length === 0) return undefined;
    return changeOf(spec, 'create', `packages ${wanted.join(' ')}`, 'not installed');
  },
  apply: async (spec, _change, { host, progress }, installed) => {
    // An earlier run may have been cut off inside dpkg; `--configure -a` finishes what it left.
    // The package lists are fetched anew: an old list names versions that the mirror no longer has.
    await must(
      host,
      `set -eu
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
dpkg --configure -a --force-confold
apt-get -q -o DPkg::Lock::Timeout=300 update
apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \\
  install ${quoteAll(missing(spec, installed))}`,
      {
        what: 'the packages could not be installed',
        next: 'read the lines above; `apt-get update` and `df -h /var` on the host tell whether the mirror or the disk is the cause, then run the deploy again',
        timeout: 1800,
        onLine: progress,
      },
    );
  },
};
