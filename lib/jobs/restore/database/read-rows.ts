import type { Recovered } from './database.ts';

/** In pieces, because what one call prints is limited. */
const atOnce = 50_000;

/** All rows of a query that gives one JSON object each, in an order of its own. Throws `changeFailed`. */
export async function readRows<T>(database: Pick<Recovered, 'ask'>, sql: string): Promise<T[]> {
  const found: T[] = [];
  for (let offset = 0; ; offset += atOnce) {
    const text = await database.ask(`${sql} limit ${atOnce} offset ${offset};`);
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as T);
    found.push(...rows);
    if (rows.length < atOnce) return found;
  }
}
