import t from 'tap';
import { parseConfig } from '../../../lib/config/load.ts';
import { goodWith, randomFrom } from './sample.ts';

const base = goodWith(`host2: {a: [1, "b", 'c']}
images: {gitea: gitea/gitea:1.27.3-rootless, postgres: postgres:18.6}
network: {subnet: 172.31.250.0/24}
verify: {dnsServer: 9.9.9.9:53}
`);
const fragments = [
  '\t',
  '\0',
  ': ',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '&a ',
  '*a',
  '!!x ',
  '---\n',
  '%',
  '|\n',
  '> ',
  '#',
  '\r',
  '\n',
  '~',
  '\ufeff',
  '🙂',
  '? ',
  '@',
  '`',
  '0x',
  '1e999',
  '.nan',
  'null',
  '<<: ',
];

/** What every result must be like, whatever the text was. */
function sound(t: Tap, input: string | Uint8Array): void {
  const { config, problems } = parseConfig(input, 'f.yaml');
  t.equal(
    config === undefined,
    problems.some((problem) => problem.severity === 'error'),
    'a config exactly when nothing is wrong',
  );
  const shape = problems.every(
    ({ line, column, message }) =>
      line >= 1 &&
      column >= 1 &&
      message !== '' &&
      !/[\n\r\0]/.test(message) &&
      !/undefined|\[object|NaN/.test(message),
  );
  t.ok(shape, `sound problems for ${JSON.stringify(String(input))}: ${JSON.stringify(problems)}`);
}

type Tap = {
  equal: (a: unknown, b: unknown, message: string) => unknown;
  ok: (a: unknown, message: string) => unknown;
};

t.test('random bytes', async (t) => {
  const random = randomFrom(1);
  for (let round = 0; round < 300; round++) {
    sound(
      t,
      Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)),
    );
  }
});

t.test('a real file with pieces put in, cut out and repeated', async (t) => {
  const random = randomFrom(2);
  const at = (length: number) => Math.floor(random() * length);
  for (let round = 0; round < 1500; round++) {
    let text = base;
    for (let edits = 1 + at(4); edits > 0; edits--) {
      const [start, end] = [at(text.length), at(text.length)].sort((a, b) => a - b) as [number, number];
      const choice = at(3);
      if (choice === 0) text = text.slice(0, start) + fragments[at(fragments.length)] + text.slice(start);
      else if (choice === 1) text = text.slice(0, start) + text.slice(Math.min(end, start + 12));
      else text = text.slice(0, end) + text.slice(start, Math.min(end, start + 40)) + text.slice(end);
    }
    sound(t, text);
  }
});
