import { createHmac } from 'node:crypto';
import t from 'tap';
import { scramMatches, scramVerifier } from '../../../lib/core/scram.ts';
import { Secret } from '../../../lib/core/secret.ts';

const secret = (value: string) => new Secret('password', value);

t.test('the example of RFC 7677: the server key signs as the server there does', async (t) => {
  const verifier = scramVerifier(secret('pencil'), Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')).reveal();
  const server = Buffer.from(verifier.split(':')[2] ?? '', 'base64');
  const messages = [
    'n=user,r=rOprNGfwEbeRWgbNEkqO',
    'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
  ];
  const signature = createHmac('sha256', server).update(messages.join(',')).digest('base64');
  t.equal(signature, '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
});

t.test('what PostgreSQL 18 makes of a password is recognised, and no other password', async (t) => {
  // create role example password '…'; select rolpassword from pg_authid where rolname = 'example';
  const made =
    'SCRAM-SHA-256$4096:NuicNEz2PHWU58EBTKackw==$DCkGbuh7g5wT9hCFMmdZelWQimkEwIHPa3YDUCplIX4=:l1o2/agZD2UzfdN39v624SefTn5z4YE9vplJuLpx0lg=';
  t.ok(scramMatches(made, secret('correct horse battery staple')));
  t.notOk(scramMatches(made, secret('correct horse battery stable')));
});

t.test('each verifier has a salt of its own and matches its own password', async (t) => {
  const [one, two] = [scramVerifier(secret('abc')), scramVerifier(secret('abc'))];
  t.not(one.reveal(), two.reveal());
  for (const verifier of [one, two]) {
    t.ok(scramMatches(verifier.reveal(), secret('abc')));
    t.notOk(scramMatches(verifier.reveal(), secret('abd')));
    t.match(verifier.reveal(), /^SCRAM-SHA-256\$4096:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$/);
  }
  t.equal(String(one), '<secret verifier of password>');
  t.ok(
    scramMatches(scramVerifier(secret('abc'), Buffer.alloc(16), 10_000).reveal(), secret('abc')),
    'other iterations',
  );
});

t.test('what is no such verifier matches nothing', async (t) => {
  const good = scramVerifier(secret('abc')).reveal();
  for (const verifier of [
    '',
    'md5d41d8cd98f00b204e9800998ecf8427e',
    'abc',
    good.slice(0, 20),
    good.replace('4096', '0'),
    good.replace('4096', '99999999'),
  ])
    t.notOk(scramMatches(verifier, secret('abc')), verifier.slice(0, 20));
});
