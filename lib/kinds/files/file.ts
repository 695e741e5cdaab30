import { sha256 } from '../../core/hash.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import { Secret } from '../../core/secret.ts';
import type { FileSpec } from '../../core/spec.ts';
import type { Kind } from '../kind.ts';
import { changeOf, must, rows } from '../text.ts';

interface Observed {
  readonly type: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly hash: string;
}

const contentOf = (spec: FileSpec) => (spec.content instanceof Secret ? spec.content.reveal() : spec.content);
const differs = (spec: FileSpec, { hash }: Observed) => !spec.keep && hash !== sha256(contentOf(spec));
const octal = (mode: string) => Number.parseInt(mode, 8);

export const file: Kind<'file', Observed | undefined> = {
  kind: 'file',
  snippet: (specs) => {
    const paths = quoteAll(specs.map((spec) => spec.path));
    return `stat -c 's\t%n\t%F\t%a\t%u\t%g' -- ${paths} 2>/dev/null
sha256sum -- ${paths} 2>/dev/null | sed 's/^\\([0-9a-f]*\\)  /h\\t\\1\\t/'`;
  },
  parse: (text, specs) => {
    const hashes = new Map<string, string>();
    const stats = new Map<string, string[]>();
    for (const row of rows(text)) {
      if (row[0] === 'h') hashes.set(row[2]!, row[1]!);
      else stats.set(row[1]!, row);
    }
    return new Map(
      specs.map((spec) => {
        const stat = stats.get(spec.path);
        if (!stat) return [spec.id, undefined];
        const [, , type, mode, uid, gid] = stat as [string, string, string, string, string, string];
        return [spec.id, { type, mode, uid: Number(uid), gid: Number(gid), hash: hashes.get(spec.path) ?? '' }];
      }),
    );
  },
  diff: (spec, observed) => {
    const impact = spec.impact ?? 'none';
    if (!observed) return changeOf(spec, 'create', spec.path, 'does not exist', impact);
    const reasons: string[] = [];
    if (!observed.type.startsWith('regular')) reasons.push(`is a ${observed.type}`);
    else if (differs(spec, observed)) {
      if (spec.protect) return changeOf(spec, 'update', spec.path, spec.protect, 'destroys-data');
      const named = spec.content instanceof Secret && !spec.settings;
      reasons.push(named ? `holds another value than ${spec.content}` : 'content differs');
    }
    if (octal(observed.mode) !== octal(spec.mode)) reasons.push(`mode ${observed.mode}, wanted ${spec.mode}`);
    if (observed.uid !== spec.uid || observed.gid !== spec.gid) {
      reasons.push(`owner ${observed.uid}:${observed.gid}, wanted ${spec.uid}:${spec.gid}`);
    }
    return reasons.length === 0 ? undefined : changeOf(spec, 'update', spec.path, reasons.join(', '), impact);
  },
  apply: async (spec, _change, { host }, observed) => {
    const { path, content, mode, uid, gid } = spec;
    if (observed?.type.startsWith('regular') && !differs(spec, observed)) {
      await must(host, `chown ${uid}:${gid} ${quote(path)} && chmod ${quote(mode)} ${quote(path)}`, {
        what: `owner and mode of ${path} could not be set`,
        next: `look at it on the host: ls -ld ${path}`,
      });
      return;
    }
    await host.put({ path, content, mode, uid, gid, ...(spec.validate ? { validate: spec.validate } : {}) });
  },
};
