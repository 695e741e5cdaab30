import { isIPv6 } from 'node:net';
import type { Config } from '../config/config.types.ts';
import { RunbookError } from '../core/errors.ts';
import type { Spec } from '../core/spec.ts';
import { stableJson } from '../render/words.ts';
import { appIni } from './app-ini.ts';
import { backupKeyFile, remoteFile, remoteText } from './backup.ts';
import { accessRules } from './database.ts';
import { backupPaths, dataPaths, layout } from './layout.ts';
import type { DesiredInput } from './phase.ts';
import { hostConfig, release, releaseFolder } from './release.ts';
import { specsOf } from './specs.ts';
import { system } from './system.ts';

const name = 'spare';
const { file, directory } = specsOf(name);

/** Each phase, and those that it needs. */
export const spareNeeds: ReadonlyMap<string, readonly string[]> = new Map([
  [system.name, []],
  [release.name, [system.name]],
  [name, [release.name]],
]);

/** The settings that a Gitea of a drill is started with where none is in use. */
export const spareSettings = (config: Pick<Config, 'host'>) => `${dataPaths(config).giteaConfig}/drill.ini`;

/**
 * The config with another machine in the place of the host: one that is to bring the backups back for once, and gets nothing of
 * its own login, its firewall or its disks changed. `at`: [USER@]ADDRESS[:PORT], of IPv6 the address in brackets. Throws `refused`.
 */
export function spareOf(config: Config, at: string): Config {
  const [, user = config.host.user, bracketed, plain, port = '22'] =
    /^(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:@\s]+))(?::(\d+))?$/.exec(at) ?? [];
  const address = bracketed ?? plain;
  if (address === undefined || (bracketed !== undefined && !isIPv6(bracketed)) || Number(port) > 65535)
    throw refused(`${at} is no address of a machine`, 'as in root@192.0.2.20 or root@[2001:db8::20]:2222');
  if (!config.backup.enabled || !config.backup.remote)
    throw refused(
      'there is nothing off the host that another machine could bring back',
      'set backup.remote: docs/runbooks/backup.md',
    );
  const { dataDevice: _disk, proxyCommand: _way, ...host } = config.host as Config['host'] & { proxyCommand?: unknown };
  const dataPath = `${host.dataPath}-drill`;
  return {
    ...config,
    host: {
      ...{ ...host, address, user, port: Number(port), dataPath },
      ...{ provider: 'existing', hardenSsh: false, unattendedUpgrades: false, swap: 'off' },
    },
    network: { ...config.network, firewall: false },
    backup: { ...config.backup, local: { ...config.backup.local, path: `${dataPath}/backups` } },
  };
}

const refused = (what: string, next: string) =>
  new RunbookError('refused', { what, next: `nothing was done; ${next}` });

/** What a drill needs of a machine that has no Gitea of its own; pure. `config` is one of `spareOf`. */
export function spareState(input: DesiredInput): Spec[] {
  const { config, secrets, assets } = input;
  const [data, backups] = [dataPaths(config), backupPaths(config)];
  const { gitea, postgres, restic } = config.images;
  return [
    ...system.desired(input),
    ...release.desired(input),
    ...[data.root, data.drill, data.giteaConfig, backups.root, backups.cache].map((path) => directory(path, '0700')),
    // The database of the drill reads it as another user.
    directory(data.postgresConfig),
    { kind: 'images', id: 'images:spare', phase: name, refs: [gitea, postgres, restic] },
    file(`${data.postgresConfig}/pg_hba.conf`, accessRules(input)),
    directory(layout.secrets, '0700'),
    file(backupKeyFile, secrets.backup_key, { mode: '0400' }),
    file(remoteFile, remoteText(input), { mode: '0400' }),
    file(spareSettings(config), appIni(input).content, { mode: '0400' }),
    file(layout.config, stableJson(hostConfig(config))),
    {
      ...{ kind: 'symlink', id: `symlink:${layout.current}`, phase: name },
      ...{ path: layout.current, target: releaseFolder(assets) },
    },
  ];
}

/** What must not stay there: secrets, and what leads to them. The record of the drills stays. */
export function spareLeaves(config: Config): readonly string[] {
  const [data, backups] = [dataPaths(config), backupPaths(config)];
  return [
    ...[layout.secrets, remoteFile, layout.config],
    ...[data.giteaConfig, data.postgresConfig, data.drill, backups.cache],
  ];
}
