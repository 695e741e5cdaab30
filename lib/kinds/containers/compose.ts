import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { ComposeSpec } from '../../core/spec.ts';
import type { Host } from '../../host/port.ts';
import type { Kind } from '../kind.ts';
import { changeOf, lastLines, must } from '../text.ts';
import { explain } from './compose-health.ts';
import {
  type ComposeObserved,
  containerTemplate,
  dataElsewhere,
  directoryOf,
  orphans,
  parseProjects,
  reasons,
  worst,
} from './compose-observed.ts';
import { readsScript } from './compose-reads.ts';
import { upBy } from './compose-up.ts';
import { imageScript } from './image-ids.ts';

const lastGood = (spec: ComposeSpec) => spec.path.replace(/(\.ya?ml)?$/, '.last-good$1');

export const compose: Kind<'compose', ComposeObserved> = {
  kind: 'compose',
  // Compose computes the hash of the wanted definition itself, from standard input: nothing has to be on the disk yet. The
  // images are looked up meanwhile; each row is written in one go, so that the two cannot mix within one.
  snippet: (specs) =>
    specs
      .map(
        (spec) => `{
${imageScript(spec.services.map(({ image }) => image))}
} &
if hashes=$(printf '%s' ${quote(spec.text)} | docker compose -p ${quote(spec.project)} -f - config --hash '*'); then
printf 'project\\t%s\\n' ${quote(spec.project)}
printf '%s\\n' "$hashes" | sed 's/^\\([^ ]*\\) /hash\\t\\1\\t/'
docker ps -aq --filter label=com.docker.compose.project=${quote(spec.project)} --filter label=com.docker.compose.oneoff=False |
  xargs -r docker inspect -f ${quote(`container\t${containerTemplate}`)}
fi
${readsScript(spec)}
wait`,
      )
      .join('\n'),
  parse: parseProjects,
  diff: (spec, observed) => {
    const elsewhere = dataElsewhere(spec, observed);
    if (elsewhere) return changeOf(spec, 'update', 'containers', elsewhere, 'destroys-data');
    const needed = reasons(spec, observed);
    if (needed.size === 0) return undefined;
    const why = [...needed.values()].join(', ');
    const first = observed.containers.size === 0;
    const impact = first ? 'none' : worst(spec, [...needed.keys()]);
    const title = `container${needed.size === 1 ? '' : 's'} ${[...needed.keys()].join(', ')}`;
    return changeOf(spec, first ? 'create' : 'update', title, why, impact);
  },
  apply: async (spec, _change, { host, progress }, observed) => {
    const up = upBy(spec, observed);
    // First of all: what goes may hold a port or an address that another one is to have.
    for (const name of orphans(spec, observed)) {
      await must(host, removal(spec, name), {
        what: `the container ${name}, which is wanted no more, could not be taken away`,
        next: `on the host: docker ps -a; docker logs --tail 30 ${spec.project}-${name}-1`,
        timeout: 180,
      });
    }
    const started = performance.now();
    const bringUp = () =>
      host.run({
        script: up(spec.path),
        timeout: 2 * spec.timeout + 120 + (spec.hold?.patience ?? 0),
        onLine: progress,
      });
    let output = await bringUp();
    if (output.code !== 0 && (await freeStalePorts(host, lastLines(output, 4), progress))) output = await bringUp();
    const took = Math.ceil((performance.now() - started) / 1000);
    if (output.code === 0) {
      await host.run({
        script: `cp -p ${quote(spec.path)} ${quote(`${lastGood(spec)}.next`)} && mv -f ${quote(`${lastGood(spec)}.next`)} ${quote(lastGood(spec))}`,
      });
      return;
    }
    const cause = await explain(host, spec, lastLines(output, 4));
    const back = observed.containers.size > 0 && (await rollBack(host, spec, up(lastGood(spec)), progress));
    throw new RunbookError('changeFailed', {
      // Compose gives up at once when a container ends by itself: the limit would be no cause then, and raising it no help.
      what: `the containers did not become healthy${took < spec.timeout ? `: one ended or failed after ${took} s` : ` within ${spec.timeout} s`}${back ? '; the ones that ran before were started again and serve' : ''}`,
      where: host.label,
      cause,
      next: hint(cause),
    });
  },
};

/** Stops a container in its own time and takes it away. Its volumes and folders stay. */
function removal({ project, path }: ComposeSpec, service: string): string {
  const labels = [
    `project=${project}`,
    `service=${service}`,
    `project.working_dir=${directoryOf(path)}`,
    'oneoff=False',
  ];
  const filters = labels.map((label) => `--filter ${quote(`label=com.docker.compose.${label}`)}`).join(' ');
  return `docker ps -aq ${filters} | while read -r id; do docker stop "$id" && docker rm "$id" || exit 1; done`;
}

/**
 * A host that loses its power while Docker connects a container may come back with a port that Docker keeps for a
 * container which is no more (moby/libnetwork#1790): it can be bound by nobody until Docker is started anew. Running
 * containers go on meanwhile (`live-restore`). True when that was so, and was done.
 */
async function freeStalePorts(host: Host, said: string, progress: (line: string) => void): Promise<boolean> {
  // Docker's own words for a port in its own books; one that another program has is "address already in use".
  const port = /Bind for \S+:(\d+) failed: port is already allocated/.exec(said)?.[1];
  if (port === undefined) return false;
  const { stdout, code } = await host.query({ script: `docker ps -q --filter publish=${port}` });
  if (code !== 0 || stdout.trim() !== '') return false;
  progress(`Docker keeps port ${port} for a container that is no more: restarting Docker`);
  return (await host.run({ script: 'systemctl restart docker' })).code === 0;
}

/** Start what ran before from the last definition that was healthy. True when it serves again. */
async function rollBack(host: Host, spec: ComposeSpec, up: string, progress: (line: string) => void): Promise<boolean> {
  progress('not healthy: going back to the definition that ran before');
  const output = await host.run({
    script: `[ -s ${quote(lastGood(spec))} ] || exit 1
${up}`,
    timeout: 2 * spec.timeout + 120,
  });
  return output.code === 0;
}

/** Known causes and their next step; only wording depends on it. */
function hint(log: string): string {
  if (/password authentication failed/.test(log)) {
    return 'the database has another password than the one that is kept, and could not be asked while it was down: run the deploy again, which sets it (docs/runbooks/deploy.md, "Wrong database password")';
  }
  if (/is for a newer Gitea|current database version .* is not equal/.test(log)) {
    return 'the image and the database are of different Gitea versions: set `images.gitea` back to the version that ran before: another version line needs a migration, which no runbook does yet';
  }
  if (/port is already allocated|address already in use/.test(log)) {
    return 'another program holds the port: `ss -ltnp` on the host names it; npx zx runbooks/doctor.mjs checks all ports';
  }
  if (/No space left on device/.test(log))
    return 'free space on the host (`df -h`, `docker system df`), then run the deploy again';
  return 'read the lines above, correct the config and run the deploy again; npx zx runbooks/doctor.mjs checks the usual causes';
}
