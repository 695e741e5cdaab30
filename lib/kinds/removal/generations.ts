import { quote, quoteAll } from '../../core/quote.ts';
import type { GenerationsSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

/** What lies in the folder. `when` is the age of the mark; undefined for what was begun and never finished. */
interface Found {
  readonly name: string;
  readonly when: number | undefined;
}

/** What a version that was under way leaves when it is cut off: an archive, or a folder that has not got its name yet. */
const unfinished = /\.(tgz|next)$/;

/** The wanted one and the newest other stay: whoever goes one version back has it still. */
function old(spec: GenerationsSpec, found: readonly Found[]): string[] {
  const others = found
    .filter(({ name, when }) => name !== spec.keep && when !== undefined && !unfinished.test(name))
    .sort((a, b) => b.when! - a.when!);
  const torn = found.filter(({ name }) => name !== spec.keep && unfinished.test(name));
  return [...others.slice(1), ...torn].map(({ name }) => name).sort();
}

/** Versions in a folder of ours. A mark of its own tells each apart from what somebody else has put there. */
export const generations: Kind<'generations', readonly Found[]> = {
  kind: 'generations',
  snippet: (specs) =>
    specs
      .map(
        ({ id, directory, mark }) => `ls -A -- ${quote(directory)} 2>/dev/null | while IFS= read -r name; do
  printf '%s\\t%s\\t%s\\n' ${quote(id)} "$name" "$(stat -c %Y -- ${quote(directory)}/"$name"/${quote(mark)} 2>/dev/null)"
done`,
      )
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const found = rows(text);
    return new Map(
      specs.map((spec) => [
        spec.id,
        found
          .filter(([id]) => id === spec.id)
          .map(([, name = '', when]): Found => ({ name, when: when ? Number(when) : undefined })),
      ]),
    );
  },
  diff: (spec, found) => {
    const names = old(spec, found);
    return names.length === 0
      ? undefined
      : changeOf(spec, 'remove', `old versions in ${spec.directory}`, `nobody runs ${names.join(', ')} any more`);
  },
  // Renamed first: what is cut off in the middle is still known for something that goes.
  apply: async (spec, _change, { host }, found) => {
    const script = `set -e
for each in ${quoteAll(old(spec, found).map((name) => `${spec.directory}/${name}`))}; do
  case "$each" in *.tgz | *.next) ;; *) [ ! -d "$each" ] || { rm -rf -- "$each.next"; mv -T -- "$each" "$each.next"; }; each=$each.next ;; esac
  rm -rf -- "$each"
done`;
    await must(host, script, {
      what: `old versions in ${spec.directory} could not be removed`,
      next: `look at them on the host: ls -la ${spec.directory}`,
      timeout: 120,
    });
  },
};
