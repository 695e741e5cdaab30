import type { Config } from '../../../config/config.types.ts';
import type { Manifest } from '../../../core/generation.ts';

export type Known = Pick<Manifest, 'id' | 'kind' | 'full'>;

/** Begin of the hour, day, week, month or year of a generation, as a word that is the same for all in it. */
const periods: Readonly<Record<keyof Config['backup']['retention'], (id: string) => string>> = {
  hours: (id) => id.slice(0, 11),
  days: (id) => id.slice(0, 8),
  weeks: (id) => String(Math.floor((dayOf(id) + 3) / 7)),
  months: (id) => id.slice(0, 6),
  years: (id) => id.slice(0, 4),
};

/** Days since 1970, which began on a Thursday. */
const dayOf = (id: string) =>
  Date.UTC(Number(id.slice(0, 4)), Number(id.slice(4, 6)) - 1, Number(id.slice(6, 8))) / 86_400_000;

/** All partial ones of so many newest whole ones stay, whatever the hours say: what happened today is what is asked for most. */
const young = 1;

/**
 * The generations that stay, each with the rules that keep it; pure. Of each of the last so many hours (partial ones) and days,
 * weeks, months and years (whole ones) that have any, the last. Always the newest two whole ones, everything since the newest,
 * and what those that stay rest on.
 */
export function retained(
  known: readonly Known[],
  retention: Config['backup']['retention'],
): ReadonlyMap<string, readonly string[]> {
  const newestFirst = [...known].sort((a, b) => b.id.localeCompare(a.id));
  const fulls = newestFirst.filter(({ kind }) => kind === 'full');
  const partials = newestFirst.filter(({ kind }) => kind === 'partial');
  const since = new Set(fulls.slice(0, young).map(({ id }) => id));
  const rules: readonly (readonly [why: string, kept: readonly Known[]])[] = [
    ['one of the newest two', fulls.slice(0, 2)],
    ['since the newest whole one', partials.filter(({ full }) => since.has(full))],
    ['the last of its hour', lastOf(partials, periods.hours, retention.hours)],
    ['the last of its day', lastOf(fulls, periods.days, retention.days)],
    ['the last of its week', lastOf(fulls, periods.weeks, retention.weeks)],
    ['the last of its month', lastOf(fulls, periods.months, retention.months)],
    ['the last of its year', lastOf(fulls, periods.years, retention.years)],
  ];
  const kept = new Map<string, readonly string[]>();
  const keep = (id: string, why: string) => {
    const before = kept.get(id) ?? [];
    if (!before.includes(why)) kept.set(id, [...before, why]);
  };
  for (const [why, ones] of rules) {
    for (const { id, full } of ones) {
      keep(id, why);
      if (full !== id) keep(full, 'one that stays rests on it');
    }
  }
  return kept;
}

function lastOf(newestFirst: readonly Known[], period: (id: string) => string, count: number): readonly Known[] {
  const seen = new Set<string>();
  return newestFirst.filter(({ id }) => {
    const word = period(id);
    if (seen.has(word) || seen.size >= count) return false;
    seen.add(word);
    return true;
  });
}
