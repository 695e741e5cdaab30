import { quote, quoteAll } from '../../core/quote.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

interface Observed {
  readonly type: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

export const directory: Kind<'directory', Observed | undefined> = {
  kind: 'directory',
  snippet: (specs) =>
    `stat -L -c '%n\t%F\t%a\t%u\t%g' -- ${quoteAll(specs.map((spec) => spec.path))} 2>/dev/null || true`,
  parse: (text, specs) => {
    const byPath = new Map(rows(text).map((row) => [row[0]!, row]));
    return new Map(
      specs.map((spec) => {
        const row = byPath.get(spec.path);
        return [spec.id, row && { type: row[1]!, mode: row[2]!, uid: Number(row[3]), gid: Number(row[4]) }];
      }),
    );
  },
  diff: (spec, observed) => {
    if (!observed) return changeOf(spec, 'create', `${spec.path}/`, 'does not exist');
    const reasons: string[] = [];
    if (observed.type !== 'directory') reasons.push(`is a ${observed.type}`);
    if (Number.parseInt(observed.mode, 8) !== Number.parseInt(spec.mode, 8)) {
      reasons.push(`mode ${observed.mode}, wanted ${spec.mode}`);
    }
    if (observed.uid !== spec.uid || observed.gid !== spec.gid) {
      reasons.push(`owner ${observed.uid}:${observed.gid}, wanted ${spec.uid}:${spec.gid}`);
    }
    return reasons.length === 0 ? undefined : changeOf(spec, 'update', `${spec.path}/`, reasons.join(', '));
  },
  // Only the directory itself: what lies in it belongs to whoever wrote it there.
  apply: async (spec, _change, { host }) => {
    await must(host, `install -d -m ${quote(spec.mode)} -o ${spec.uid} -g ${spec.gid} -- ${quote(spec.path)}`, {
      what: `the directory ${spec.path} could not be made`,
      next: `look at \`ls -ld ${spec.path}\` on the host: something else is in its place, or the disk is full or read-only`,
    });
  },
};
