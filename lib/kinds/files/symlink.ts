import { quote, quoteAll } from '../../core/quote.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

export const symlink: Kind<'symlink', string | undefined> = {
  kind: 'symlink',
  snippet: (specs) =>
    `for link in ${quoteAll(specs.map((spec) => spec.path))}; do
  [ -L "$link" ] && printf '%s\\t%s\\n' "$link" "$(readlink "$link")"
done; true`,
  parse: (text, specs) => {
    const targets = new Map(rows(text).map((row) => [row[0]!, row[1]!]));
    return new Map(specs.map((spec) => [spec.id, targets.get(spec.path)]));
  },
  diff: (spec, target) => {
    if (target === spec.target) return undefined;
    const why = target === undefined ? 'is not a link' : `points to ${target}, wanted ${spec.target}`;
    return changeOf(spec, target === undefined ? 'create' : 'update', spec.path, why);
  },
  // Made beside its place and renamed over it: there is no moment without a link.
  apply: async (spec, _change, { host }) => {
    const next = quote(`${spec.path}.next`);
    await must(host, `ln -sfnT -- ${quote(spec.target)} ${next} && mv -fT -- ${next} ${quote(spec.path)}`, {
      what: `the link ${spec.path} could not be set`,
      next: `look at \`ls -ld ${spec.path}\` on the host: a directory in its place must be moved away first`,
    });
  },
};
