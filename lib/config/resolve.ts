import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Config } from './config.types.ts';

/** Makes the local paths of a checked configuration absolute: from the folder of its file, `~` is the home directory. */
export function resolvePaths(config: Config, file: string, home: string = homedir()): Config {
  const base = dirname(resolve(file));
  const absolute = (path: string) =>
    /^~(?=\/|$)/.test(path) ? resolve(home, `.${path.slice(1)}`) : resolve(base, path);
  const { identityFile, ...host } = config.host;
  const { caBundle, ...tls } = config.tls;
  return {
    ...config,
    host: {
      ...host,
      ...(identityFile === undefined ? {} : { identityFile: absolute(identityFile) }),
      knownHosts: absolute(host.knownHosts),
      dataPath: host.dataPath.replace(/\/+$/, ''),
    },
    tls: { ...tls, ...(caBundle === undefined ? {} : { caBundle: absolute(caBundle) }) },
    secrets: { ...config.secrets, file: absolute(config.secrets.file) },
  };
}
