import { spawnSync } from 'node:child_process';
import t from 'tap';
import { quote, quoteAll } from '../../../lib/core/quote.ts';

t.test('a word that a shell reads as it stands is left as it is; one odd character anywhere puts it in quotes', (t) => {
  for (const word of ['a', 'Zz09_@%+=:,./-', '/srv/gitea', 'KEY=value', '-rf']) t.equal(quote(word), word);
  for (const odd of [' ', '$', '`', '"', '\\', ';', '&', '|', '<', '(', '*', '?', '[', '{', '~', '!', '#', '\n', 'ü']) {
    for (const word of [odd, `${odd}a`, `a${odd}`, `a${odd}b`]) t.equal(quote(word), `'${word}'`);
  }
  t.equal(quote(''), "''");
  t.end();
});

t.test('quotes within a word', (t) => {
  t.equal(quote("it's"), "'it'\\''s'");
  t.equal(quote("''"), "''\\'''\\'''");
  t.throws(() => quote('a\0b'), { name: 'TypeError', message: /NUL/ });
  t.end();
});

t.test('a shell gives back the words', (t) => {
  const words = ['', 'a b', "it's 'so'", '$(id)', 'line\nline', '\\', '*', '~', 'ü'];
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${quoteAll(words)}`], { encoding: 'utf8' });
  t.same(stdout.split('\0').slice(0, -1), words);
  t.equal(quoteAll(['a', 'b c']), "a 'b c'");
  t.end();
});
