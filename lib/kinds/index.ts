import type { SpecKind } from '../core/spec.ts';
import { firewall, sshd } from './access/index.ts';
import { compose, images, reload } from './containers/index.ts';
import { cluster, login, replication } from './database/index.ts';
import { claim, directory, file, leftovers, symlink } from './files/index.ts';
import { account, sources } from './gitea/index.ts';
import type { Kind } from './kind.ts';
import { generations, owned } from './removal/index.ts';
import { packages, runtime, swap, unit } from './system/index.ts';
import { certificate, placeholder } from './tls/index.ts';
import { volume } from './volume/index.ts';

/** Every kind of thing that a plan can hold. A spec kind without an entry here does not compile. */
// biome-ignore lint/suspicious/noExplicitAny: each kind has its own observation; the engine hands it back unread.
export const kinds: { readonly [K in SpecKind]: Kind<K, any> } = {
  account,
  certificate,
  cluster,
  claim,
  compose,
  directory,
  file,
  firewall,
  generations,
  images,
  leftovers,
  login,
  owned,
  packages,
  placeholder,
  reload,
  replication,
  runtime,
  sources,
  sshd,
  swap,
  symlink,
  unit,
  volume,
};
