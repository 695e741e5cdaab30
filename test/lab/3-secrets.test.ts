// Secrets that are not where they should be: in another store, or lost on the way there.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import t from 'tap';
import { parse, stringify } from 'yaml';
import { HOST, run, theLab, variant } from './suite.ts';

t.setTimeout(0);
const lab = await theLab();
const first = await run(lab, 'deploy', ['--yes']);
t.equal(first.code, 0, first.said);

t.test('another store, with nothing in it: refused, and nothing is made there', async (t) => {
  const file = path.join(lab.dir, 'variant-empty-store');
  const config = await variant(lab, 'other-store', { 'secrets.file': file });
  for (const [name, args] of [
    ['plan', []],
    ['deploy', ['--yes']],
  ] as const) {
    const refused = await run(lab, name, args, config);
    t.equal(refused.code, 22, refused.said);
    t.match(refused.json.error, { what: /no postgres_password and no gitea_secret_key/, next: /From one place/ });
    await t.rejects(readFile(file), { code: 'ENOENT' });
  }
  t.match((await run(lab, 'deploy')).json, { outcome: 'converged' });
});

t.test('the first password was lost on the way: a new one opens the door, and nobody else’s is touched', async (t) => {
  const file = path.join(lab.dir, 'gitea.secrets.yaml');
  const { gitea_password_labadmin: first, ...others } = parse(await readFile(file, 'utf8'));
  t.type(first, 'string');
  await writeFile(file, stringify(others), { mode: 0o600 });
  const planned = (await run(lab, 'plan')).json.changes;
  t.match(planned, [{ title: 'Gitea account labadmin', why: /has ever signed in.*kept nowhere/ }]);
  t.equal(planned.length, 1);
  const deployed = await run(lab, 'deploy', ['--yes']);
  t.equal(deployed.code, 0, deployed.said);
  t.same(deployed.json.delivered, ['gitea_password_labadmin']);
  const { gitea_password_labadmin: second } = parse(await readFile(file, 'utf8'));
  t.notOk(`${deployed.stderr}${JSON.stringify(deployed.json)}`.includes(second), 'shown nowhere');
  const signIn = async (password: string) => {
    const form = `user_name=labadmin&password=${encodeURIComponent(password)}`;
    const at = `--resolve ${lab.domain}:443:127.0.0.1 https://${lab.domain}/user/login`;
    const { stdout } = await lab.exec(HOST, `curl -sk -o /dev/null -w '%{http_code}' --data @- ${at}`, { input: form });
    return stdout;
  };
  t.equal(await signIn(first), '200', 'the lost one opens nothing: the form again');
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0, 'and it is not renewed once more');
  t.equal(await signIn(second), '303');
  // Whoever has signed in is not given another password, whatever is kept.
  await writeFile(file, stringify(others), { mode: 0o600 });
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
});
