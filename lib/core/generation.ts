/** The name of a generation that begins at a moment, `20261129T221503Z`. */
export const idOf = (at: Date) => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** The moment that a name stands for, in milliseconds since 1970. */
export const timeOf = (id: string) =>
  Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** What everything that can be lost is kept as: the database at one moment, and all files as of that moment or later. */
export interface Manifest {
  readonly format: 1;
  /** When it was begun, `20261129T221503Z`: in the order in which they were made, and unique, also where the clock went back. */
  readonly id: string;
  /** A whole one, or what has changed since the last whole one. */
  readonly kind: 'full' | 'partial';
  /** The whole one that it rests on; itself for a whole one. */
  readonly full: string;
  readonly domain: string;
  /** Version of this library. */
  readonly release: string;
  /** Service to image: as the config names it and as Docker knows its content. */
  readonly images: Readonly<Record<string, string>>;
  /** Snapshot of restic that holds it, by the hash of its content: the same in every copy. */
  readonly tree: string;
  readonly database: DatabasePart;
  readonly files: FilesPart;
  /** Names of the secrets that it cannot be used without. */
  readonly secrets: readonly string[];
  /** ISO 8601, the host's clock. */
  readonly began: string;
  readonly ended: string;
  /** Bytes that the local repository grew by. */
  readonly added: number;
  /** What is not as it should be, in sentences; none in a sound one. */
  readonly degraded: readonly string[];
  /**
   * Before it the log of the database has a gap: no moment between these two can be brought back. ISO 8601. `why`: the files
   * that are missing, in a sentence, where it is known.
   */
  readonly gap?: { readonly from: string; readonly to: string; readonly why?: string } | undefined;
}

export interface DatabasePart {
  /** Identifier of the cluster, which a copy of its files keeps. */
  readonly system: string;
  /** Version of PostgreSQL, and the number in Gitea's table `version`. */
  readonly postgres: string;
  readonly gitea: number;
  readonly point: RestorePoint;
  /** Copies of the database, a whole one and what changed after it, oldest first. */
  readonly bases: readonly Base[];
  /** First and last file of the log that comes with it. */
  readonly wal: { readonly first: string; readonly last: string };
}

/** The moment that the database is brought back to. */
export interface RestorePoint {
  readonly name: string;
  readonly lsn: string;
  readonly timeline: number;
  /** ISO 8601, the database's clock. */
  readonly at: string;
}

export interface Base {
  /** Name of its folder. */
  readonly name: string;
  /** Hash of its backup_manifest, which has those of all its files. */
  readonly sha256: string;
  /** Where the log has to begin for it. */
  readonly lsn: string;
  readonly timeline: number;
}

export interface FilesPart {
  readonly repositories: number;
  /** Hashes of refs.txt and rows.json. */
  readonly refs: string;
  readonly rows: string;
  /** Repositories that a partial one holds, `owner/name.git`. */
  readonly changed?: readonly string[];
  /** Repositories that were renamed, deleted or made while the files were read. */
  readonly moved: Moved;
  /** Whether Gitea's queue of undone work is in it. */
  readonly queues: boolean;
}

/** What became of repositories between the restore point and the end of the reading. Paths are `owner/name.git`. */
export interface Moved {
  readonly renamed: readonly { readonly id: number; readonly from: string; readonly to: string }[];
  readonly deleted: readonly { readonly id: number; readonly path: string }[];
  readonly made: readonly { readonly id: number; readonly path: string }[];
}

/** A generation and where it is. */
export interface ListedGeneration {
  readonly id: string;
  readonly kind: 'full' | 'partial';
  readonly full: string;
  /** On the host, and off it. */
  readonly places: readonly ('local' | 'remote')[];
  /** Bytes of the files that it holds (one of changes: of those that have changed), and that the place grew by. */
  readonly size?: { readonly holds: number; readonly added: number };
  /** When it was last found sound in each place where it is; ISO 8601. */
  readonly verified?: string;
  /** As far as the host has its manifest at hand. Times are ISO 8601, `at` that of its restore point; `added` bytes. */
  readonly manifest?: {
    readonly at: string;
    readonly began: string;
    readonly ended: string;
    readonly added: number;
    readonly repositories: number;
    /** Of those the ones that one of changes holds. */
    readonly changed?: number;
    readonly gap?: Manifest['gap'];
    readonly degraded: readonly string[];
  };
}
