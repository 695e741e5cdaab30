import type { FirewallSpec, SshdSpec } from './spec/access.ts';
import type { ComposeSpec, ImagesSpec, ReloadSpec } from './spec/containers.ts';
import type { ClusterSpec, LoginSpec, ReplicationSpec } from './spec/database.ts';
import type { ClaimSpec, DirectorySpec, FileSpec, SymlinkSpec } from './spec/files.ts';
import type { AccountSpec, SourcesSpec } from './spec/gitea.ts';
import type { GenerationsSpec, LeftoversSpec, OwnedSpec } from './spec/removal.ts';
import type { PackagesSpec, RuntimeSpec, SwapSpec, UnitSpec } from './spec/system.ts';
import type { CertificateSpec, PlaceholderSpec } from './spec/tls.ts';
import type { VolumeSpec } from './spec/volume.ts';

// What a host can be wanted to have, in the rooms of lib/kinds. This file is their door.
export type * from './spec/access.ts';
export type * from './spec/containers.ts';
export type * from './spec/database.ts';
export type * from './spec/files.ts';
export type * from './spec/gitea.ts';
export type * from './spec/removal.ts';
export type * from './spec/system.ts';
export type * from './spec/tls.ts';
export type * from './spec/volume.ts';
export { type Impact, impacts } from './spec/wanted.ts';

/** One wanted thing. Whoever handles them is told by the compiler of each. */
export type Spec =
  | PackagesSpec
  | FileSpec
  | DirectorySpec
  | ClaimSpec
  | SymlinkSpec
  | UnitSpec
  | SshdSpec
  | FirewallSpec
  | SwapSpec
  | VolumeSpec
  | RuntimeSpec
  | ImagesSpec
  | PlaceholderSpec
  | ComposeSpec
  | ReloadSpec
  | CertificateSpec
  | AccountSpec
  | SourcesSpec
  | ClusterSpec
  | LoginSpec
  | ReplicationSpec
  | LeftoversSpec
  | GenerationsSpec
  | OwnedSpec;

export type SpecKind = Spec['kind'];
export type SpecOf<K extends SpecKind> = Extract<Spec, { kind: K }>;
