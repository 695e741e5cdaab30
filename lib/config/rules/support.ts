import { compareVersions } from '../grammar/index.ts';

/**
 * What is supported and what is known to be exposed, as of 2026-11-23. Releases that are newer than the table are taken
 * as supported. Numbers of Gitea are those of `parseGiteaVersion`: [27, 3] is 1.27.3, [28, 1] is 28.1.0.
 */

/**
 * Gitea gives security fixes to the newest release line and the one before it (its docs/release-management.md, "End of
 * life"). 28.0.0 came out on 2026-09-30; 1.27.3 of 2026-08-29 fixes CVE-2026-60018 and CVE-2026-78433.
 */
const gitea = { oldest: [27], oldestName: '1.27', fixed: [27, 3], fixedName: '1.27.3' };

/** PostgreSQL: 18.4 of 2026-05-14 fixes eleven vulnerabilities, 18.6 of 2026-08-13 is the newest. */
const postgres = { major: 18, fixed: [18, 4], fixedName: '18.4', newest: '18.6' };

/** Nginx: CVE-2026-42945 is fixed in 1.30.1 and CVE-2026-9256 in 1.30.2 and 1.31.1. */
const nginx = { fixed: [1, 30, 2], fixedName: '1.30.2', mainline: [1, 31, 0] };

/** Certbot 4.0 brought certificate profiles and renewal by a fraction of the lifetime. */
const certbot = { fixed: [4, 0], fixedName: '4.0' };

/** Why a Gitea should be replaced, or undefined. */
export function giteaOutdated(numbers: readonly number[]): string | undefined {
  if (compareVersions(numbers, gitea.oldest) < 0) {
    return `is out of support (security fixes go to 28.x and ${gitea.oldestName}.x only), allowed but not safe - update to ${gitea.fixedName} or 28.1.0`;
  }
  if (numbers.length > 1 && compareVersions(numbers, gitea.fixed) < 0) {
    return `lacks the fixes of CVE-2026-60018 and CVE-2026-78433, allowed but not safe - update to ${gitea.fixedName}`;
  }
  return undefined;
}

/** Why another major release of PostgreSQL cannot be taken, or undefined. */
export function postgresRefused(numbers: readonly number[]): string | undefined {
  if (numbers[0] === postgres.major) return undefined;
  return `is PostgreSQL ${numbers[0]}, allowed is ${postgres.major}: the image never converts the data of another major release, and keeps it in another place - use postgres:${postgres.newest}`;
}

export function postgresOutdated(numbers: readonly number[]): string | undefined {
  if (numbers.length < 2 || compareVersions(numbers, postgres.fixed) >= 0) return undefined;
  return `lacks the security fixes of ${postgres.fixedName}, allowed but not safe - update to ${postgres.newest}`;
}

export function nginxOutdated(numbers: readonly number[]): string | undefined {
  const exposed = compareVersions(numbers, nginx.fixed) < 0 || compareVersions(numbers, nginx.mainline) === 0;
  if (!exposed || numbers.length < 3) return undefined;
  return `is exposed to CVE-2026-42945 or CVE-2026-9256, allowed but not safe - update to ${nginx.fixedName} or newer`;
}

/** Whether this certbot knows certificate profiles. */
export function certbotHasProfiles(numbers: readonly number[]): boolean {
  return compareVersions(numbers, certbot.fixed) >= 0;
}

/** restic 0.17 brought the exit codes by which a repository that is not there is told from one that cannot be opened. */
export function resticKnown(numbers: readonly number[]): boolean {
  return compareVersions(numbers, [0, 17]) >= 0;
}
