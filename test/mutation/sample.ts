/** Chooses the faults of a sample. Which they are depends on the seed, their place and what they do, never on their number. */
import { createHash } from 'node:crypto';
import { type Checker, type CheckResult, CheckStatus } from '@stryker-mutator/api/check';
import type { Mutant, MutantTestCoverage } from '@stryker-mutator/api/core';

export class Sample implements Checker {
  readonly #size = Number(process.env.MUTATION_SAMPLE);
  readonly #seed = process.env.MUTATION_SEED ?? '1';

  async init(): Promise<void> {}

  /** All in one group, since a choice is made among all. */
  async group(mutants: Mutant[]): Promise<string[][]> {
    return mutants.length > 0 ? [mutants.map(({ id }) => id)] : [];
  }

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    const covered = (mutants as MutantTestCoverage[]).filter(({ coveredBy }) => coveredBy?.length !== 0);
    const others = new Set(
      covered
        .map((mutant) => ({ id: mutant.id, rank: this.#rank(mutant) }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1))
        .slice(this.#size)
        .map(({ id }) => id),
    );
    return Object.fromEntries(
      mutants.map(({ id }) => [
        id,
        others.has(id)
          ? { status: CheckStatus.CompileError, reason: 'not in the sample' }
          : { status: CheckStatus.Passed },
      ]),
    );
  }

  #rank({ fileName, location, mutatorName, replacement }: Mutant): string {
    const what = [this.#seed, fileName.replace(/^.*\/lib\//, ''), location, mutatorName, replacement];
    return createHash('sha256').update(JSON.stringify(what)).digest('hex');
  }
}

/** 95 % interval of Wilson for a share, in percent. */
export function interval(share: number, of: number): readonly [low: number, high: number] {
  const z = 1.96;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return [100 * Math.max(0, middle - half), 100 * Math.min(1, middle + half)];
}
