import { quote, quoteAll } from '../../core/quote.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

interface Observed {
  readonly running: boolean;
  /** What the running process says that it has loaded; empty when it did not answer. */
  readonly loaded: string;
}

export const reload: Kind<'reload', Observed> = {
  kind: 'reload',
  snippet: (specs) =>
    specs
      .map(
        ({
          id,
          container,
          url,
        }) => `if [ "$(docker inspect -f '{{.State.Running}}' ${quote(container)} 2>/dev/null)" = true ]; then
  printf '%s\\t%s\\n' ${quote(id)} "$(curl -fsS --max-time 2 ${quote(url)} 2>/dev/null)"
fi`,
      )
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const loaded = new Map(rows(text).map((row) => [row[0]!, row[1] ?? '']));
    return new Map(specs.map((spec) => [spec.id, { running: loaded.has(spec.id), loaded: loaded.get(spec.id) ?? '' }]));
  },
  // A container that does not run takes the files up when it is started: that is the Compose project's change.
  diff: (spec, { running, loaded }) => {
    if (!running || loaded === spec.hash) return undefined;
    const why = loaded === '' ? 'does not say which configuration it has loaded' : 'runs with an older configuration';
    return changeOf(spec, 'refresh', `configuration of ${spec.container}`, why, 'reload');
  },
  apply: async (spec, _change, { host }) => {
    const inside = `docker exec ${quote(spec.container)}`;
    await must(
      host,
      `set -e
${inside} ${quoteAll(spec.test)}
${inside} ${quoteAll(spec.reload)}
# An old worker may still answer for a moment: only several good answers in a row count.
good=0
for try in $(seq 40); do
  if [ "$(curl -fsS --max-time 2 ${quote(spec.url)} 2>/dev/null)" = ${quote(spec.hash)} ]; then good=$((good + 1)); else good=0; fi
  [ "$good" -lt 4 ] || exit 0
  sleep 0.2
done
docker logs --tail 10 ${quote(spec.container)} 2>&1
exit 1`,
      {
        what: `${spec.container} did not take up its new configuration; it goes on with the one it had`,
        next: `on the host: docker exec ${spec.container} ${spec.test.join(' ')}`,
      },
    );
  },
};
