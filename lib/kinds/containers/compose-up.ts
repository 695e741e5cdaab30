import { quote, quoteAll } from '../../core/quote.ts';
import type { ComposeSpec } from '../../core/spec.ts';
import { allHealthy } from './compose-health.ts';
import { type ComposeObserved, directoryOf, portsThatMove, reasons, toRestart } from './compose-observed.ts';
import { held } from './held.ts';

/** What brings the containers up from a compose file, while requests whose service is restarted are kept. */
export function upBy(spec: ComposeSpec, observed: ComposeObserved): (file: string) => string {
  const { project, path, timeout, hold } = spec;
  const touched = reasons(spec, observed);
  const stale = toRestart(spec, observed);
  const moving = portsThatMove(spec, observed);
  const noticed = observed.containers.size > 0 && hold?.of.some((name) => touched.has(name));
  return (file) => {
    const base = `docker compose -p ${quote(project)} --project-directory ${quote(directoryOf(path))} -f ${quote(file)} --ansi never`;
    const compose = `${base} up -d --no-build --pull never --wait --wait-timeout ${timeout}`;
    // Compose leaves a container whose definition is unchanged alone, whatever the files say that it has read.
    const restart = stale.length > 0 && file === path ? `${base} restart ${quoteAll(stale)} || exit $?\n` : '';
    const all = `${halfMade(project)}${restart}${compose} || exit $?\n${allHealthy(spec)}`;
    if (!hold || !noticed) return all;
    if (file === path && moving.some(({ from, to }) => to === hold.service && hold.of.includes(from))) {
      // The proxy cannot have the port before it is free. So the one that runs keeps those who wait, and when all have gone on it
      // is made anew.
      const served = `${halfMade(project)}${compose} ${quoteAll(hold.of)} || exit $?\nrm -f -- ${quote(hold.flag)}\nsleep 2`;
      return held(hold, `${served}\n${all}`);
    }
    // The proxy itself comes first: making it anew later would cut those who wait in it.
    const first = touched.has(hold.service)
      ? `${halfMade(project, hold.service)}${compose} --no-deps ${quote(hold.service)} || exit $?
`
      : '';
    // Back to what ran before: who is under way there has nothing to hope for.
    return `${first}${held(file === path ? hold : { ...hold, patience: 0 }, all)}`;
  };
}

/**
 * Compose makes a successor under a name of its own, the number of the container before and that one's name, and renames it
 * when that one is gone. Cut off in between it leaves the successor, and the next time the name is taken.
 */
function halfMade(project: string, service = ''): string {
  const labels = [`label=com.docker.compose.project=${project}`, 'label=com.docker.compose.oneoff=False'];
  const filters = labels.map((label) => `--filter ${quote(label)}`).join(' ');
  const name = `^[^ ]* [0-9a-f]{12}_${project}-${service}`;
  return `docker ps -a ${filters} --format '{{.ID}} {{.Names}}' | grep -E ${quote(name)} | cut -d' ' -f1 |
  while read -r id; do docker stop "$id" >/dev/null && docker rm "$id" >/dev/null || exit 1; done || exit $?
`;
}
