// The proof with its script run for real: curl, docker and the folder of the secrets are played.
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { type SecretSet, secretNames } from '../../../lib/core/secrets.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command } from '../../../lib/host/port.ts';
import { prove } from '../../../lib/jobs/rotate/proof.ts';
import { contributions } from '../../../lib/phases/index.ts';
import { layout } from '../../../lib/phases/layout.ts';
import { secretPath } from '../../../lib/phases/secrets.ts';
import { rotatable } from '../../../lib/secrets/rotation.ts';
import { input } from '../phases/input.ts';

const set = (age: string) =>
  Object.fromEntries(
    secretNames.map((name) => [
      name,
      new Secret(name, name === 'postgres_password' ? `gitea_${age === 'old' ? 'a' : 'b'}:pass` : `${age}-${name}`),
    ]),
  ) as unknown as SecretSet;
const [before, after] = [set('old'), { ...set('new'), inputs_key: set('old').inputs_key }];

/** The files of a set of values. */
const filesOf = (values: SecretSet) =>
  contributions(input().config).secrets.map((wanted) => ({ name: wanted.secret, path: secretPath(wanted, values) }));

/** A Gitea that has these values, by the section and key of its settings, and these sessions in the database. */
function setUp(t: Test, { has = 'new', sessions = 'gitea_b\t3', oldFiles = true } = {}) {
  const folder = t.testdir({ bin: {}, secrets: {} });
  const at = (path: string) => join(folder, path);
  for (const values of oldFiles ? [before, after] : [after]) {
    for (const { name, path } of filesOf(values)) writeFileSync(at(`secrets/${basename(path)}`), values[name].reveal());
  }
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\necho "${name} $*" >> ${at('log')}\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  program(
    'curl',
    `case "$*" in
*/metrics) [ "$(cat)" = 'Authorization: Bearer ${has}-gitea_metrics_token' ] && printf 200 || printf 401 ;;
*/api/internal/) [ "$(cat)" = 'X-Gitea-Internal-Auth: Bearer ${has}-gitea_internal_token' ] && printf 404 || printf 403 ;;
esac`,
  );
  program(
    'docker',
    `case "$*" in
*app.ini) cat <<'INI'
TOKEN = of-no-section
[other]
TOKEN = another
INTERNAL_TOKEN = another
LFS_JWT_SECRET = another
[metrics]
ENABLED = true
TOKEN = ${has}-gitea_metrics_token
[security]
INTERNAL_TOKEN=${has}-gitea_internal_token
[server]
LFS_JWT_SECRET = \`${has}-gitea_lfs_jwt_secret\`
INI
;;
*psql*) printf '%s\\n' '${sessions}' ;;
esac`,
  );
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const local = localHost();
  const query = (command: Command) =>
    local.query({ ...command, script: command.script!.replaceAll(layout.secrets, at('secrets')) });
  const { config } = input();
  return {
    at,
    log: () => readFileSync(at('log'), 'utf8'),
    failed: async () =>
      (await prove({ ...local, query }, config, { names: rotatable, before, after })).flatMap(
        ({ id, status, detail }) => (status === 'pass' ? [] : [`${id}: ${detail}`]),
      ),
  };
}

t.test('the new values are in force, and no value is in an argument list', async (t) => {
  const { failed, log } = setUp(t);
  t.strictSame(await failed(), []);
  t.notMatch(log(), /(old|new)-|:pass/);
  t.match(log(), /curl .*\/api\/healthz/, 'a session is there to be found, for Gitea has just been asked');
});

t.test('the old values are in force: each is told', async (t) => {
  const { failed } = setUp(t, { has: 'old', sessions: 'gitea_a\t3' });
  t.match(await failed(), [
    /postgres_password: somebody is still logged in to the database as gitea_a/,
    /gitea_metrics_token: Gitea answers 401 to the new one/,
    /gitea_internal_token: Gitea answers 403 to the new one/,
    /gitea_lfs_jwt_secret: Gitea has another value/,
  ]);
});

t.test('one that has both logins open is told', async (t) => {
  t.match(await setUp(t, { sessions: 'gitea_b\t3\ngitea_a\t1' }).failed(), [
    /still logged in to the database as gitea_a$/,
  ]);
});

t.test('where the old files are gone nobody can try the old values, and the new ones count', async (t) => {
  t.strictSame(await setUp(t, { oldFiles: false }).failed(), []);
});

t.test('a new file that is not there proves nothing', async (t) => {
  const { failed, at } = setUp(t);
  for (const { path } of filesOf(after)) rmSync(at(`secrets/${basename(path)}`), { force: true });
  t.match(await failed(), [
    /metrics_token: Gitea answers none/,
    /internal_token: Gitea answers none/,
    /lfs_jwt_secret/,
  ]);
});
