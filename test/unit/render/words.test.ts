import t from 'tap';
import { parse } from 'yaml';
import { composeWord, stableJson } from '../../../lib/render/words.ts';

t.test('a compose word is read back by YAML as it was, with $ doubled for Compose', async (t) => {
  for (const text of [
    'plain',
    'a: b # c',
    '"quoted" \\ back',
    "it's",
    '{x}',
    '- a',
    'yes',
    '日本',
    'line\nbreak',
    '*a &b',
  ]) {
    t.equal(parse(`k: ${composeWord(text)}`).k, text, text);
  }
  t.equal(parse(`k: ${composeWord('${HOME} $x')}`).k, '$${HOME} $$x');
});

t.test('stable JSON does not depend on the order of keys', async (t) => {
  t.equal(stableJson({ b: 1, a: [{ d: null, c: 'x' }] }), stableJson({ a: [{ c: 'x', d: null }], b: 1 }));
  t.equal(stableJson({ b: 1, a: 2 }), '{\n  "a": 2,\n  "b": 1\n}\n');
});
