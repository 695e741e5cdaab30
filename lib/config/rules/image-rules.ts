import { type ImageRef, parseGiteaVersion, parseImage, parseVersion, type Version } from '../grammar/index.ts';
import { quoted, type Severity } from '../problem.ts';
import {
  certbotHasProfiles,
  giteaOutdated,
  nginxOutdated,
  postgresOutdated,
  postgresRefused,
  resticKnown,
} from './support.ts';

export interface ImageFinding {
  readonly severity: Severity;
  readonly message: string;
}

type Name = 'gitea' | 'postgres' | 'nginx' | 'certbot' | 'restic';

const needsTag: readonly Name[] = ['gitea', 'postgres'];
const exampleTag: Record<Name, string> = {
  gitea: 'gitea/gitea:1.27.3-rootless',
  postgres: 'postgres:18.6',
  nginx: 'nginx:1.30.4-alpine',
  certbot: 'certbot/certbot:v5.9.0',
  restic: 'restic/restic:0.19.1',
};

/** What is wrong or doubtful with the reference of one of the images. */
export function imageFindings(name: Name, reference: string, profile: string | undefined): ImageFinding[] {
  const is = `is the text ${quoted(reference)}`;
  const like = `for example ${exampleTag[name]}`;
  const image = parseImage(reference);
  if (!image) return [fail(`${is}, allowed is an image reference repository:tag[@sha256:...], ${like}`)];
  if (image.tag === undefined) {
    if (image.digest === undefined && parseVersion(reference))
      return [fail(`${is}, a version alone, allowed is repository:tag, ${like}`)];
    if (image.digest === undefined)
      return [fail(`${is} without a tag, which means latest, allowed is a tag with a version, ${like}`)];
    const message = `${is} with a digest only, which does not tell its version`;
    return needsTag.includes(name)
      ? [fail(`${message}, allowed is repository:tag@sha256:..., ${like}`)]
      : [warn(`${message}, allowed but not checked - write repository:tag@sha256:...`)];
  }
  if (/^latest(-|$)/.test(image.tag))
    return [fail(`${is}, whose tag changes under you, allowed is a tag with a version, ${like}`)];
  const version = name === 'gitea' ? parseGiteaVersion(image.tag) : parseVersion(image.tag);
  if (!version)
    return [
      fail(
        `${is}, whose tag ${quoted(image.tag)} is not a known form of version${noSuchLine(name, image.tag)}, ${like}`,
      ),
    ];
  return [...checks[name](version, is, profile), ...moving(name, version, image, is)];
}

/** Tags such as `1.27-rootless` are moved to each new release. */
function moving(name: Name, version: Version, image: ImageRef, is: string): ImageFinding[] {
  const exact = name === 'postgres' ? version.numbers.length > 1 : version.exact;
  if (exact || image.digest !== undefined) return [];
  return [
    warn(
      `${is}, whose tag moves with every release, allowed but not repeatable - write the version in full, for example ${exampleTag[name]}`,
    ),
  ];
}

const checks: Record<Name, (version: Version, is: string, profile: string | undefined) => ImageFinding[]> = {
  gitea: (version, is) => {
    if (!/(^|-)rootless$/.test(version.suffix)) {
      return [fail(`${is}, the image that runs as root, allowed is a tag that ends in -rootless - add it`)];
    }
    const outdated = giteaOutdated(version.numbers);
    const early = /^(rc|dev|alpha|beta)/.test(version.suffix)
      ? [warn(`${is}, a release for testing, allowed but not safe for real data`)]
      : [];
    return outdated ? [warn(`${is}, which ${outdated}`), ...early] : early;
  },
  postgres: (version, is) => {
    const refused = postgresRefused(version.numbers);
    if (refused) return [fail(`${is}, which ${refused}`)];
    if (/alpine/.test(version.suffix)) {
      return [
        fail(
          `${is}, whose user has another number (70, not 999) and whose text sorts differently, allowed is the Debian variant - drop "-${version.suffix}"`,
        ),
      ];
    }
    if (/^(rc|beta)|^[a-z]*\d*(rc|beta)\d/.test(version.suffix))
      return [warn(`${is}, a release for testing, allowed but not safe for real data`)];
    const outdated = postgresOutdated(version.numbers);
    return outdated ? [warn(`${is}, which ${outdated}`)] : [];
  },
  nginx: (version, is) => {
    if (/(^|-)slim$/.test(version.suffix)) {
      return [
        fail(`${is}, which comes without Nginx's JavaScript, allowed is the whole image - drop the "-slim" at its end`),
      ];
    }
    const outdated = nginxOutdated(version.numbers);
    return outdated ? [warn(`${is}, which ${outdated}`)] : [];
  },
  certbot: (version, is, profile) => {
    if (certbotHasProfiles(version.numbers)) return [];
    if (profile !== undefined && profile !== 'classic') {
      return [
        fail(
          `${is}, which knows no certificate profiles, but tls.profile is ${profile}, allowed is 4.0 or newer - use ${exampleTag.certbot}`,
        ),
      ];
    }
    return [
      warn(
        `${is}, which renews at 30 days left whatever the lifetime is, allowed but not safe - use ${exampleTag.certbot}`,
      ),
    ];
  },
  restic: (version, is) =>
    resticKnown(version.numbers)
      ? []
      : [fail(`${is}, which is too old for these backups, allowed is 0.17 or newer - use ${exampleTag.restic}`)],
};

function noSuchLine(name: Name, tag: string): string {
  return name === 'gitea' && /^v?(1\.(2[89]|[3-9]\d)|([2-9]|1\d|2[0-7])\.)/.test(tag)
    ? ' (there is no such Gitea: 28.0 came after 1.27), allowed is 1.27.x or 28.x and newer'
    : ', allowed is a version';
}

const fail = (message: string): ImageFinding => ({ severity: 'error', message });
const warn = (message: string): ImageFinding => ({ severity: 'warning', message });
