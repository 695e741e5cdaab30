import { awsFindings } from './aws-rules.ts';
import { calendarProblem } from './calendar.ts';
import { subnetProblem } from './cidr.ts';
import { crossFindings } from './cross-rules.ts';
import { dataPathProblem } from './data-path.ts';
import { dnsServerProblem, parseDnsServer } from './dns-server.ts';
import type { Draft, Finding } from './finding.ts';
import { addressProblem, domainProblem, emailProblem } from './hostname.ts';
import { imageFindings } from './image-rules.ts';
import { placeholderProblem } from './placeholder.ts';
import { directoryProblem, mirrorProblem, urlHost } from './url.ts';
import { usernameProblem } from './username.ts';

/** Everything about the values that a schema cannot say. At most one error a value; warnings beside it. */
export function checkRules(draft: Draft, refusePlaceholders: boolean): Finding[] {
  const findings = [
    ...fieldErrors(draft, refusePlaceholders),
    ...images(draft),
    ...awsFindings(draft, refusePlaceholders),
  ];
  const wrong = new Set(findings.filter((finding) => finding.severity === 'error').map((finding) => finding.path));
  return [...findings, ...crossFindings(draft).filter((finding) => !wrong.has(finding.path))];
}

type Rule = readonly [path: string, value: string | undefined, ...checks: ((value: string) => string | undefined)[]];

function fieldErrors(draft: Draft, refusePlaceholders: boolean): Finding[] {
  const example = (value: string) => (refusePlaceholders ? placeholderProblem(value) : undefined);
  const inUrl = (value: string) => example(urlHost(value));
  const rules: readonly Rule[] = [
    ['host.address', draft.host?.address, addressProblem, example],
    ['host.dataPath', draft.host?.dataPath, dataPathProblem],
    ['domain', draft.domain, domainProblem, example],
    ['admin.username', draft.admin?.username, usernameProblem],
    ['admin.email', draft.admin?.email, emailProblem, example],
    ['tls.email', draft.tls?.email, emailProblem, example],
    ['tls.directory', draft.tls?.directory, directoryProblem, inUrl],
    ['tls.renewCalendar', draft.tls?.renewCalendar, calendarText],
    ['docker.registryMirror', draft.docker?.registryMirror, mirrorProblem, inUrl],
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
      if (message) return [{ path, severity: 'error', message }];
    }
    return [];
  });
}

function calendarText(value: string): string | undefined {
  const problem = calendarProblem(value);
  return problem && `is not a calendar expression: ${problem}`;
}

function images(draft: Draft): Finding[] {
  return (['gitea', 'postgres', 'nginx', 'certbot'] as const).flatMap((name) => {
    const reference = draft.images?.[name];
    if (reference === undefined) return [];
    return imageFindings(name, reference, draft.tls?.profile).map((finding) => ({
      path: `images.${name}`,
      ...finding,
    }));
  });
}
