/** What a test gets for `import t from 'tap'` in a mutation run: a root of the same class, new for each time its file is run. */
import type { Test } from 'tap';

export const place = Symbol.for('gitea-runbooks.mutation.root');

export default (globalThis as unknown as Record<symbol, Test>)[place];
