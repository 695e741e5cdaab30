import { sha256 } from '../../core/hash.ts';
import { quoteAll } from '../../core/quote.ts';
import type { ComposeService, ComposeSpec } from '../../core/spec.ts';
import { rows } from '../text.ts';

/** A file that a container reads when it starts, as it is now. */
interface Read {
  readonly hash: string;
  /** Seconds since 1970 of its last change. */
  readonly changed: number;
}

export type Reads = ReadonlyMap<string, Read>;

/** Shell that tells what the files hold and when they were changed. */
export function readsScript({ services }: ComposeSpec): string {
  const paths = services.flatMap(({ reads = [] }) => reads.map(({ path }) => path));
  if (paths.length === 0) return 'true';
  return `for file in ${quoteAll(paths)}; do
  [ -f "$file" ] && printf 'read\\t%s\\t%s\\t%s\\n' "$(sha256sum < "$file" | cut -d' ' -f1)" "$(stat -c %.9Y -- "$file")" "$file"
done`;
}

export function parseReads(text: string): Reads {
  const found = rows(text).filter(([word]) => word === 'read');
  return new Map(found.map(([, hash = '', changed, path = '']) => [path, { hash, changed: Number(changed) }]));
}

/**
 * The files that a container may have read otherwise than they are wanted: they differ, or were changed after its start.
 * That is seen on the host, whoever changed them and wherever a run was cut off.
 */
export function staleReads(service: ComposeService, startedAt: string, reads: Reads | undefined): string[] {
  if (!service.reads) return [];
  const started = startedAt === '' ? Number.POSITIVE_INFINITY : secondsOf(startedAt);
  return service.reads
    .filter(({ path, content }) => {
      const found = reads?.get(path);
      return found?.hash !== sha256(content.reveal()) || found.changed > started;
    })
    .map(({ path }) => path);
}

/** Of a time as Docker prints it, 2026-11-23T12:00:00.123456789Z: Date knows thousandths only. */
function secondsOf(time: string): number {
  const fraction = /\.\d+/.exec(time)?.[0] ?? '';
  return Math.floor(Date.parse(time.replace(fraction, '')) / 1000) + Number(`0${fraction}`);
}
