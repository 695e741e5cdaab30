import pg from 'pg';
import { type Settings, text } from './values.ts';

pg.types.setTypeParser(20, Number); // bigint: all ids here are small

export type Row = Record<string, unknown>;

/** An error of the database in the words of Gitea's driver (lib/pq over Go's net). */
export class DatabaseError extends Error {
  constructor(cause: unknown, address: string) {
    super(goDatabaseError(cause, address), { cause });
  }
}

export function goDatabaseError(error: unknown, address: string): string {
  const e = error as NodeJS.ErrnoException & { severity?: string; address?: string; port?: number; errors?: unknown[] };
  if (e.errors?.[0]) return goDatabaseError(e.errors[0], address);
  const peer = e.address ? `${e.address}:${e.port}` : address;
  switch (e.code) {
    case 'ECONNREFUSED':
      return `dial tcp ${peer}: connect: connection refused`;
    case 'EHOSTUNREACH':
      return `dial tcp ${peer}: connect: no route to host`;
    case 'ETIMEDOUT':
      return `dial tcp ${peer}: i/o timeout`;
    case 'ENOTFOUND':
      return `dial tcp: lookup ${address.replace(/:\d+$/, '')}: no such host`;
    case 'EAI_AGAIN':
      return `dial tcp: lookup ${address.replace(/:\d+$/, '')}: Temporary failure in name resolution`;
    case 'ECONNRESET':
      return `read tcp ${peer}: read: connection reset by peer`;
  }
  if (/SSL connections/.test(e.message ?? '')) return 'pq: SSL is not enabled on the server';
  if (/Connection terminated|client password must be/.test(e.message ?? ''))
    return /password/.test(e.message) ? `pq: password authentication failed` : 'EOF';
  return e.severity ? `pq: ${e.message}` : String(e.message ?? e);
}

/** The [database] section as an address and pg's options. */
function connection(s: Settings): { address: string; options: pg.PoolConfig } {
  const given = text(s, 'database', 'HOST');
  const socket = given.startsWith('/');
  const match = /^(.*?)(?::(\d+))?$/.exec(given) as RegExpExecArray;
  const host = socket ? given : (match[1] as string) || '127.0.0.1';
  const port = socket ? 5432 : Number(match[2] ?? 5432);
  const mode = text(s, 'database', 'SSL_MODE', 'disable');
  return {
    address: socket ? host : `${host}:${port}`,
    options: {
      host,
      port,
      user: text(s, 'database', 'USER'),
      password: text(s, 'database', 'PASSWD'),
      database: text(s, 'database', 'NAME'),
      ssl: mode === 'disable' ? false : { rejectUnauthorized: mode !== 'require' },
      application_name: 'gitea',
      max: 10,
    },
  };
}

/** What may be asked of the database, and within a transaction of it. */
export interface Queries {
  /** Rows of a statement. Throws DatabaseError. */
  query(sql: string, values?: unknown[]): Promise<Row[]>;
  /** How many rows a statement touched. Throws DatabaseError. */
  run(sql: string, values?: unknown[]): Promise<number>;
}

export class Database implements Queries {
  private readonly pool: pg.Pool;
  private readonly address: string;

  constructor(s: Settings) {
    const { address, options } = connection(s);
    this.address = address;
    this.pool = new pg.Pool(options);
    this.pool.on('error', () => undefined); // an idle connection died: the next query tells
  }

  private async ask(on: Pick<pg.Pool, 'query'>, sql: string, values: unknown[]): Promise<pg.QueryResult<Row>> {
    try {
      return await on.query<Row>(sql, values);
    } catch (error) {
      throw new DatabaseError(error, this.address);
    }
  }

  async query(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.ask(this.pool, sql, values)).rows;
  }

  async run(sql: string, values: unknown[] = []): Promise<number> {
    return (await this.ask(this.pool, sql, values)).rowCount ?? 0;
  }

  /** All that `work` does, or nothing of it where it throws. */
  async transaction<T>(work: (db: Queries) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw new DatabaseError(error, this.address);
    });
    const inside: Queries = {
      query: async (sql, values = []) => (await this.ask(client, sql, values)).rows,
      run: async (sql, values = []) => (await this.ask(client, sql, values)).rowCount ?? 0,
    };
    let broken = true;
    try {
      await inside.run('BEGIN');
      const result = await work(inside);
      await inside.run('COMMIT');
      broken = false;
      return result;
    } finally {
      if (broken) await inside.run('ROLLBACK').catch(() => undefined);
      client.release();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
