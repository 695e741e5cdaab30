import { quote } from '../core/quote.ts';
import type { ComposeSpec } from '../core/spec.ts';
import { allHealthy } from './compose-health.ts';
import { type ComposeObserved, reasons } from './compose-observed.ts';
import { held } from './held.ts';

/** What brings the containers up from a compose file, while requests whose service is restarted are kept. */
export function upBy(spec: ComposeSpec, observed: ComposeObserved): (file: string) => string {
  const { project, path, timeout, hold } = spec;
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const touched = reasons(spec, observed);
  const noticed = observed.containers.size > 0 && hold?.of.some((name) => touched.has(name));
  return (file) => {
    const compose = `docker compose -p ${quote(project)} --project-directory ${quote(directory)} -f ${quote(file)} --ansi never up -d --no-build --pull never --wait --wait-timeout ${timeout}`;
    const all = `${compose} || exit $?\n${allHealthy(spec)}`;
    if (!hold || !noticed) return all;
    // The proxy itself comes first: making it anew later would cut those who wait in it.
    const first = touched.has(hold.service) ? `${compose} --no-deps ${quote(hold.service)} || exit $?\n` : '';
    return `${first}${held(hold, all)}`;
  };
}
