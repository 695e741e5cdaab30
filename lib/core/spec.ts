import type { LoginRole } from './database-login.ts';
import type { Mark } from './mark.ts';
import type { Secret } from './secret.ts';

/** What every wanted thing has: an id that is unique in a plan, and the phase that wants it. */
interface Wanted {
  readonly id: string;
  readonly phase: string;
}

/** Distribution packages, installed together by one run of the package manager. */
export interface PackagesSpec extends Wanted {
  readonly kind: 'packages';
  readonly names: readonly string[];
  /** Least version of a package, by its name, in the order of dpkg: an older one counts as missing. */
  readonly minimum?: Readonly<Record<string, string>>;
  /** By the name of a package: others of which any one installed does as well, and then it is not installed. */
  readonly alternatives?: Readonly<Record<string, readonly string[]>>;
}

/** One file, written as a whole. `content` as a Secret keeps it out of every diff. */
export interface FileSpec extends Wanted {
  readonly kind: 'file';
  readonly path: string;
  readonly content: string | Uint8Array | Secret;
  /** Octal as chmod takes it, for example "0644". */
  readonly mode: string;
  /** Numeric owner and group. */
  readonly uid: number;
  readonly gid: number;
  /** What a change of this file costs by itself. */
  readonly impact?: Impact;
  /** POSIX shell run on the host before the file takes its place; `$1` is the candidate. Failing keeps the old file. */
  readonly validate?: string;
  /** What would be lost with another value: such a change is refused, whoever asks for it. */
  readonly protect?: string;
  /** Written once: a file that is there keeps its content. */
  readonly keep?: boolean;
  /** For settings with secrets among them: how a diff is shown all the same. */
  readonly settings?: SettingsFile;
}

/** An ini file of which a diff shows everything but the secrets. */
export interface SettingsFile {
  /** Values that are secret, as "section.KEY". */
  readonly hidden: readonly string[];
  /** The container that runs with it, and where its folder is mounted there: the version in use may lie in another one. */
  readonly inUse: { readonly container: string; readonly target: string };
}

export interface DirectorySpec extends Wanted {
  readonly kind: 'directory';
  readonly path: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** A directory that holds data, marked as ours. One that is neither empty nor marked is refused before anything is touched. */
export interface ClaimSpec extends Wanted {
  readonly kind: 'claim';
  readonly path: string;
  /** Name of the mark in it, and what it says. */
  readonly mark: string;
  readonly text: string;
  /** How the data of a version without marks is known. */
  readonly before: { readonly file: string; readonly firstLine: string };
  /** Key of the config that names the directory. */
  readonly key: string;
}

export interface SymlinkSpec extends Wanted {
  readonly kind: 'symlink';
  readonly path: string;
  readonly target: string;
}

/**
 * A systemd unit that must be enabled and active. It is restarted when a watched file is newer than its start:
 * that is seen on the host, so a crash between "file written" and "unit restarted" loses nothing.
 */
export interface UnitSpec extends Wanted {
  readonly kind: 'unit';
  readonly name: string;
  readonly watches?: readonly string[];
  /** Units of which any one that is active does as well. */
  readonly alternatives?: readonly string[];
  /** How a restart feels to users. */
  readonly impact: Impact;
}

/** The sshd settings, kept only when a second connection proves that the operator still gets in. */
export interface SshdSpec extends Wanted {
  readonly kind: 'sshd';
  readonly path: string;
  readonly content: string;
}

/** The table of the packet filter that is ours, kept only when a second connection proves that the operator still gets in. */
export interface FirewallSpec extends Wanted {
  readonly kind: 'firewall';
  /** What is loaded at each boot. */
  readonly path: string;
  /** The whole table; undefined where there shall be none of ours. */
  readonly rules: string | undefined;
  /** The systemd service that loads it. */
  readonly unit: { readonly name: string; readonly path: string; readonly content: string };
  /** What the rules let through to the host's own SSH server; undefined where they say nothing about it. */
  readonly ssh: { readonly port: number; readonly from: readonly string[] | undefined } | undefined;
}

/** A swap file of this size in MiB, made when the host has no swap at all. */
export interface SwapSpec extends Wanted {
  readonly kind: 'swap';
  readonly path: string;
  readonly sizeMiB: number;
}

/**
 * A block device of its own for the data, mounted where the data goes. A file system is made only on a device that holds
 * nothing at all; ext4 and XFS are taken as they are; anything else is refused.
 */
export interface VolumeSpec extends Wanted {
  readonly kind: 'volume';
  /** The device, by a name that stays. */
  readonly device: string;
  /** Where it is mounted. */
  readonly path: string;
  /** systemd's name of the mount. */
  readonly unit: string;
  /** The mount unit itself, and what makes others wait for it. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
}

/** The Node runtime that the release on the host runs with. */
export interface RuntimeSpec extends Wanted {
  readonly kind: 'runtime';
  readonly path: string;
  readonly packageName: string;
  readonly version: string;
  /** Subresource-integrity string of the npm tarball. */
  readonly integrity: string;
}

/** A container image that must be present before anything that runs is stopped for it. */
export interface ImagesSpec extends Wanted {
  readonly kind: 'images';
  readonly refs: readonly string[];
}

/** A certificate file that lets Nginx start before the first issue; it is replaced by the real one. */
export interface PlaceholderSpec extends Wanted {
  readonly kind: 'placeholder';
  readonly domain: string;
  readonly directory: string;
  readonly uid: number;
}

/** One Compose project. `text` is the whole compose file, `path` where it lies on the host. */
export interface ComposeSpec extends Wanted {
  readonly kind: 'compose';
  readonly project: string;
  readonly path: string;
  readonly text: string;
  /** All containers that count. Others of the project (one-shot ones, or what somebody started) are not looked at. */
  readonly services: readonly ComposeService[];
  /** Seconds that all containers together may take to become healthy. */
  readonly timeout: number;
  /** Folder of the data that the containers must be on. Containers that run on another one are left alone. */
  readonly data: string;
  readonly hold?: HoldSpec;
}

/** How requests and SSH connections are kept waiting while what serves them is restarted. */
export interface HoldSpec {
  /** The proxy keeps requests while this file's time lies in the future. */
  readonly flag: string;
  /** The proxy's service, and its container. */
  readonly service: string;
  readonly proxy: string;
  /** Services whose restart is noticed by them. */
  readonly of: readonly string[];
  /** Where the proxy sends requests to. */
  readonly address: string;
  readonly ports: readonly number[];
  /** Unix socket, inside the proxy, of the way for connections that never end by themselves. */
  readonly endless: string;
  /** Answers 200 once requests can be served. */
  readonly health: string;
  /** Seconds that a restart is put off for what takes long. Nobody is kept waiting meanwhile. */
  readonly patience: number;
}

export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** What recreating this container costs the users. */
  readonly impact: Impact;
  /** Ports of the host that it publishes. */
  readonly ports?: readonly number[];
  /** Folder below that of all data which holds its own. A container that has it elsewhere is left alone. */
  readonly data?: string;
  /** Files that it reads once, when it starts: what it runs with is what they said then. */
  readonly reads?: readonly { readonly path: string; readonly content: Secret }[];
}

/** Nginx must run with the configuration that lies on the disk. */
export interface ReloadSpec extends Wanted {
  readonly kind: 'reload';
  readonly container: string;
  /** URL, reachable from the host only, that answers with the hash of the loaded configuration. */
  readonly url: string;
  readonly hash: string;
  readonly test: readonly string[];
  readonly reload: readonly string[];
}

/** The Let's Encrypt (or other ACME) certificate of the domain. */
export interface CertificateSpec extends Wanted {
  readonly kind: 'certificate';
  readonly domain: string;
  readonly email: string;
  readonly image: string;
  readonly uid: number;
  /** ACME directory URL. */
  readonly server: string;
  readonly profile: string;
  readonly network: string;
  readonly stateDirectory: string;
  readonly webroot: string;
  readonly directory: string;
  /** PEM file on the host with further roots that the ACME client must trust. */
  readonly caBundle?: string;
  /** host:port at which the running proxy shows the certificate that it has loaded. */
  readonly served: string;
  readonly container: string;
  readonly reload: readonly string[];
}

/** A Gitea user that must exist. */
export interface AccountSpec extends Wanted {
  readonly kind: 'account';
  readonly username: string;
  readonly email: string;
  readonly admin: boolean;
  readonly mustChangePassword: boolean;
  /** Sees nothing but its own repositories and what it is invited to. */
  readonly restricted?: boolean;
  /** Names of the containers to ask and to act through. */
  readonly gitea: string;
  readonly database: string;
  /** Root-only file on the host that holds the password until the secret store has it. */
  readonly passwordFile: string;
  /** For an account that exists and that nobody can sign in to, because its first password was lost on the way. */
  readonly newPassword?: Secret;
  /** Needs a second factor, which nobody ever uses: a token is enough, but Gitea lets nobody in who has none. */
  readonly secondFactor?: boolean;
  /** Scopes of an access token to be made with the account; its value goes to `tokenFile`. */
  readonly token?: { readonly name: string; readonly scopes: string; readonly file: string };
}

/** A database, and how it is started where it does not run yet: its container, its Compose project and file. */
export interface DatabasePlace {
  readonly database: string;
  readonly project: string;
  readonly composeFile: string;
}

/**
 * What a cluster of PostgreSQL is beside its logins: who made it, who owns Gitea's database, who may log in from where.
 */
export interface ClusterSpec extends Wanted, DatabasePlace {
  readonly kind: 'cluster';
  /** Folder of the cluster's files on the host. */
  readonly data: string;
  /** The rules of access, on the host and as the container sees them. */
  readonly access: { readonly path: string; readonly inside: string; readonly hash: string };
}

/** A role that Gitea can log in to the database as. It acts as the owner of the database, and owns nothing itself. */
export interface LoginSpec extends Wanted, DatabasePlace {
  readonly kind: 'login';
  readonly role: LoginRole;
  /** Undefined for a role that nobody may log in as. */
  readonly password: Secret | undefined;
  /** Whether a login that was closed may be opened again. A rotation does that; otherwise the secrets are an old copy. */
  readonly reopen?: boolean;
}

/** Files, or folders with nothing but files in them, that nobody reads any more: of a value that has been replaced, for example. */
export interface LeftoversSpec extends Wanted {
  readonly kind: 'leftovers';
  readonly directory: string;
  /** A file belongs to a stem when it is called like it, or like it with a dot and more. */
  readonly stems: readonly string[];
  /** Names in `directory` that stay. */
  readonly keep: readonly string[];
}

/** A folder of ours with a folder for each version of something: the wanted one and the newest other stay. */
export interface GenerationsSpec extends Wanted {
  readonly kind: 'generations';
  readonly directory: string;
  /** A file that each finished version has, below its own folder. */
  readonly mark: string;
  /** The wanted version. */
  readonly keep: string;
}

/**
 * What a deploy leaves on the host is marked there, and what is marked and wanted no more goes. Behind all other specs:
 * it is judged by them.
 */
export interface OwnedSpec extends Wanted {
  readonly kind: 'owned';
  /** The file of marks. */
  readonly path: string;
  /** Folder for files that were edited by hand, and for those of others that a deploy has replaced. */
  readonly kept: string;
  /** Everything that shall carry a mark, each with the id of the spec that brings it about. */
  readonly wanted: readonly { readonly spec: string; readonly mark: Mark }[];
  /** Paths that stay, marked or not: others look after them, or data depends on them. */
  readonly stays: readonly string[];
  /** First line of every file of ours that has comments, without what begins a comment. */
  readonly header: string;
  /** Where such files were put before there were marks. */
  readonly searched: readonly string[];
}

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
  | ClusterSpec
  | LoginSpec
  | LeftoversSpec
  | GenerationsSpec
  | OwnedSpec;

export type SpecKind = Spec['kind'];
export type SpecOf<K extends SpecKind> = Extract<Spec, { kind: K }>;

/** What a change costs the people who use Gitea, mildest first. The last is always refused. */
export const impacts = ['none', 'reload', 'restart', 'downtime', 'destroys-data'] as const;
export type Impact = (typeof impacts)[number];
