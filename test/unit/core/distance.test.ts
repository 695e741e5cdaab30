import t from 'tap';
import { distance } from '../../../lib/core/distance.ts';

t.test('steps between two words', (t) => {
  const cases: [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['port', 'port', 0],
    ['port', 'ports', 1],
    ['port', 'prt', 1],
    ['port', 'fort', 1],
    ['port', 'prot', 1],
    ['opt', 'pot', 1],
    ['abcd', 'badc', 2],
    ['kitten', 'sitting', 3],
    ['ab', 'ba', 1],
    ['abc', 'cba', 2],
    ['aab', 'aba', 1],
    ['flaw', 'lawn', 2],
    // Neighbours that look alike are not swapped for nothing.
    ['aa', 'aa', 0],
    ['abx', 'yab', 2],
  ];
  for (const [a, b, steps] of cases) {
    t.equal(distance(a, b), steps, `${a} to ${b}`);
    t.equal(distance(b, a), steps, `${b} to ${a}`);
  }
  t.end();
});
