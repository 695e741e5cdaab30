/** A container image reference in its parts, as Docker reads it. */
export interface ImageRef {
  /** Host of the registry with its port, where the reference names one. */
  readonly registry?: string;
  /** Path of the repository, without registry, for example "gitea/gitea". */
  readonly repository: string;
  readonly tag?: string;
  /** "sha256:" and 64 hex digits. */
  readonly digest?: string;
}

/** As much as a registry takes. */
const longestName = 255;

/** The parts of an image reference, or undefined for what is none. */
export function parseImage(reference: string): ImageRef | undefined {
  const match = /^([^@]+?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/.exec(reference);
  if (!match) return undefined;
  const [, name = '', tag, digest] = match;
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? rest : [first, ...rest];
  if (hasRegistry && !/^[A-Za-z0-9]+(-+[A-Za-z0-9]+)*(\.[A-Za-z0-9]+(-+[A-Za-z0-9]+)*)*(:\d{1,5})?$/.test(first))
    return undefined;
  if (name.length > longestName) return undefined;
  // Docker would take it for the number of an image.
  if (/^[a-f0-9]{64}$/.test(name)) return undefined;
  if (!path.every((part) => /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/.test(part))) return undefined;
  return {
    ...(hasRegistry ? { registry: first } : {}),
    repository: path.join('/'),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
