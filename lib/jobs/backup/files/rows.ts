import type { Named } from './paths.ts';

/** A row of Gitea's table `repository`. */
export interface RepositoryRow extends Named {
  readonly id: number;
  /** `is_empty`: no push has been dealt with so far. */
  readonly empty: boolean;
}

/** A row of its table `branch` that is not a deleted one. */
export interface BranchRow {
  /** The id of its repository. */
  readonly repository: number;
  readonly name: string;
  readonly commit: string;
}

/** rows.json: what the database said at the restore point. */
export interface Rows {
  readonly repositories: readonly RepositoryRow[];
  readonly branches: readonly BranchRow[];
}
