/** From where a role may log in, as pg_hba.conf lets it: the socket inside the container, or the network of the database. */
type Reach = 'socket' | 'network' | 'nowhere';

export interface DatabaseRole {
  readonly reach: Reach;
  /** Databases that it may enter; `replication` is what PostgreSQL calls a stream of its log. */
  readonly enters: 'all' | 'gitea' | 'postgres' | 'replication';
  /** Roles of PostgreSQL's own, or of this table, whose rights it has. */
  readonly memberOf: readonly string[];
  /** The attributes that it has; it is made without any other. */
  readonly attributes: readonly ('superuser' | 'replication')[];
  /** The part of the product that it is for. One that does not exist yet has made no role and no way in. */
  readonly for: 'administration' | 'ownership' | 'gitea' | 'backup' | 'standby' | 'monitoring';
  readonly exists: boolean;
}

/**
 * Every role of the database, those of coming parts included: what each may is decided here and nowhere else. None but
 * PostgreSQL's own first role is a superuser, and that one has no password and no way in by the network.
 */
export const databaseRoles = {
  postgres: {
    ...{ reach: 'socket', enters: 'all', memberOf: [], attributes: ['superuser'] },
    ...{ for: 'administration', exists: true },
  },
  gitea: {
    ...{ reach: 'nowhere', enters: 'gitea', memberOf: [], attributes: [] },
    ...{ for: 'ownership', exists: true },
  },
  gitea_a: {
    ...{ reach: 'network', enters: 'gitea', memberOf: ['gitea'], attributes: [] },
    ...{ for: 'gitea', exists: true },
  },
  gitea_b: {
    ...{ reach: 'network', enters: 'gitea', memberOf: ['gitea'], attributes: [] },
    ...{ for: 'gitea', exists: true },
  },
  gitea_backup: {
    ...{ reach: 'network', enters: 'replication', memberOf: [], attributes: ['replication'] },
    ...{ for: 'backup', exists: true },
  },
  gitea_standby: {
    ...{ reach: 'network', enters: 'replication', memberOf: [], attributes: ['replication'] },
    ...{ for: 'standby', exists: false },
  },
  gitea_monitor: {
    ...{ reach: 'network', enters: 'postgres', memberOf: ['pg_monitor'], attributes: [] },
    ...{ for: 'monitoring', exists: false },
  },
} as const satisfies Readonly<Record<string, DatabaseRole>>;

/** The superuser of the cluster, which only the socket inside the container lets in, and only its own system user. */
export const databaseSuperuser = 'postgres' satisfies keyof typeof databaseRoles;

/** The role that owns the database and everything in it. Nobody logs in as it; the logins act as it. */
export const databaseOwner = 'gitea' satisfies keyof typeof databaseRoles;

export const databaseName = 'gitea';
