/** What has a name and needs others before it. */
interface Needing {
  readonly name: string;
  readonly needs?: readonly string[];
}

/** All of them, each behind those that it needs; otherwise in the order in which they are given. Throws for an unknown name and for a circle. */
export function inOrder<T extends Needing>(all: readonly T[], what: string): T[] {
  const byName = new Map(all.map((one) => [one.name, one]));
  const done = new Set<T>();
  const visit = (one: T, path: readonly string[]): void => {
    if (done.has(one)) return;
    if (path.includes(one.name)) throw new Error(`${what}s need each other: ${[...path, one.name].join(' -> ')}`);
    for (const need of one.needs ?? []) {
      const needed = byName.get(need);
      if (!needed) throw new Error(`${what} ${one.name} needs ${need}, which does not exist`);
      visit(needed, [...path, one.name]);
    }
    done.add(one);
  };
  for (const one of all) visit(one, []);
  return [...done];
}
