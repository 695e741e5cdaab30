import { belongsTo } from '../../core/leftovers.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { LeftoversSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

/** Names of the files that may go. */
type Observed = readonly string[];

const isLeft = (spec: LeftoversSpec, name: string) =>
  spec.stems.some((stem) => belongsTo(name, stem)) && !spec.keep.includes(name);

export const leftovers: Kind<'leftovers', Observed> = {
  kind: 'leftovers',
  snippet: (specs) =>
    specs
      .map(
        ({ id, directory }) =>
          `ls -- ${quote(directory)} 2>/dev/null | while IFS= read -r name; do printf '%s\\t%s\\n' ${quote(id)} "$name"; done`,
      )
      .join('\n')
      .concat('\ntrue'),
  parse: (text, specs) => {
    const found = rows(text);
    return new Map(
      specs.map((spec) => [
        spec.id,
        found.flatMap(([id, name]) => (id === spec.id && name && isLeft(spec, name) ? [name] : [])),
      ]),
    );
  },
  diff: (spec, names) =>
    names.length === 0
      ? undefined
      : changeOf(spec, 'update', `old files in ${spec.directory}`, `nobody reads ${names.join(', ')} any more`),
  apply: async (spec, _change, { host }, names) => {
    // Of a folder the files that lie in it, and it only when it is empty then: what holds more is not what was meant.
    const script = `set -e
for each in ${quoteAll(names.map((name) => `${spec.directory}/${name}`))}; do
  if [ -d "$each" ] && [ ! -L "$each" ]; then
    find "$each" -maxdepth 1 -type f -delete
    rmdir -- "$each"
  else rm -f -- "$each"; fi
done`;
    await must(host, script, {
      what: `old files in ${spec.directory} could not be removed`,
      next: `look at them on the host: ls -la ${spec.directory}`,
    });
  },
};
