import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { redact, redactAll } from '../../../lib/report/redact.ts';

t.test('the longest first', async (t) => {
  const secrets = [new Secret('short', 'abcd'), new Secret('long', 'abcd-efgh')];
  t.equal(redact('x abcd-efgh y abcd', secrets), 'x <secret long> y <secret short>');
});

t.test('encoded forms', async (t) => {
  const secrets = [new Secret('p', 'a"b/c d')];
  t.equal(redact('https://u:a%22b%2Fc%20d@h {"p":"a\\"b/c d"}', secrets), 'https://u:<secret p>@h {"p":"<secret p>"}');
});

t.test('a key that is shown line by line', async (t) => {
  const secrets = [new Secret('key', '-----BEGIN-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END-----\n')];
  t.equal(redact('line: MIIEvQIBADANBgkqhkiG.', secrets), 'line: <secret key>.');
});

t.test('the last line end of a file is not part of the secret', async (t) => {
  t.equal(redact('token=hush-hush;', [new Secret('token', 'hush-hush\n')]), 'token=<secret token>;');
});

t.test('patterns in a value are plain text', async (t) => {
  t.equal(redact('a.*$& b', [new Secret('$&', '.*$&')]), 'a<secret $&> b');
});

t.test('empty and very short values do not eat the text', async (t) => {
  t.equal(redact('abc', [new Secret('empty', ''), new Secret('one', 'a'), new Secret('blank', '\n\n')]), 'abc');
});

t.test('plain data, deep; secrets inside show themselves', async (t) => {
  const secret = new Secret('s', 'hush-hush');
  const data = { a: ['x hush-hush', 1, null, true], 'hush-hush': { deep: 'hush-hush' }, secret };
  t.equal(
    JSON.stringify(redactAll(data, [secret])),
    '{"a":["x <secret s>",1,null,true],"<secret s>":{"deep":"<secret s>"},"secret":"<secret s>"}',
  );
  t.equal(data.a[0], 'x hush-hush', 'the original stays');
});
