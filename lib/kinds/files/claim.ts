import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { ClaimSpec } from '../../core/spec.ts';
import { leftBy } from '../../host/put.ts';
import type { Kind } from '../kind.ts';
import { changeOf, rows } from '../text.ts';

interface Observed {
  /** `before-marks`: the data of a version that did not mark it yet. */
  readonly state: 'marked' | 'before-marks' | 'free' | 'foreign';
  /** Of what is foreign: the name of something in it. */
  readonly holds: string;
}

/** A directory that is ours: it was empty when we took it, and carries a mark since then. Any other is refused untouched. */
export const claim: Kind<'claim', Observed> = {
  kind: 'claim',
  snippet: (specs) => specs.map(ask).join('\n'),
  parse: (text, specs) => {
    const found = new Map(rows(text).map(([id, state, holds]) => [id, { state, holds: holds ?? '' } as Observed]));
    return new Map(
      specs.map((spec) => {
        const observed = found.get(spec.id);
        if (!observed) throw new Error(`the probe said nothing about ${spec.path}`);
        return [spec.id, observed];
      }),
    );
  },
  diff: (spec, { state, holds }) => {
    if (state === 'marked') return undefined;
    if (state === 'before-marks')
      return changeOf(spec, 'create', markOf(spec), 'made by a version that did not mark it');
    if (state === 'free') return changeOf(spec, 'create', markOf(spec), 'does not exist');
    throw new RunbookError('refused', {
      what: `${spec.path} is not empty, and nothing in it says that it is ours: it holds ${holds}`,
      next: `nothing was changed. Choose another ${spec.key}, or move those files away. If they are data of this installation all the same: touch ${quote(markOf(spec))}`,
    });
  },
  apply: (spec, _change, { host }) =>
    host.put({ path: markOf(spec), content: spec.text, mode: '0644', uid: 0, gid: 0 }),
};

const markOf = ({ path, mark }: ClaimSpec) => `${path}/${mark}`;

/** The root of a file system of its own has a lost+found; a run that was cut off while it put the mark has left a part of it. */
const ask = (spec: ClaimSpec) => `(
say() { printf '%s\\t%s\\t%s\\n' ${quote(spec.id)} "$1" "$2"; }
path=${quote(spec.path)}
if [ -e ${quote(markOf(spec))} ]; then say marked
${spec.before ? `elif [ "$(head -n 1 -- ${quote(`${spec.path}/${spec.before.file}`)} 2>/dev/null)" = ${quote(spec.before.firstLine)} ]; then say before-marks\n` : ''}elif [ -d "$path" ]; then
  holds=$(find "$path/" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name ${quote(leftBy(spec.mark))} -print -quit 2>/dev/null | head -n 1 | tr '\\t' ' ')
  if [ -z "$holds" ]; then say free; else say foreign "\${holds##*/}"; fi
elif [ -e "$path" ] || [ -L "$path" ]; then say foreign 'no directory'
else say free
fi
)`;
