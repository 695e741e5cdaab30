import { cut } from '../problem.ts';
import { dotted, isMap, type Parsed, type Plain, within } from '../reading/index.ts';
import { type Draft, error, type Finding } from './finding.ts';

/**
 * Whole numbers as people write them. `0022` is 22 to one reader of YAML and 18 to the next, `1e3` a number or a text. What stands
 * below `gitea.settings` is Gitea's, and has a rule of its own.
 */
export function numberFindings(draft: Draft, written: Parsed['written']): Finding[] {
  const found: Finding[] = [];
  const look = (value: Plain | undefined, pointer: string) => {
    if (pointer === '/gitea/settings') return;
    if (isMap(value)) for (const [name, below] of Object.entries(value)) look(below, within(pointer, name));
    const text = typeof value === 'number' ? written(pointer) : undefined;
    // Of a default that an overlay has put back, what is written is nothing.
    if (text === undefined || !/\d/.test(text) || /^-?(0|[1-9]\d*)$/.test(text)) return;
    found.push(
      error(dotted(pointer), `is the number ${cut(text)}, which readers take for different ones, allowed is ${value}`),
    );
  };
  look(draft as unknown as Plain, '');
  return found;
}
