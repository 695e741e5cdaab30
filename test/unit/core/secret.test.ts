import { inspect } from 'node:util';
import t from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import { Secret } from '../../../lib/core/secret.ts';

t.test('a secret gives its value to nobody who does not ask for it', (t) => {
  const secret = new Secret('token', 'hush');
  const shown = '<secret token>';
  t.equal(`${secret}`, shown);
  t.equal(JSON.stringify({ secret }), `{"secret":"${shown}"}`);
  t.equal(inspect(secret), shown);
  t.notMatch(inspect({ deep: [{ secret }] }, { depth: null, showHidden: true }), 'hush');
  t.same(Object.values({ ...secret }), ['token']);
  t.equal(secret.reveal(), 'hush');
  t.end();
});

t.test('a fingerprint follows from value and key, and from nothing else', (t) => {
  const print = (value: string, key: string, name = 'a') => new Secret(name, value).fingerprint(new Secret('key', key));
  // RFC 4231, test case 2.
  t.equal(
    print('what do ya want for nothing?', 'Jefe'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  t.equal(print('x', 'k'), print('x', 'k', 'b'));
  t.not(print('x', 'k'), print('y', 'k'));
  t.not(print('x', 'k'), print('x', 'l'));
  t.equal(sha256('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  t.equal(sha256(new TextEncoder().encode('abc')), sha256('abc'));
  t.end();
});
