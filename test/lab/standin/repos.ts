/** Repositories as rows, and who may do what with them. */
import type { Database, Row } from './db.ts';
import type { User } from './users.ts';

export interface Repo {
  id: number;
  ownerId: number;
  owner: string;
  name: string;
  description: string;
  isPrivate: boolean;
  isEmpty: boolean;
  isArchived: boolean;
  defaultBranch: string;
  size: number;
  created: number;
  updated: number;
}

export const toRepo = (row: Row): Repo => ({
  id: Number(row.id),
  ownerId: Number(row.owner_id),
  owner: String(row.owner_name),
  name: String(row.name),
  description: String(row.description ?? ''),
  isPrivate: row.is_private === true,
  isEmpty: row.is_empty === true,
  isArchived: row.is_archived === true,
  defaultBranch: String(row.default_branch),
  size: Number(row.size),
  created: Number(row.created_unix),
  updated: Number(row.updated_unix),
});

export async function findRepo(db: Database, ownerId: number, name: string): Promise<Repo | undefined> {
  const [row] = await db.query('SELECT * FROM repository WHERE owner_id = $1 AND lower_name = $2', [
    ownerId,
    name.toLowerCase(),
  ]);
  return row && toRepo(row);
}

export type Access = 'none' | 'read' | 'write' | 'owner';

/** What a user (undefined: nobody signed in) may do. The stand-in knows owners and site admins, no collaborators. */
export function accessOf(repo: Repo, user: User | undefined): Access {
  if (user && (user.isAdmin || user.id === repo.ownerId)) return 'owner';
  if (repo.isPrivate || user?.isRestricted) return 'none';
  return 'read';
}

export async function visibleRepos(db: Database, user: User | undefined, query: string): Promise<Repo[]> {
  const rows = await db.query('SELECT * FROM repository WHERE lower_name LIKE $1 ORDER BY lower_name', [
    `%${query.toLowerCase()}%`,
  ]);
  return rows.map(toRepo).filter((repo) => accessOf(repo, user) !== 'none');
}
