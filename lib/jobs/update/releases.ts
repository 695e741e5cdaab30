// Tags of a registry as releases of a component. Pure.
import { compareVersions, parseGiteaVersion, parseVersion, type Version } from '../../config/grammar/index.ts';
import type { Component, Release, Step } from '../../core/update.ts';

/** What the tag of an image of a component says of its version; undefined for what is no release of it. */
export function versionOf(component: Component, tag: string): Version | undefined {
  return component === 'gitea' ? parseGiteaVersion(tag) : parseVersion(tag);
}

/** Whether a tag names one release, and no line that goes on. PostgreSQL's have two numbers. */
const isOne = (component: Component, { numbers, exact }: Version) =>
  component === 'postgres' ? numbers.length === 2 : exact;

/** Whether a tag stands for one release for good. */
export function isRelease(component: Component, tag: string): boolean {
  const version = versionOf(component, tag);
  return version !== undefined && isOne(component, version);
}

/**
 * How far it is from one release to a later one. For Gitea the first of `numbers` is the release line, whether it is written 1.27
 * or 28, and a new line is what everybody has to go to; for PostgreSQL it is the major release, below which only mistakes are mended.
 */
export function stepBetween(component: Component, from: readonly number[], to: readonly number[]): Step {
  if (component === 'gitea') return from[0] === to[0] ? 'patch' : 'minor';
  if (from[0] !== to[0]) return 'major';
  return component === 'postgres' || from[1] === to[1] ? 'patch' : 'minor';
}

/** Nginx' lines with an odd number are where it is developed. */
const isStable = (component: Component, { numbers }: Version) => component !== 'nginx' || numbers[1]! % 2 === 0;

/**
 * The releases among `tags` that are newer than the one in use and of the same kind (`-rootless`, `-alpine`, with or without a
 * "v"), oldest first. None where the tag in use follows a line: what it is today nobody knows.
 */
export function newerReleases(component: Component, inUse: string, tags: readonly string[]): readonly Release[] {
  const now = versionOf(component, inUse);
  if (!now || !isOne(component, now)) return [];
  const before = (tag: string) => tag.startsWith('v');
  const found = tags.flatMap((tag) => {
    const version = versionOf(component, tag);
    if (!version || !isOne(component, version) || version.suffix !== now.suffix || before(tag) !== before(inUse))
      return [];
    // Who is on a line of development stays with it.
    if (!isStable(component, version) && isStable(component, now)) return [];
    if (compareVersions(version.numbers, now.numbers) <= 0) return [];
    return [{ version, release: { tag, step: stepBetween(component, now.numbers, version.numbers) } }];
  });
  return found.sort((a, b) => compareVersions(a.version.numbers, b.version.numbers)).map(({ release }) => release);
}
