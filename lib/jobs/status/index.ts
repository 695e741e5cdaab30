import { X509Certificate } from 'node:crypto';
import type { Config } from '../../config/config.types.ts';
import { type ExitName, RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { HostFacts } from '../../core/facts.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { StatusReport } from '../../core/status.ts';
import { readFacts } from '../../engine/facts.ts';
import { lastRunsScript, parseRuns } from '../../engine/record.ts';
import type { Host } from '../../host/port.ts';
import { readOnly } from '../../host/wrappers.ts';
import { isPlaceholder } from '../../kinds/tls/index.ts';
import type { Contributions } from '../../phases/contributions.ts';
import { contributions } from '../../phases/index.ts';
import { project } from '../../phases/layout.ts';
import { certificateSpec } from '../../phases/tls.ts';
import { storeOf } from '../../secrets/index.ts';
import { unfinished } from '../../secrets/rotation.ts';
import { lookWithStore } from '../converge/look-with-store.ts';
import { answerTo, ask } from '../converge/questions.ts';

const script = (config: Config, { status: lines }: Contributions) => {
  const { directory } = certificateSpec(config);
  return `docker ps -aq --filter label=com.docker.compose.project=${project} --filter label=com.docker.compose.oneoff=False 2>/dev/null | xargs -r docker inspect -f 'service\t{{index .Config.Labels "com.docker.compose.service"}}\t{{.Config.Image}}\t{{.State.Status}}\t{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}\t{{.State.StartedAt}}\t{{.RestartCount}}'
df -Pm / /var/lib/docker ${quoteAll([config.host.dataPath, config.backup.local.path])} 2>/dev/null | awk 'NR>1 && !seen[$6]++ {print "disk\t" $6 "\t" $2 "\t" $4}'
${ask('line', lines)}
echo @runs
${lastRunsScript(5)}
echo @certificate
cat ${quote(`${directory}/current/fullchain.pem`)} 2>/dev/null
true`;
};

/**
 * The state of the instance, read in one look: services, certificate, disks, renewal, drift, last runs. Changes nothing.
 * Throws what `connect` and `plan` throw; an instance that is not well is a report with `healthy: false`, not an error.
 */
export async function status(config: Config, host: Host, options: { onEvent?: OnEvent } = {}): Promise<StatusReport> {
  const quiet = readOnly(host);
  const brought = contributions(config);
  const facts = await readFacts(quiet);
  const [pending, rotation, { stdout }] = await Promise.all([
    pendingOn(quiet, config, facts, options.onEvent ?? (() => {})),
    // Whoever cannot read the secrets is told so by the line above.
    unfinished(storeOf(config)).then(Object.keys, (error) => asLine('credentialsRefused')(error).slice(1)),
    quiet.query({ script: script(config, brought).replaceAll('\\t', '\t') }),
  ]);
  return { host: host.label, system: facts.prettyName, rotation, ...report(stdout, facts.clock, pending, brought) };
}

/**
 * What a deploy would do. Somebody on call may have neither the secrets file nor a way to AWS: then the rest of the
 * report counts all the more, and this part of it says why nobody knows.
 */
async function pendingOn(host: Host, config: Config, facts: HostFacts, onEvent: OnEvent): Promise<readonly string[]> {
  return lookWithStore(host, config, storeOf(config), { onEvent, facts }).then(
    ({ plan }) => plan.steps.map(({ change }) => change.title),
    asLine('refused', 'credentialsRefused', 'configInvalid'),
  );
}

/** A failure of one of these kinds as a line of the report; any other goes on. */
function asLine(...kinds: readonly ExitName[]): (error: unknown) => string[] {
  return (error) => {
    if (error instanceof RunbookError && kinds.includes(error.kind)) return [error.parts.what];
    throw error;
  };
}

/** The text of the script as a report; pure. `clock` is the host's, in seconds since 1970. */
export function report(
  text: string,
  clock: number,
  pendingTitles: readonly string[],
  brought: Pick<Contributions, 'services' | 'status'>,
): Omit<StatusReport, 'host' | 'system' | 'rotation'> {
  const [facts = '', rest = ''] = text.split('@runs\n');
  const [runs = '', pem = ''] = rest.split('@certificate\n');
  const rowsOf = (word: string) =>
    facts
      .split('\n')
      .map((line) => line.split('\t'))
      .filter((row) => row[0] === word) as [string, string, string, string, string, string, string][];
  const found = rowsOf('service').map(([, name, image, state, health, since, restarts]) => ({
    name,
    image,
    state,
    health,
    since,
    restarts: Number(restarts),
  }));
  // Only what is wanted: a container that somebody ran in the project for once says nothing about the instance.
  const services = brought.services
    .map(({ name, image }) => found.find((one) => one.name === name) ?? missing(name, image))
    .sort((a, b) => a.name.localeCompare(b.name));
  const disks = rowsOf('disk').map(([, mount, size, free]) => ({
    mount,
    sizeMiB: Number(size),
    freeMiB: Number(free),
    freePercent: Math.round((100 * Number(free)) / Number(size)),
  }));
  const lines = brought.status.map(({ id, title, read }) => ({ title, ...read(answerTo(id, 'line', facts)) }));
  const certificate = certificateStatus(pem, clock);
  const well =
    lines.every(({ good }) => good) &&
    services.every(({ state, health }) => state === 'running' && health !== 'unhealthy');
  return {
    services: found.length === 0 ? [] : services,
    certificate,
    disks,
    lines,
    pending: pendingTitles.length,
    pendingTitles,
    lastRuns: parseRuns(runs),
    healthy:
      well &&
      certificate !== undefined &&
      !certificate.placeholder &&
      certificate.daysLeft > 0 &&
      pendingTitles.length === 0,
  };
}

const missing = (name: string, image: string) => ({
  name,
  image,
  state: 'missing',
  health: 'none',
  since: '',
  restarts: 0,
});

function certificateStatus(pem: string, clock: number): StatusReport['certificate'] {
  if (!pem.includes('BEGIN CERTIFICATE')) return undefined;
  const found = new X509Certificate(pem);
  return {
    issuer: (found.issuer ?? '').replaceAll('\n', ', '),
    validTo: new Date(found.validTo).toISOString(),
    daysLeft: Math.floor((Date.parse(found.validTo) / 1000 - clock) / 86_400),
    placeholder: isPlaceholder(found),
  };
}
