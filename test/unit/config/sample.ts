import { parseConfig } from '../../../lib/config/load.ts';
import type { Problem } from '../../../lib/config/problem.ts';
import { formatProblem } from '../../../lib/config/problem.ts';

/** A file that has no problem, one value a line so that a test can replace it. */
export const good = `host:
  address: git-host.corp.test
domain: git.corp.test
admin:
  username: gitadmin
  email: ops@corp.test
tls:
  email: ops@corp.test
`;

/** The good file with more text at its end. */
export const goodWith = (more: string): string => `${good}${more}\n`;

export const lines = (problems: readonly Problem[]): string[] => problems.map((problem) => formatProblem(problem));

/** Every problem of a text as it would be shown, for a file called f.yaml. */
export const problemsOf = (text: string | Uint8Array): string[] => lines(parseConfig(text, 'f.yaml').problems);

/** Numbers from 0 up to (without) 1 that are the same in every run (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
