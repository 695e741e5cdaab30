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

/** Whether the result is what it must be like, whatever the text was. Throwing fails the test by itself. */
function sound(input: string | Uint8Array): boolean {
  const { config, problems } = parseConfig(input, 'f.yaml');
  const wrong = problems.some((problem) => problem.severity === 'error');
  const shown = problems.every(
    ({ line, column, message }) =>
      line >= 1 && column >= 1 && message !== '' && !/[\n\r\0]|undefined|\[object|NaN/.test(message),
  );
  return wrong === (config === undefined) && shown;
}

t.test('random bytes', async (t) => {
  const random = randomFrom(1);
  const unsound: string[] = [];
  for (let round = 0; round < 300; round++) {
    const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256));
    if (!sound(bytes)) unsound.push(Buffer.from(bytes).toString('hex'));
  }
  t.strictSame(unsound, []);
});

t.test('a real file with pieces put in, cut out and repeated', async (t) => {
  const random = randomFrom(2);
  const unsound: string[] = [];
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
    if (!sound(text)) unsound.push(text);
  }
  t.strictSame(unsound, []);
});
