import { RunbookError } from '../core/errors.ts';
import type { HostFacts } from '../core/facts.ts';

/** What differs between the distributions. */
export interface Distribution {
  readonly name: string;
  /** Packages of Docker Engine and its command line. */
  readonly engine: readonly string[];
  /** The package that brings `docker compose`, version 2. */
  readonly compose: string;
  /** The least version that is Compose 2, where the distribution has an older package of the same name. */
  readonly composeMinimum?: string;
  /** The compose package comes from the next release of the distribution, and nothing else does. */
  readonly composeFromNext: boolean;
  /** The engine knows `start_interval` of health checks: version 25 or newer. Compose refuses it on an older one. */
  readonly startInterval: boolean;
  readonly timesync: TimeSync;
  /** Origins-Pattern lines of unattended-upgrades for security fixes. */
  readonly securityOrigins: readonly string[];
}

interface TimeSync {
  readonly package: string;
  readonly unit: string;
  /** Packages and units of other time daemons that do as well. */
  readonly otherPackages: readonly string[];
  readonly otherUnits: readonly string[];
}

/** Installing a second time daemon would remove the first, so one of these is left alone. */
const timesync: TimeSync = {
  package: 'systemd-timesyncd',
  unit: 'systemd-timesyncd.service',
  otherPackages: ['chrony', 'ntpsec', 'openntpd'],
  otherUnits: ['chrony.service', 'ntpsec.service', 'openntpd.service'],
};

const debianSecurity = 'origin=Debian,codename=${distro_codename}-security,label=Debian-Security';

/**
 * Sources: Debian rows by `apt-cache show` and `apt-get -s install` against the archive (November 2026). Ubuntu rows by
 * packages.ubuntu.com (docker-compose-v2: jammy-updates, noble, both universe, needs docker.io); not tried on a machine.
 * certbot is never a package: Debian 12 and Ubuntu have versions before 4.0, which do not know profiles.
 */
const table: Readonly<Record<string, Distribution>> = {
  // docker.io 20.10.24 contains the command line. Its own docker-compose is 1.29 in Python; the one of trixie (2.26) is a
  // static program that needs libc6 >= 2.34, bookworm has 2.36. bookworm-backports has none.
  'debian 12': {
    name: 'Debian 12 (bookworm)',
    engine: ['docker.io'],
    compose: 'docker-compose',
    composeMinimum: '2',
    composeFromNext: true,
    startInterval: false,
    timesync,
    securityOrigins: [debianSecurity, 'origin=Debian,codename=trixie-security,label=Debian-Security'],
  },
  // docker.io 26.1.5, and a command line in a package of its own that docker.io only recommends.
  'debian 13': {
    name: 'Debian 13 (trixie)',
    engine: ['docker.io', 'docker-cli'],
    compose: 'docker-compose',
    composeFromNext: false,
    startInterval: true,
    timesync,
    securityOrigins: [debianSecurity],
  },
  'ubuntu 22.04': ubuntu('Ubuntu 22.04 LTS (jammy)'),
  // The release pocket has Engine 24.0.7; whether a host also has the newer one of -updates cannot be known here.
  'ubuntu 24.04': ubuntu('Ubuntu 24.04 LTS (noble)'),
};

function ubuntu(name: string): Distribution {
  return {
    name,
    engine: ['docker.io'],
    compose: 'docker-compose-v2',
    composeFromNext: false,
    startInterval: false,
    timesync,
    securityOrigins: [
      'origin=Ubuntu,archive=${distro_codename}-security',
      'origin=UbuntuESMApps,archive=${distro_codename}-apps-security',
      'origin=UbuntuESM,archive=${distro_codename}-infra-security',
    ],
  };
}

/** The row of a host. Refuses a distribution that is not in the table. */
export function distributionOf(facts: Pick<HostFacts, 'distribution' | 'release' | 'prettyName'>): Distribution {
  const found = table[`${facts.distribution} ${facts.release}`];
  if (found) return found;
  throw new RunbookError('refused', {
    what: `${facts.prettyName || `${facts.distribution} ${facts.release}`} is not supported`,
    next: `use a host with one of these: ${Object.values(table)
      .map(({ name }) => name)
      .join(', ')}`,
  });
}
