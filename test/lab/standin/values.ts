/** What the settings hold, and how Gitea reads single values of them. */
import { isAbsolute, join } from 'node:path';
import { getKey, type Ini } from './ini.ts';
import { atLeast, currentRelease } from './release.ts';

export interface Settings {
  file: string;
  ini: Ini;
  appName: string;
  workPath: string;
  dataPath: string;
  runUser: string;
  installLock: boolean;
  /** Always ends with a slash. */
  appUrl: string;
  appSubUrl: string;
  domain: string;
  httpAddr: string;
  httpPort: number;
  internalToken: string;
  csrfSecret: Buffer;
  lfsSecret: Buffer;
}

/** Go's truth words as ini.v1 reads them; anything else is the default. */
export function boolOf(value: string | undefined, fallback: boolean): boolean {
  const word = value?.toLowerCase() ?? '';
  if (['1', 't', 'true', 'yes', 'y', 'on'].includes(word)) return true;
  return ['0', 'f', 'false', 'no', 'n', 'off'].includes(word) ? false : fallback;
}

export const text = (s: Settings, section: string, key: string, fallback = ''): string =>
  getKey(s.ini, section, key) || fallback;
export const bool = (s: Settings, section: string, key: string, fallback = false): boolean =>
  boolOf(getKey(s.ini, section, key), fallback);
export function int(s: Settings, section: string, key: string, fallback: number): number {
  const value = getKey(s.ini, section, key) ?? '';
  return /^[+-]?\d+$/.test(value) ? Number(value) : fallback;
}
export const list = (s: Settings, section: string, key: string): string[] =>
  text(s, section, key)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A Go duration ("60s", "1m30s", "500ms") in milliseconds; undefined where it is none. */
export function milliseconds(value: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/.test(value)) return undefined;
  const unit: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  let sum = 0;
  for (const [, n, u] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) sum += Number(n) * (unit[u as string] as number);
  return sum;
}

/** A duration of app.ini in milliseconds, the default where it cannot be read. */
export const duration = (s: Settings, section: string, key: string, fallback: number): number =>
  milliseconds(text(s, section, key)) ?? fallback;

/** A path of app.ini made absolute below the work path. */
export function pathOf(s: Settings, section: string, key: string, fallback: string): string {
  const value = text(s, section, key, fallback);
  return isAbsolute(value) ? value : join(s.workPath, value);
}

export const lfsEnabled = (s: Settings): boolean => bool(s, 'server', 'LFS_START_SERVER');
export const repoRoot = (s: Settings): string =>
  pathOf(s, 'repository', 'ROOT', join(s.dataPath, 'gitea-repositories'));
/** Below the root all names are lower case. */
export const repoPath = (s: Settings, owner: string, name: string): string =>
  join(repoRoot(s), owner.toLowerCase(), `${name.toLowerCase()}.git`);
export const lfsPath = (s: Settings): string =>
  pathOf(s, 'lfs', 'PATH', text(s, 'server', 'LFS_CONTENT_PATH', join(s.dataPath, 'lfs')));

/** From 1.24 the word "expensive" is known too; it does not close the API or git. */
export const requireSignIn = (s: Settings): boolean => bool(s, 'service', 'REQUIRE_SIGNIN_VIEW');

/** Where no proxy is named Gitea trusts the loopback addresses only. */
export function trustedProxies(s: Settings): string[] {
  const given = list(s, 'security', 'REVERSE_PROXY_TRUSTED_PROXIES');
  return given.length > 0 ? given : ['127.0.0.0/8', '::1/128'];
}

/** 1.26 made "auto" the default: links follow the Host header even where no proxy header says the scheme. */
export const urlDetection = (s: Settings): string =>
  text(s, 'server', 'PUBLIC_URL_DETECTION', atLeast(currentRelease(), 1, 26) ? 'auto' : 'legacy');
