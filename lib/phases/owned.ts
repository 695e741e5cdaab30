import type { Config } from '../config/config.types.ts';
import { sha256 } from '../core/hash.ts';
import { belongsTo } from '../core/leftovers.ts';
import type { Mark, MarkType } from '../core/mark.ts';
import { Secret } from '../core/secret.ts';
import type { FileSpec, OwnedSpec, Spec, SpecKind, SpecOf } from '../core/spec.ts';
import { layout } from './layout.ts';
import { volumePaths } from './volume.ts';

/** The phase that everything else comes before: what went wrong may still need what would go. */
export const removal = 'removal';

/** First line of every file of ours that has comments. */
export const header = 'Managed by gitea-runbooks: changes made here are overwritten by the next deploy.';

/**
 * What the deploy leaves on the host for these specs, so that it goes when they are wanted no more. The containers of a
 * Compose project are known by their labels; its networks have to be named.
 */
export function ownedSpec(
  specs: readonly Spec[],
  config: Pick<Config, 'host'>,
  networks: readonly string[],
): OwnedSpec {
  const elsewhere = specs.filter((spec) => spec.kind === 'leftovers' || spec.kind === 'generations');
  const isElsewhere = (path: string) => elsewhere.some((spec) => looksAfter(spec, path));
  const readersOf = readersIn(specs);
  return {
    kind: 'owned',
    id: 'owned',
    phase: removal,
    path: layout.marks,
    kept: layout.kept,
    wanted: specs.flatMap((spec) =>
      [...marksOf(spec), ...(spec.kind === 'compose' ? networks.flatMap((name) => mark('network', name)) : [])]
        .filter(({ name }) => !isElsewhere(name))
        .map((mark) => ({ spec: spec.id, mark: { ...mark, readers: readersOf(mark.name) } })),
    ),
    stays: [...new Set([...specs.flatMap(pathsIn), ...volumePaths(config)])].sort(),
    header,
    searched: ['/etc', layout.opt],
  };
}

/** The files that a unit of somebody else's reads at its start. Our own go together with what they read. */
function readersIn(specs: readonly Spec[]): (path: string) => readonly string[] {
  const units = specs.flatMap((spec) => (spec.kind === 'unit' ? [spec] : []));
  const files = new Set(specs.flatMap((spec) => (spec.kind === 'file' ? [spec.path] : [])));
  const others = units.filter(({ name }) => !files.has(`/etc/systemd/system/${name}`));
  return (path) => others.filter(({ watches = [] }) => watches.includes(path)).map(({ name }) => name);
}

/** Some things are cleaned up by the spec that knows them, in the moment that is right for them. */
function looksAfter(spec: SpecOf<'leftovers' | 'generations'>, path: string): boolean {
  if (!path.startsWith(`${spec.directory}/`)) return false;
  if (spec.kind === 'generations') return true;
  const [name = ''] = path.slice(spec.directory.length + 1).split('/');
  return spec.stems.some((stem) => belongsTo(name, stem));
}

type Marks = readonly Omit<Mark, 'readers'>[];
const mark = (type: MarkType, name: string, value = ''): Marks => [{ type, name, value }];
const nothing = (): Marks => [];

/** For each kind what it leaves, or why nothing of it is taken away. */
const left: { readonly [K in SpecKind]: (spec: SpecOf<K>) => Marks } = {
  file: fileMark,
  sshd: ({ path, content }) => mark('sshd', path, sha256(content)),
  directory: ({ path }) => mark('directory', path),
  symlink: ({ path, target }) => mark('link', path, target),
  swap: ({ path }) => mark('swap', path),
  images: ({ refs }) => refs.flatMap((ref) => mark('image', ref)),
  // Its networks, see above; its containers are seen to by the spec itself.
  compose: nothing,
  // Its file is one of the above, and the unit goes before its file does. A unit of the distribution stays as it is.
  unit: nothing,
  // Others may have come to need them, and their removal may take more with them than was installed.
  packages: nothing,
  // They know themselves what is old.
  runtime: nothing,
  leftovers: nothing,
  generations: nothing,
  firewall: nothing,
  // Data, and what stands before it.
  claim: nothing,
  volume: nothing,
  placeholder: nothing,
  certificate: nothing,
  account: nothing,
  // Rows with their marks beside them, and the accounts that came by them.
  sources: nothing,
  cluster: nothing,
  login: nothing,
  replication: nothing,
  // Nothing lies anywhere for it.
  reload: nothing,
  owned: nothing,
};

const marksOf = (spec: Spec): Marks => (left[spec.kind] as (spec: Spec) => Marks)(spec);

/** What data depends on stays, and so does what is written once. No hash of a secret is written down. */
function fileMark({ path, content, protect, keep }: FileSpec): Marks {
  if (protect !== undefined || keep) return [];
  return content instanceof Secret ? mark('secret', path) : mark('file', path, sha256(content));
}

/** Every path that a spec says something about. */
function pathsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Secret || value instanceof Uint8Array) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'path' && typeof item === 'string' ? [item] : pathsIn(item),
  );
}
