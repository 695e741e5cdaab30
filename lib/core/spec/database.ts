import type { LoginRole } from '../database-login.ts';
import type { Secret } from '../secret.ts';
import type { Wanted } from './wanted.ts';

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

/** The role that streams the log of the database to where it is kept, and the slot that keeps it until it has. */
export interface ReplicationSpec extends Wanted, DatabasePlace {
  readonly kind: 'replication';
  readonly role: string;
  readonly slot: string;
  /** Undefined where nothing is streamed: then neither may be there. */
  readonly password: Secret | undefined;
}
