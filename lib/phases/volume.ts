import type { Config } from '../config/config.types.ts';
import type { VolumeSpec } from '../core/spec.ts';

/** The data volume, where the config names one. Without `fill` only the device and its place: what there is to look at. */
export function dataVolume(
  { host }: Pick<Config, 'host'>,
  phase: string,
  fill?: (template: string, values: Record<string, unknown>) => string,
): VolumeSpec[] {
  const { dataDevice: device, dataPath: path } = host;
  if (device === undefined) return [];
  const unit = mountUnit(path);
  const [mount, wait] = volumePaths({ host });
  const files = fill && [
    { path: mount, content: fill('system/data-volume.mount', { device, path }) },
    { path: wait, content: fill('system/docker-volume.conf', { unit, path }) },
  ];
  return [{ kind: 'volume', id: `volume:${path}`, phase, device, path, unit, files: files ?? [] }];
}

/**
 * Where the mount unit lies, and what makes Docker wait for it. They stay when the config names no device any more: the
 * data is still on it.
 */
export const volumePaths = ({ host }: Pick<Config, 'host'>): readonly [mount: string, wait: string] => [
  `/etc/systemd/system/${mountUnit(host.dataPath)}`,
  '/etc/systemd/system/docker.service.d/gitea-runbooks.conf',
];

/** systemd's name for the mount at a path, as `systemd-escape --path --suffix=mount` gives it. */
export function mountUnit(path: string): string {
  const hex = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  const name = path.slice(1).replace(/^\.|[^A-Za-z0-9:_./]/g, hex);
  return `${name.replaceAll('/', '-')}.mount`;
}
