import type { SpecKind } from '../core/spec.ts';
import { account } from './account.ts';
import { certificate } from './certificate.ts';
import { claim } from './claim.ts';
import { cluster } from './cluster.ts';
import { compose } from './compose.ts';
import { directory } from './directory.ts';
import { file } from './file.ts';
import { firewall } from './firewall.ts';
import { generations } from './generations.ts';
import { images } from './images.ts';
import type { Kind } from './kind.ts';
import { leftovers } from './leftovers.ts';
import { login } from './login.ts';
import { owned } from './owned.ts';
import { packages } from './packages.ts';
import { placeholder } from './placeholder.ts';
import { reload } from './reload.ts';
import { runtime } from './runtime.ts';
import { sshd } from './sshd.ts';
import { swap } from './swap.ts';
import { symlink } from './symlink.ts';
import { unit } from './unit.ts';
import { volume } from './volume.ts';

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
  runtime,
  sshd,
  swap,
  symlink,
  unit,
  volume,
};
