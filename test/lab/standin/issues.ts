/** Issues as rows: numbered in each repository by a table of their own. */
import type { Database, Row } from './db.ts';
import type { Repo } from './repos.ts';

export interface Issue {
  id: number;
  index: number;
  posterId: number;
  title: string;
  content: string;
  isClosed: boolean;
  created: number;
  updated: number;
  closed: number;
}

const toIssue = (row: Row): Issue => ({
  id: Number(row.id),
  index: Number(row.index),
  posterId: Number(row.poster_id),
  title: String(row.name),
  content: String(row.content ?? ''),
  isClosed: row.is_closed === true,
  created: Number(row.created_unix),
  updated: Number(row.updated_unix),
  closed: Number(row.closed_unix ?? 0),
});

const now = (): number => Math.floor(Date.now() / 1000);

export function addIssue(db: Database, repo: Repo, poster: number, title: string, content: string): Promise<Issue> {
  return db.transaction(async (db) => {
    const [next] = await db.query(
      `INSERT INTO issue_index (group_id, max_index) VALUES ($1, 1)
       ON CONFLICT (group_id) DO UPDATE SET max_index = issue_index.max_index + 1 RETURNING max_index`,
      [repo.id],
    );
    const [row] = await db.query(
      `INSERT INTO issue (repo_id, index, poster_id, original_author, original_author_id, name, content, milestone_id,
         priority, is_closed, is_pull, num_comments, ref, deadline_unix, created_unix, updated_unix, closed_unix)
       VALUES ($1,$2,$3,'',0,$4,$5,0,0,false,false,0,'',0,$6,$6,0) RETURNING *`,
      [repo.id, next?.max_index, poster, title, content, now()],
    );
    return toIssue(row as Row);
  });
}

export async function issueByIndex(db: Database, repo: Repo, index: number): Promise<Issue | undefined> {
  const [row] = await db.query('SELECT * FROM issue WHERE repo_id = $1 AND index = $2', [repo.id, index]);
  return row && toIssue(row);
}

/** Newest first. */
export async function issuesOf(db: Database, repo: Repo, closed: boolean | undefined): Promise<Issue[]> {
  const which = 'SELECT * FROM issue WHERE repo_id = $1 AND ($2::bool IS NULL OR is_closed = $2)';
  return (await db.query(`${which} ORDER BY created_unix DESC, id DESC`, [repo.id, closed ?? null])).map(toIssue);
}

export interface Change {
  title?: string;
  content?: string;
  closed?: boolean;
}

export async function changeIssue(db: Database, issue: Issue, change: Change): Promise<Issue> {
  const closed = change.closed ?? issue.isClosed;
  const [row] = await db.query(
    `UPDATE issue SET name = $2, content = $3, is_closed = $4, closed_unix = $5, updated_unix = $6 WHERE id = $1
     RETURNING *`,
    [
      issue.id,
      change.title ?? issue.title,
      change.content ?? issue.content,
      closed,
      closed ? issue.closed || now() : 0,
      now(),
    ],
  );
  return toIssue(row as Row);
}
