import t from 'tap';
import { Secret } from '../../../lib/core/secret.ts';
import { secretNames } from '../../../lib/core/secrets.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { mountedBy, secrets } from '../../../lib/phases/secrets.ts';
import { input, secretValue } from './input.ts';

t.test('every secret becomes a file that its reader alone can read, in a folder for root alone', async (t) => {
  const specs = secrets.desired(input());
  t.match(specs[0], { kind: 'directory', path: '/etc/gitea-runbooks/secrets', mode: '0700', uid: 0 });
  const files = specs.slice(1);
  for (const spec of files) {
    if (spec.kind !== 'file') throw new Error(spec.id);
    t.ok(spec.content instanceof Secret, `${spec.id} stays out of diffs`);
    t.equal(spec.mode, '0400', spec.id);
  }
  for (const name of secretNames)
    t.ok(
      files.some(({ id }) => id.includes(name)),
      name,
    );
  const uid = (end: string) => {
    const found = files.find(({ id }) => id.endsWith(end));
    return found?.kind === 'file' ? found.uid : undefined;
  };
  t.equal(uid('postgres_password.database'), 999);
  t.equal(uid('postgres_password.gitea'), 1000);
  t.equal(uid('inputs_key'), 0);
});

t.test('no other spec holds a value', async (t) => {
  const specs = desiredState(input()).filter((spec) => !(spec.kind === 'file' && spec.content instanceof Secret));
  const text = JSON.stringify(specs);
  for (const name of secretNames) t.notOk(text.includes(secretValue(name)), name);
});

t.test('the key of the labels is mounted nowhere', async (t) => {
  t.notOk([...mountedBy('gitea'), ...mountedBy('database')].some(({ name }) => name === 'inputs_key'));
});

t.test(
  'nobody but root comes near the data: an account of the host may have the number of a container user',
  async (t) => {
    for (const dataPath of ['/srv/gitea', '/data/gitea']) {
      const top = desiredState(input({ config: { host: { dataPath } } })).find(
        ({ id }) => id === `directory:${dataPath}`,
      );
      t.match(top, { mode: '0700', uid: 0, gid: 0 });
    }
  },
);
