import type { Config } from '../config/config.types.ts';
import type { PackagesSpec, Spec } from '../core/spec.ts';
import { render } from '../render/render.ts';
import { stableJson } from '../render/words.ts';
import { type Distribution, distributionOf } from './distributions.ts';
import type { Check, DesiredInput, Phase } from './phase.ts';
import { specsOf } from './specs.ts';
import { dataVolume } from './volume.ts';

const name = 'system';
const { file, directory, unit } = specsOf(name);

const daemonJson = '/etc/docker/daemon.json';
const sysctlConf = '/etc/sysctl.d/60-gitea-runbooks.conf';

/** Below this, a single big push or a wide search can exhaust the memory; with swap it is slow instead of killed. */
const swapBelowMiB = 4096;

/** The machine itself: data volume, packages, container engine, clock, updates, sshd, swap. */
export const system: Phase = {
  name,
  needs: [],
  desired: (input) => {
    const { config, facts, assets } = input;
    const distribution = distributionOf(facts);
    const fill = (template: string, values = {}) => render(template, assets.templates(template), values);
    return [
      // Before anything can be written where it goes.
      ...dataVolume(config, name, fill),
      ...composeSource(distribution, fill),
      // Before the engine is installed, so that it starts with it the first time and never has to be restarted for it.
      directory('/etc/docker'),
      file(daemonJson, stableJson(daemonConfig(config))),
      // Before packages as well: an update by somebody else may be what runs next.
      directory('/etc/needrestart'),
      directory('/etc/needrestart/conf.d'),
      file('/etc/needrestart/conf.d/60-gitea-runbooks.conf', fill('system/needrestart.conf')),
      packages(config, distribution),
      ...unattendedUpgrades(config, distribution, fill),
      unit('docker.service', { watches: [daemonJson], impact: 'none' }),
      unit(distribution.timesync.unit, { alternatives: distribution.timesync.otherUnits, impact: 'none' }),
      file('/etc/logrotate.d/gitea-runbooks', fill('system/logrotate.conf')),
      ...swap(input, fill),
      ...sshd(config, fill),
    ];
  },
  examines: (config) => dataVolume(config, name).map((spec) => ({ id: 'volume', title: 'data volume', spec })),
  checks: ({ host }) => (host.hardenSsh ? [readsDropIns] : []),
};

const readsDropIns: Check = {
  id: 'sshd',
  title: 'sshd reads its drop-in folder',
  script: "grep -ciE '^[[:space:]]*Include[[:space:]]+/etc/ssh/sshd_config.d/' /etc/ssh/sshd_config",
  judge: (count) => ({
    status: Number(count) > 0 ? 'pass' : 'fail',
    detail: Number(count) > 0 ? 'yes' : 'no Include line',
    next: 'add `Include /etc/ssh/sshd_config.d/*.conf` at the top of /etc/ssh/sshd_config, or set host.hardenSsh: false',
  }),
};

type Fill = (template: string, values?: Record<string, unknown>) => string;

function composeSource({ composeFromNext }: Distribution, fill: Fill): Spec[] {
  if (!composeFromNext) return [];
  return [
    // The pin first: at no moment may apt see the source without it.
    file('/etc/apt/preferences.d/gitea-runbooks.pref', fill('system/compose-source.pref')),
    file('/etc/apt/sources.list.d/gitea-runbooks.sources', fill('system/compose-source.sources')),
  ];
}

function packages(config: Config, { engine, compose, composeMinimum, timesync }: Distribution): PackagesSpec {
  const names = [...engine, compose, timesync.package, 'ca-certificates', 'curl', 'logrotate', 'openssl'];
  // The engine only recommends it, yet starts no container without it where the kernel has AppArmor on.
  names.push('apparmor');
  if (config.network.firewall) names.push('nftables');
  if (config.host.unattendedUpgrades) names.push('unattended-upgrades');
  return {
    kind: 'packages',
    id: 'packages:system',
    phase: name,
    names: names.sort(),
    alternatives: { [timesync.package]: timesync.otherPackages },
    ...(composeMinimum ? { minimum: { [compose]: composeMinimum } } : {}),
  };
}

/** Containers go on running while the engine is updated or restarted, and their logs cannot fill the disk. */
function daemonConfig({ docker }: Config) {
  return {
    'live-restore': true,
    'log-driver': 'json-file',
    'log-opts': { 'max-file': String(docker.logMaxFiles), 'max-size': docker.logMaxSize },
    ...(docker.registryMirror ? { 'registry-mirrors': [docker.registryMirror] } : {}),
  };
}

function unattendedUpgrades(config: Config, { securityOrigins }: Distribution, fill: Fill): Spec[] {
  if (!config.host.unattendedUpgrades) return [];
  const text = fill('system/unattended-upgrades.conf', { origins: securityOrigins });
  // Read after the distribution's own 50unattended-upgrades.
  return [file('/etc/apt/apt.conf.d/60gitea-runbooks', text)];
}

function swap({ config, facts }: DesiredInput, fill: Fill): Spec[] {
  if (config.host.swap === 'off' || facts.memoryMiB >= swapBelowMiB) return [];
  return [
    file(sysctlConf, fill('system/sysctl.conf')),
    unit('systemd-sysctl.service', { watches: [sysctlConf], impact: 'none' }),
    { kind: 'swap', id: 'swap:/swapfile', phase: name, path: '/swapfile', sizeMiB: 2048 },
  ];
}

/** Last in the phase: only a host that is otherwise in order is closed behind the operator. */
function sshd(config: Config, fill: Fill): Spec[] {
  if (!config.host.hardenSsh) return [];
  const path = '/etc/ssh/sshd_config.d/10-gitea-runbooks.conf';
  return [{ kind: 'sshd', id: `sshd:${path}`, phase: name, path, content: fill('system/sshd.conf') }];
}
