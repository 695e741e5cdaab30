// What is known of single releases beyond their numbers, as of 2026-11-23, from the change logs of their makers. Pure.
import { compareVersions } from '../../config/grammar/index.ts';
import type { Component, Release } from '../../core/update.ts';
import { versionOf } from './releases.ts';

/** What bites whoever goes past a release, for a component: numbers as `versionOf` gives them. */
interface Jump {
  readonly component: Component;
  /** The first release that has it. */
  readonly at: readonly number[];
  readonly what: string;
}

const jumps: readonly Jump[] = [
  {
    ...{ component: 'gitea', at: [23, 0] },
    what: '1.23 takes no SSH signatures with SHA-1 any more, runs schedules of Actions in UTC, and deletes their logs after 365 days',
  },
  { component: 'gitea', at: [24, 0], what: '1.24 writes its log in another form, and no longer reads /etc/gitconfig' },
  { component: 'gitea', at: [25, 0], what: '1.25 has other labels on the metric gitea_users' },
  {
    ...{ component: 'gitea', at: [26, 0] },
    what: '1.26 finds its own address in the headers of the proxy, and has no GET for registration tokens of runners any more',
  },
  { component: 'gitea', at: [27, 0], what: '1.27 allows only its own scripts in pages: themes with scripts break' },
  {
    ...{ component: 'gitea', at: [28, 0] },
    what: '28.0 has rules for where mirrors, migrations and webhooks may go, deletes runs of Actions after 400 days, and does not start with a wrong [migrations] BLOCKED_HOST_LIST',
  },
];

/** What people should know who go from one release to a later one, in sentences, oldest first. */
export function jumpsBetween(component: Component, from: string, to: string): readonly string[] {
  const [before, after] = [versionOf(component, from), versionOf(component, to)];
  if (!before || !after) return [];
  return jumps
    .filter((jump) => jump.component === component)
    .filter(({ at }) => compareVersions(before.numbers, at) < 0 && compareVersions(at, after.numbers) <= 0)
    .map(({ what }) => what);
}

/** What stands in the way of a release that the policy takes, in a sentence. */
export function byHand(component: Component, { step }: Release): string | undefined {
  if (component !== 'gitea' || step === 'patch') return undefined;
  return 'another release line migrates the database for good, which no runbook does yet: a deploy that names it ends with the version message and goes back';
}

/** Why a release is never taken by itself, whatever the policy says; undefined for the others. */
export function neverTaken(component: Component, { step }: Release): string | undefined {
  if (component !== 'postgres' || step !== 'major') return undefined;
  return 'the image never converts the data of another major release of PostgreSQL';
}

/** Where the makers of a component say what a release has changed. */
export function changesOf(component: Component, tag: string): string {
  const version = /\d+(\.\d+)*/.exec(tag)?.[0] ?? tag;
  switch (component) {
    case 'gitea':
      return `https://github.com/go-gitea/gitea/releases/tag/v${version}`;
    case 'postgres':
      return `https://www.postgresql.org/docs/release/${version}/`;
    case 'nginx':
      return `https://nginx.org/en/CHANGES-${version.split('.').slice(0, 2).join('.')}`;
    case 'certbot':
      return `https://github.com/certbot/certbot/releases/tag/v${version}`;
    case 'restic':
      return `https://github.com/restic/restic/releases/tag/v${version}`;
  }
}
