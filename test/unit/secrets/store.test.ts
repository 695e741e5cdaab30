import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import t from 'tap';
import { secretNames } from '../../../lib/core/secrets.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { generators } from '../../../lib/secrets/generate.ts';
import { keepSecret, loadSecrets } from '../../../lib/secrets/index.ts';
import { madeIn } from './made.ts';

t.test('made once, kept with 0600, the same ever after', async (t) => {
  const path = join(t.testdir(), 'gitea.secrets.yaml');
  const store = fileStore(path);
  await loadSecrets(store);
  t.throws(() => statSync(path), 'a plan keeps nothing');
  const made = await madeIn(store);
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.match(readFileSync(path, 'utf8'), /keep a copy in a safe place/);
  const again = await madeIn(store);
  for (const name of secretNames) t.equal(again[name].reveal(), made[name].reveal(), name);
  await keepSecret(store, 'gitea_password_root', "it's: #odd");
  t.equal((await store.load()).gitea_password_root, "it's: #odd");
  t.equal((await madeIn(store)).inputs_key.reveal(), made.inputs_key.reveal());
});

t.test('a file is its owner’s alone: any right of anybody else is one too many', async (t) => {
  const path = join(t.testdir({ 'gitea.secrets.yaml': 'postgres_password: hunter2\n' }), 'gitea.secrets.yaml');
  for (const mode of [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o660, 0o440, 0o666]) {
    chmodSync(path, mode);
    const error = { name: 'RunbookError', exitCode: 14, message: new RegExp(`\\(mode ${mode.toString(8)}\\)`) };
    await t.rejects(fileStore(path).load(), error, mode.toString(8));
    await t.rejects(fileStore(path).save({ inputs_key: 'x' }), error, 'nor is it written');
    t.equal(readFileSync(path, 'utf8'), 'postgres_password: hunter2\n');
  }
  for (const mode of [0o600, 0o400, 0o700]) {
    chmodSync(path, mode);
    t.equal((await fileStore(path).load()).postgres_password, 'hunter2', mode.toString(8));
  }
});

t.test('a file that others can read, or that is not one, is refused without a word of its content', async (t) => {
  const path = join(t.testdir({ 'gitea.secrets.yaml': 'postgres_password: hunter2\n' }), 'gitea.secrets.yaml');
  chmodSync(path, 0o644);
  await t.rejects(fileStore(path).load(), { name: 'RunbookError', exitCode: 14, parts: { next: `chmod 600 ${path}` } });
  chmodSync(path, 0o600);
  for (const text of ['postgres_password: [hunter2\n', '- hunter2\n', 'postgres_password: 5\n', '"hunter2']) {
    writeFileSync(path, text);
    const error = await fileStore(path)
      .load()
      .catch((thrown: unknown) => thrown);
    t.match(error, { exitCode: 10 });
    t.notMatch(inspect(error), /hunter2/);
  }
});

t.test('values have the forms that Gitea keeps as they are', async (t) => {
  t.match(generators.gitea_secret_key(), /^[A-Za-z0-9]{64}$/);
  t.equal(Buffer.from(generators.gitea_oauth2_jwt_secret(), 'base64url').length, 32);
  t.match(generators.gitea_lfs_jwt_secret(), /^[\w-]{43}$/);
  t.match(generators.gitea_internal_token(), /^[\w-]+\.[\w-]+\.[\w-]+$/);
  t.not(generators.postgres_password(), generators.postgres_password());
});

t.test('a secret shows its name wherever it is printed', async (t) => {
  const { postgres_password: secret } = await loadSecrets(fileStore(join(t.testdir(), 'x')));
  for (const shown of [`${secret}`, JSON.stringify({ secret }), inspect({ secret }), String(secret)]) {
    t.match(shown, /<secret postgres_password>/);
    t.notOk(shown.includes(secret.reveal()));
  }
});

t.test('a link stays a link: what it leads to is replaced, and nothing is left beside either', async (t) => {
  const dir = t.testdir({ vault: { real: '' }, config: {} });
  chmodSync(join(dir, 'vault/real'), 0o600);
  writeFileSync(join(dir, 'vault/real'), '{}\n');
  const link = join(dir, 'config/gitea.secrets.yaml');
  symlinkSync('../vault/real', link);
  await fileStore(link).save({ a: 'one' });
  t.ok(lstatSync(link).isSymbolicLink());
  t.match(readFileSync(join(dir, 'vault/real'), 'utf8'), /^a: one$/m);
  t.equal(statSync(join(dir, 'vault/real')).mode & 0o777, 0o600);
  t.same(readdirSync(join(dir, 'vault')), ['real']);
  t.same(readdirSync(join(dir, 'config')), ['gitea.secrets.yaml']);
  t.same(await fileStore(link).load(), { a: 'one' });
});

t.test('a link that leads nowhere is an error, not a place to write to', async (t) => {
  const link = join(t.testdir({}), 'gitea.secrets.yaml');
  symlinkSync('not-mounted/real', link);
  await t.rejects(fileStore(link).save({ a: 'one' }), { name: 'RunbookError', exitCode: 14 });
  t.ok(lstatSync(link).isSymbolicLink());
});
