/** What a drill gathers while it looks. */
export interface Findings {
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  readonly checked: Readonly<Record<string, number>>;
  problem(text: string): void;
  note(text: string): void;
  count(what: string, number: number): void;
}

export function gather(tell: (text: string) => void): Findings {
  const problems: string[] = [];
  const notes: string[] = [];
  const checked: Record<string, number> = {};
  return {
    problems,
    notes,
    checked,
    problem(text) {
      problems.push(text);
      tell(`PROBLEM: ${text}`);
    },
    note(text) {
      notes.push(text);
      tell(text);
    },
    count(what, number) {
      checked[what] = number;
    },
  };
}
