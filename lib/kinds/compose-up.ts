import { quote, quoteAll } from '../core/quote.ts';
import type { ComposeSpec } from '../core/spec.ts';
import { allHealthy } from './compose-health.ts';
import { type ComposeObserved, directoryOf, reasons, toRestart } from './compose-observed.ts';
import { held } from './held.ts';

/** What brings the containers up from a compose file, while requests whose service is restarted are kept. */
export function upBy(spec: ComposeSpec, observed: ComposeObserved): (file: string) => string {
  const { project, path, timeout, hold } = spec;
  const touched = reasons(spec, observed);
  const stale = toRestart(spec, observed);
  const noticed = observed.containers.size > 0 && hold?.of.some((name) => touched.has(name));
  return (file) => {
    const base = `docker compose -p ${quote(project)} --project-directory ${quote(directoryOf(path))} -f ${quote(file)} --ansi never`;
    const compose = `${base} up -d --no-build --pull never --wait --wait-timeout ${timeout}`;
    // Compose leaves a container whose definition is unchanged alone, whatever the files say that it has read.
    const restart = stale.length > 0 && file === path ? `${base} restart ${quoteAll(stale)} || exit $?\n` : '';
    const all = `${restart}${compose} || exit $?\n${allHealthy(spec)}`;
    if (!hold || !noticed) return all;
    // The proxy itself comes first: making it anew later would cut those who wait in it.
    const first = touched.has(hold.service) ? `${compose} --no-deps ${quote(hold.service)} || exit $?\n` : '';
    return `${first}${held(hold, all)}`;
  };
}
