import t from 'tap';
import { credentials } from '../../lab/standin/auth.ts';
import { csrfToken, validCsrf } from '../../lab/standin/csrf.ts';
import { goDatabaseError } from '../../lab/standin/db.ts';
import { type FlagSpec, parseFlags } from '../../lab/standin/flags.ts';
import { globalFlags } from '../../lab/standin/global-flags.ts';
import { complexEnough, generatePassword, hashPassword, verifyPassword } from '../../lab/standin/password.ts';
import { jwtSecretBytes, newJwtSecret, readJwt, signJwt } from '../../lab/standin/secrets.ts';
import { shellWords } from '../../lab/standin/shell-words.ts';

const specs: FlagSpec[] = [
  { names: ['username', 'u'], kind: 'string' },
  { names: ['email'], kind: 'string', required: true },
  { names: ['must-change-password'], kind: 'bool', fallback: 'true' },
];

t.test('flags', async (t) => {
  const f = parseFlags(specs, ['-u', 'ann', '--email=a@example.com', 'rest', '--must-change-password=false']);
  t.equal(f.get('username'), 'ann');
  t.equal(f.on('must-change-password'), false);
  t.equal(f.isSet('username'), true);
  t.same(f.rest, ['rest']);
  t.equal(parseFlags(specs, ['--email', 'x']).on('must-change-password'), true);
  t.throws(() => parseFlags(specs, []), { message: 'Required flag "email" not set' });
  t.throws(() => parseFlags(specs, ['--bogus']), { message: 'flag provided but not defined: -bogus' });
  t.throws(() => parseFlags(specs, ['--email']), { message: 'flag needs an argument: -email' });
  // A word after a bool is no value: "--must-change-password false" means true.
  t.equal(parseFlags(specs, ['--email', 'x', '--must-change-password', 'false']).on('must-change-password'), true);
  t.same(globalFlags(['-c', '/etc/gitea/app.ini', 'admin', 'user', 'list']), {
    config: '/etc/gitea/app.ini',
    rest: ['admin', 'user', 'list'],
  });
  t.same(globalFlags(['web', '--config=/x']), { config: '/x', rest: ['web'] });
});

t.test('passwords', async (t) => {
  const salt = '00112233445566778899aabbccddeeff';
  const passwd = hashPassword('secret', salt);
  t.equal(passwd.length, 100);
  t.ok(verifyPassword('secret', { passwd, salt, algorithm: 'pbkdf2$50000$50' }));
  t.notOk(verifyPassword('Secret', { passwd, salt, algorithm: 'pbkdf2$50000$50' }));
  t.notOk(verifyPassword('', { passwd: '', salt, algorithm: 'pbkdf2$50000$50' }), 'no password set, no sign-in');
  t.ok(complexEnough('x', ['off']));
  t.notOk(complexEnough('lower', ['lower', 'digit']));
  t.notOk(complexEnough('lower1', ['unknown']), 'unknown names ask for everything');
  const made = generatePassword(16, ['lower', 'upper', 'digit', 'spec']);
  t.equal(made.length, 16);
  t.ok(complexEnough(made, ['lower', 'upper', 'digit', 'spec']));
  t.match(generatePassword(12, ['off']), /^[A-Za-z0-9]{12}$/);
});

t.test('tokens', async (t) => {
  const secret = jwtSecretBytes(newJwtSecret()) as Buffer;
  t.equal(secret.length, 32);
  t.equal(jwtSecretBytes('short'), undefined);
  t.equal(jwtSecretBytes(`${newJwtSecret()}=`), undefined, 'padding is not taken');
  const later = Math.floor(Date.now() / 1000) + 60;
  t.match(readJwt(signJwt({ RepoID: 1, exp: later }, secret), secret), { RepoID: 1 });
  t.equal(readJwt(signJwt({ exp: 1 }, secret), secret), undefined);
  t.equal(readJwt(signJwt({ exp: later }, secret), Buffer.alloc(32)), undefined);
  t.equal(readJwt('a.b', secret), undefined);
  const form = csrfToken(secret, 1, Date.now());
  t.ok(validCsrf(form, secret, 1));
  t.notOk(validCsrf(form, secret, 2));
  t.notOk(validCsrf('', secret, 1));
});

t.test('the Authorization header', async (t) => {
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  t.same(credentials(basic('ann:a:b')), { basic: { name: 'ann', password: 'a:b' } });
  t.same(credentials('token abc'), { bearer: 'abc' });
  t.same(credentials('Bearer abc'), { bearer: 'abc' });
  t.same(credentials(undefined), {});
  t.same(credentials('Digest x'), {});
});

t.test('database errors in the words of the Go driver', async (t) => {
  const error = (fields: object): Error =>
    Object.assign(new Error('password authentication failed for user "gitea"'), fields);
  t.equal(
    goDatabaseError(error({ severity: 'FATAL', code: '28P01' }), 'database:5432'),
    'pq: password authentication failed for user "gitea"',
  );
  t.equal(
    goDatabaseError(error({ code: 'ECONNREFUSED', address: '172.31.250.9', port: 5432 }), 'database:5432'),
    'dial tcp 172.31.250.9:5432: connect: connection refused',
  );
  t.equal(goDatabaseError(error({ code: 'ENOTFOUND' }), 'database:5432'), 'dial tcp: lookup database: no such host');
});

t.test('commands over SSH are split like a shell does', async (t) => {
  t.same(shellWords("git-upload-pack '/carol/demo.git'"), ['git-upload-pack', '/carol/demo.git']);
  t.same(shellWords('git-lfs-authenticate carol/demo.git  upload'), [
    'git-lfs-authenticate',
    'carol/demo.git',
    'upload',
  ]);
  t.same(shellWords('a "b c" d\\ e'), ['a', 'b c', 'd e']);
  t.throws(() => shellWords("a 'b"), /Unterminated/);
});
