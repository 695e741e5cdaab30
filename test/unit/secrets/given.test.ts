import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { givenSecret } from '../../../lib/core/secrets.ts';
import { awsStore } from '../../../lib/secrets/aws-store.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { keepSecrets, loadSecrets } from '../../../lib/secrets/index.ts';
import { memory } from './memory.ts';

const aws = { name: 'gitea', region: 'eu-central-1', tags: {} } as unknown as Parameters<typeof awsStore>[0];
const given = ['mail_password', 'storage_key'];

async function failure(promise: Promise<unknown>): Promise<RunbookError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RunbookError) return error;
  throw error ?? new Error('nothing was thrown');
}

t.test('in a file: what its owner wrote there', async (t) => {
  const path = `${t.testdir()}/gitea.secrets.yaml`;
  const store = fileStore(path);
  const error = await failure(loadSecrets(store, { given }));
  t.equal(error.kind, 'configInvalid');
  t.match(error.parts.what, 'mail_password, storage_key');
  t.match(error.parts.next, `add the lines \`mail_password: 'VALUE'\`, \`storage_key: 'VALUE'\` to ${path}`);
  t.throws(() => readFileSync(path), /ENOENT/, 'nothing was made before everything is there');

  writeFileSync(path, "mail_password: 'hunter22'\nstorage_key: ''\n");
  chmodSync(path, 0o600);
  t.match((await failure(loadSecrets(store, { given }))).parts.what, /refers to storage_key,/);

  writeFileSync(path, "mail_password: 'hunter22'\nstorage_key: 'k'\n");
  const secrets = await loadSecrets(store, { given });
  await keepSecrets(store, secrets);
  t.equal(givenSecret(secrets, 'mail_password').reveal(), 'hunter22');
  t.notMatch(JSON.stringify(secrets), /hunter22/);
  t.match(readFileSync(path, 'utf8'), /mail_password: hunter22\n/, 'kept beside those that were made');
  t.match(readFileSync(path, 'utf8'), /gitea_secret_key: /);
});

t.test('a name that every object has is no secret before somebody keeps one', async (t) => {
  const path = `${t.testdir()}/gitea.secrets.yaml`;
  writeFileSync(path, "mail_password: 'x'\n", { mode: 0o600 });
  const store = fileStore(path);
  t.match((await failure(loadSecrets(store, { given: ['constructor'] }))).parts.what, /refers to constructor, and/);
  writeFileSync(path, "constructor: 'hunter22'\n");
  t.equal(givenSecret(await loadSecrets(store, { given: ['constructor'] }), 'constructor').reveal(), 'hunter22');
});

t.test('what cannot be written into app.ini is refused, and not repeated', async (t) => {
  const path = `${t.testdir()}/gitea.secrets.yaml`;
  for (const value of ['"hunter\\n22"', '"%(hunter22)s"']) {
    writeFileSync(path, `mail_password: ${value}\n`);
    chmodSync(path, 0o600);
    const error = await failure(loadSecrets(fileStore(path), { given: ['mail_password'] }));
    t.match(error.message, /the value of mail_password holds a line break/);
    t.notMatch(error.message, /hunter/);
  }
});

t.test('in AWS: below the prefix of the instance, read only when a config refers to it', async (t) => {
  const cloud = memory();
  await cloud.requests.create('gitea/storage_key', 'k');
  const error = await failure(loadSecrets(awsStore(aws, cloud.requests), { given }));
  t.match(error.parts.what, /refers to mail_password, and/);
  t.match(
    error.parts.next,
    'aws secretsmanager create-secret --region eu-central-1 --name gitea/mail_password --secret-string file://FILE',
  );
  t.notOk(cloud.secrets.has('gitea/gitea_secret_key'), 'nothing was made');

  await cloud.requests.create('gitea/mail_password', 'hunter22');
  const secrets = await loadSecrets(awsStore(aws, cloud.requests), { given });
  t.equal(givenSecret(secrets, 'mail_password').reveal(), 'hunter22');
  cloud.seen.splice(0);
  await loadSecrets(awsStore(aws, cloud.requests));
  t.notMatch(cloud.seen.join('\n'), /mail_password|storage_key/);
});
