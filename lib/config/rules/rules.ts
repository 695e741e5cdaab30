import { iniValueProblem } from '../../core/ini.ts';
import {
  addressProblem,
  calendarProblem,
  dataDeviceProblem,
  dataPathProblem,
  dnsServerProblem,
  domainProblem,
  emailProblem,
  endpointProblem,
  httpsProblem,
  localPathProblem,
  mirrorProblem,
  parseDnsServer,
  placeholderProblem,
  subnetProblem,
  urlHost,
  usernameProblem,
} from '../grammar/index.ts';
import type { Parsed } from '../reading/index.ts';
import { awsTogether, awsValues } from './aws-rules.ts';
import { backupFindings, backupTogether } from './backup-rules.ts';
import { crossFindings } from './cross-rules.ts';
import { type Draft, error, type Finding } from './finding.ts';
import { imageFindings } from './image-rules.ts';
import { mailHostProblem, mailSecret } from './mail-rules.ts';
import { networkFindings } from './network-rules.ts';
import { numberFindings } from './number-rules.ts';
import { settingFindings } from './setting-rules.ts';
import { sourceFindings } from './source-rules.ts';

/**
 * What a schema cannot say about a value by itself. At most one error a value; warnings beside it. `written` gives a number
 * as it stands in the file.
 */
export function checkValues(
  draft: Draft,
  refusePlaceholders: boolean,
  written: Parsed['written'] = () => undefined,
): Finding[] {
  return [
    ...fieldErrors(draft, refusePlaceholders),
    ...images(draft),
    ...awsValues(draft, refusePlaceholders),
    ...networkFindings(draft, refusePlaceholders),
    ...settingFindings(draft, written),
    ...numberFindings(draft, written),
    ...mailSecret(draft),
    ...sourceFindings(draft, refusePlaceholders),
    ...backupFindings(draft, refusePlaceholders),
  ];
}

/** Rules between values: at most one error a value here, too. */
export function checkTogether(draft: Draft): Finding[] {
  const seen = new Set<string>();
  return [...awsTogether(draft), ...crossFindings(draft), ...backupTogether(draft)].filter(({ path, severity }) => {
    if (severity !== 'error') return true;
    const first = !seen.has(path);
    seen.add(path);
    return first;
  });
}

type Rule = readonly [path: string, value: string | undefined, ...checks: ((value: string) => string | undefined)[]];

function fieldErrors(draft: Draft, refusePlaceholders: boolean): Finding[] {
  const example = (value: string) => (refusePlaceholders ? placeholderProblem(value) : undefined);
  const inUrl = (value: string) => example(urlHost(value));
  const rules: readonly Rule[] = [
    ['host.address', draft.host?.address, addressProblem, example],
    ['host.dataPath', draft.host?.dataPath, dataPathProblem],
    ['host.dataDevice', draft.host?.dataDevice, dataDeviceProblem],
    ['host.identityFile', draft.host?.identityFile, localPathProblem],
    ['host.knownHosts', draft.host?.knownHosts, localPathProblem],
    ['tls.caBundle', draft.tls?.caBundle, localPathProblem],
    ['secrets.file', draft.secrets?.file, localPathProblem],
    ['aws.inventory', draft.aws?.inventory, localPathProblem],
    ['proxy.maxUploadSize', draft.proxy?.maxUploadSize, sizeProblem],
    ['domain', draft.domain, domainProblem, example],
    ['admin.username', draft.admin?.username, usernameProblem],
    ['admin.email', draft.admin?.email, emailProblem, example],
    ['tls.email', draft.tls?.email, emailProblem, example],
    ['mail.host', draft.mail?.host, mailHostProblem, example],
    ['mail.from', draft.mail?.from, emailProblem, example],
    ['mail.user', draft.mail?.user, mailUserProblem],
    ['tls.directory', draft.tls?.directory, httpsProblem, inUrl],
    ['tls.renewCalendar', draft.tls?.renewCalendar, calendarText],
    ['docker.registryMirror', draft.docker?.registryMirror, mirrorProblem, inUrl],
    ['aws.endpoint', draft.aws?.endpoint, endpointProblem],
    ['backup.calendar', draft.backup?.calendar, calendarText],
    ['backup.drill.calendar', draft.backup?.drill?.calendar, calendarText],
    ['backup.verifyCalendar', draft.backup?.verifyCalendar, calendarText],
    ['network.subnet', draft.network?.subnet, subnetProblem],
    [
      'verify.dnsServer',
      draft.verify?.dnsServer,
      dnsServerProblem,
      (value) => example(parseDnsServer(value)?.address ?? ''),
    ],
  ];
  return rules.flatMap(([path, value, ...checks]): Finding[] => {
    if (value === undefined) return [];
    for (const check of checks) {
      const message = check(value);
      if (message) return [error(path, message)];
    }
    return [];
  });
}

/** It passes through app.ini. */
function mailUserProblem(user: string): string | undefined {
  const problem = iniValueProblem(user);
  return problem && `${problem}, allowed is the name of an account`;
}

/** Nginx counts bytes in 63 bits. */
const mostGiB = 2 ** 33 - 1;

function sizeProblem(size: string): string | undefined {
  const unit = { k: 2 ** 20, m: 2 ** 10, g: 1 }[size.at(-1)?.toLowerCase() as 'k' | 'm' | 'g'] ?? 2 ** 30;
  return Number.parseInt(size, 10) / unit > mostGiB
    ? `is ${size}, more than Nginx can count, allowed are at most ${mostGiB}g`
    : undefined;
}

function calendarText(value: string): string | undefined {
  const problem = calendarProblem(value);
  return problem && `is not a calendar expression: ${problem}`;
}

function images(draft: Draft): Finding[] {
  return (['gitea', 'postgres', 'nginx', 'certbot', 'restic'] as const).flatMap((name) => {
    const reference = draft.images?.[name];
    if (reference === undefined) return [];
    return imageFindings(name, reference, draft.tls?.profile).map((finding) => ({
      path: `images.${name}`,
      ...finding,
    }));
  });
}
