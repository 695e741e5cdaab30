import { quote, quoteAll } from '../../core/quote.ts';
import type { PackagesSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';
import { patiently } from './apt.ts';

/** Names of the packages that are installed, configured and not too old. */
type Observed = ReadonlySet<string>;

const missing = (spec: PackagesSpec, installed: Observed) =>
  spec.names.filter((name) => ![name, ...(spec.alternatives?.[name] ?? [])].some((one) => installed.has(one)));

export const packages: Kind<'packages', Observed> = {
  kind: 'packages',
  // dpkg-query exits 1 when one of the names is unknown to it: that is an answer, not a failure.
  snippet: (specs) => {
    const names = specs.flatMap((spec) => [...spec.names, ...Object.values(spec.alternatives ?? {}).flat()]);
    // Debian's version order is dpkg's own knowledge, so the host compares.
    const floors = specs.flatMap((spec) => Object.entries(spec.minimum ?? {}));
    const old = floors.map(
      ([name, least]) => `version=$(dpkg-query -W -f='\${Version}' ${quote(name)} 2>/dev/null) && [ -n "$version" ] &&
  dpkg --compare-versions "$version" lt ${quote(least)} && printf 'old\\t%s\\n' ${quote(name)}`,
    );
    return `dpkg-query -W -f='\${Package}\\t\${db:Status-Abbrev}\\n' ${quoteAll(names)} 2>/dev/null
${old.join('\n')}
true`;
  },
  parse: (text, specs) => {
    const found = rows(text);
    // `hi`: installed, and held back by the operator; apt would leave it alone, and the deploy would never be done.
    const installed = new Set(found.flatMap(([name, status]) => (/^[ih]i/.test(status ?? '') ? [name!] : [])));
    for (const [word, name] of found) if (word === 'old') installed.delete(name!);
    return new Map(specs.map((spec) => [spec.id, installed]));
  },
  diff: (spec, installed) => {
    const wanted = missing(spec, installed);
    if (wanted.length === 0) return undefined;
    return changeOf(spec, 'create', `packages ${wanted.join(' ')}`, 'not installed, or too old');
  },
  apply: async (spec, _change, { host, progress }, installed) => {
    // An earlier run may have been cut off inside dpkg; `--configure -a` finishes what it left.
    // The package lists are fetched anew: an old list names versions that the mirror no longer has.
    await must(
      host,
      `set -eu
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 NEEDRESTART_MODE=l
${patiently}
patiently dpkg --configure -a --force-confold
patiently apt-get -q update
patiently apt-get -q -y --no-install-recommends -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \\
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
