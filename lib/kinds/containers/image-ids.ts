import { quote, quoteAll } from '../../core/quote.ts';
import { rows } from '../text.ts';

/** What a reference stands for on a host now. */
export interface HostImage {
  /** Docker's own name: the hash of its configuration or, in the containerd image store, that of its manifest or index. */
  readonly id: string;
  /** The registries' names, as repository@sha256:…; none for an image that never came from one. */
  readonly digests: readonly string[];
}

/** The references that are on the host. */
export type HostImages = ReadonlyMap<string, HostImage>;

const template = quote('{{.Id}}\t{{range .RepoDigests}}{{.}} {{end}}');

/**
 * Shell that prints what each reference stands for. Docker is asked about the reference itself: which images a list shows,
 * and under which names, differs between its versions and between its two image stores. One call on a host that has them
 * all; an answer lacks the name that was asked for, so with one missing they are asked one by one.
 */
export function imageScript(refs: readonly string[]): string {
  return `resolve() { docker image inspect --format ${template} "$@" 2>/dev/null; }
set -- ${quoteAll(refs)}
if found=$(resolve "$@"); then
  echo engine
  printf '%s\\n' "$found" | while IFS= read -r line; do printf 'image\\t%s\\t%s\\n' "$1" "$line"; shift; done
elif docker version >/dev/null 2>&1; then
  echo engine
  for ref in "$@"; do found=$(resolve "$ref") && printf 'image\\t%s\\t%s\\n' "$ref" "$found"; done
fi
true`;
}

/** The answer to `imageScript`, which may stand among other rows; undefined while the host has no Docker Engine. */
export function readImages(text: string): HostImages | undefined {
  const found = rows(text);
  if (!found.some(([word]) => word === 'engine')) return undefined;
  return new Map(
    found
      .filter(([word]) => word === 'image')
      .map(([, ref = '', id = '', digests = '']) => [ref, { id, digests: digests.split(' ').filter(Boolean) }]),
  );
}
