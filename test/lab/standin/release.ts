/** Which Gitea the stand-in says it is: everything that differs between releases asks this file. */

const DB_VERSIONS: Record<string, number> = {
  '1.20': 260,
  '1.21': 280,
  '1.22': 299,
  '1.23': 312,
  '1.24': 321,
  '1.25': 323,
  '1.26': 331,
  '1.27': 343,
  '28.0': 356,
  '28.1': 356,
};

const GO_VERSIONS: Record<string, string> = { '1.22': 'go1.22.10', '1.25': 'go1.25.6' };

export interface Release {
  version: string;
  numbers: [number, number, number];
  dbVersion: number;
}

/** The release named by a version string such as "1.27.3". Throws where no migration number is known for it. */
export function releaseOf(version: string): Release {
  const match = /^(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (!match) throw new Error(`not a Gitea version: ${version}`);
  const numbers: Release['numbers'] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const dbVersion = DB_VERSIONS[`${numbers[0]}.${numbers[1]}`];
  if (dbVersion === undefined) throw new Error(`no migration number is known for Gitea ${version}`);
  return { version, numbers, dbVersion };
}

/** True when `release` is at least major.minor.patch. */
export function atLeast(release: Release, major: number, minor: number, patch = 0): boolean {
  const [a, b, c] = release.numbers;
  if (a !== major) return a > major;
  if (b !== minor) return b > minor;
  return c >= patch;
}

/** What follows the version in `gitea --version` and in the start-up log. */
export function builtWith(release: Release): string {
  const go = GO_VERSIONS[`${release.numbers[0]}.${release.numbers[1]}`] ?? 'go1.26.1';
  return ` built with GNU Make 4.4.1, ${go} : bindata, timetzdata, sqlite, sqlite_unlock_notify`;
}

/** The release of this process, from the image's environment. */
export function currentRelease(): Release {
  return releaseOf(process.env.GITEA_STANDIN_VERSION ?? '1.27.3');
}
