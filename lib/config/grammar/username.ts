import { quoted } from '../problem.ts';

/**
 * Names that Gitea keeps for itself (models/user/user.go), of all releases from 1.22 on: a name that was free before
 * an update must not be one that a rollback refuses.
 */
const reserved = new Set(
  `. .. .well-known - admin api assets attachments avatar avatars captcha commits debug devtest error explore favicon.ico
  ghost gitea-actions issues login manifest.json metrics milestones new notifications org pulls raw repo repo-avatars
  robots.txt search serviceworker.js sitemap.xml ssh_info swagger.v1.json user v2`.split(/\s+/),
);
const reservedEnds = ['.keys', '.gpg', '.rss', '.atom', '.png'];

/** What is wrong with the name of an account, or undefined. */
export function usernameProblem(username: string): string | undefined {
  const is = `is the text ${quoted(username)}`;
  const lower = username.toLowerCase();
  if (reserved.has(lower))
    return `${is}, which Gitea keeps for itself, allowed is any other name - did you mean "git${lower.replaceAll(/[^a-z0-9]/g, '')}"?`;
  const end = reservedEnds.find((suffix) => lower.endsWith(suffix));
  return end && `${is}, and Gitea keeps names that end in ${end} for itself, allowed is any other end`;
}
