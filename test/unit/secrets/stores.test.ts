// The promises of a store, kept by each of them; then what is special to the one in AWS.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { secretNames } from '../../../lib/core/secrets.ts';
import { awsStore } from '../../../lib/secrets/aws-store.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { keepSecret } from '../../../lib/secrets/index.ts';
import type { SecretStore } from '../../../lib/secrets/store.ts';
import { section } from '../aws/cloud.ts';
import { madeIn } from './made.ts';
import { type Memory, memory } from './memory.ts';

/** Each gives a function that opens the store anew, as the next run does. */
const stores: Readonly<Record<string, (t: Test) => () => SecretStore>> = {
  file: (t) => {
    const path = join(t.testdir(), 'gitea.secrets.yaml');
    return () => fileStore(path);
  },
  aws: () => {
    const { requests } = memory();
    return () => awsStore(section(), requests);
  },
};

for (const [name, make] of Object.entries(stores)) {
  t.test(`${name}: made once, the same ever after, for every run`, async (t) => {
    const open = make(t);
    t.same(await open().load(), {});
    const made = await madeIn(open());
    const again = await madeIn(open());
    for (const secret of secretNames) t.equal(again[secret].reveal(), made[secret].reveal(), secret);
    await keepSecret(open(), 'gitea_password_root', 'first');
    await keepSecret(open(), 'gitea_password_root', 'second');
    t.equal((await madeIn(open())).inputs_key.reveal(), made.inputs_key.reveal());
  });

  t.test(`${name}: a staged value is nobody's until it is promoted`, async (t) => {
    const open = make(t);
    await madeIn(open());
    const { postgres_password: before, gitea_metrics_token: token } = await open().load();
    const store = open();
    await store.stage({ postgres_password: 'one', gitea_metrics_token: 'x' });
    await store.stage({ postgres_password: 'two' });
    t.same(await store.pending(), { postgres_password: 'two', gitea_metrics_token: 'x' }, 'the last one counts');
    t.same(await open().pending(), await store.pending());
    t.match(await open().load(), { postgres_password: before });
    t.equal((await madeIn(open())).postgres_password.reveal(), before, 'a deploy in between');
    await store.discard(['gitea_metrics_token']);
    await store.promote(['postgres_password']);
    for (const each of [store, open()]) {
      t.match(await each.load(), { postgres_password: 'two', gitea_metrics_token: token });
      t.same(await each.pending(), {});
    }
    await open().promote(['postgres_password']);
    await open().discard(['postgres_password']);
    t.match(await open().load(), { postgres_password: 'two' }, 'again makes no difference');
  });

  t.test(`${name}: nothing can be staged where nothing is`, async (t) => {
    const open = make(t);
    await t.rejects(open().stage({ postgres_password: 'x' }), {
      name: 'RunbookError',
      exitCode: 22,
      parts: { what: /postgres_password has no value yet/, next: /deploy\.mjs/ },
    });
    t.same(await open().load(), {});
    t.same(await open().pending(), {});
  });
}

t.test('file: one with staged values is one that people can read, and an old one keeps working', async (t) => {
  const path = join(t.testdir(), 'gitea.secrets.yaml');
  writeFileSync(path, 'postgres_password: old\n', { mode: 0o600 });
  const store = fileStore(path);
  await store.stage({ postgres_password: 'new' });
  t.same(parse(readFileSync(path, 'utf8')), { postgres_password: 'old', pending: { postgres_password: 'new' } });
  await store.save({ gitea_password_root: 'x' });
  t.same(await store.pending(), { postgres_password: 'new' }, 'a save in between keeps what is staged');
  await store.promote(['postgres_password']);
  t.same(parse(readFileSync(path, 'utf8')), { postgres_password: 'new', gitea_password_root: 'x' });
  writeFileSync(path, 'postgres_password: old\npending: 5\n', { mode: 0o600 });
  await t.rejects(store.load(), { name: 'RunbookError', exitCode: 10 });
});

/** A store over a memory, and what stands in it. */
function aws(): { cloud: Memory; open: () => SecretStore; current: (name: string) => string | undefined } {
  const cloud = memory();
  return {
    cloud,
    open: () => awsStore(section(), cloud.requests),
    current: (name) =>
      [...(cloud.secrets.get(`gitea/${name}`)?.versions.values() ?? [])].find(({ stages }) => stages.has('AWSCURRENT'))
        ?.value,
  };
}

const writes = ({ seen }: Memory) => seen.filter((request) => !/^(read|describe)/.test(request));

t.test('aws: asks once in a run, writes only what is new', async (t) => {
  const { cloud, open } = aws();
  await madeIn(open());
  t.equal(writes(cloud).filter((request) => request.startsWith('create')).length, secretNames.length);
  cloud.seen.length = 0;
  const store = open();
  await madeIn(store);
  await madeIn(store);
  await store.save(await store.load());
  t.same(cloud.seen.sort(), secretNames.map((name) => `read AWSCURRENT gitea/${name}`).sort());
  t.equal(store.label, 'AWS Secrets Manager (gitea/*, eu-central-1)');
});

t.test('aws: a secret that Terraform made gets its first value', async (t) => {
  const { cloud, open, current } = aws();
  for (const name of secretNames) cloud.secrets.set(`gitea/${name}`, { versions: new Map() });
  const made = await madeIn(open());
  t.equal(current('gitea_secret_key'), made.gitea_secret_key.reveal());
  t.same(
    writes(cloud),
    secretNames.map((name) => `putFirst gitea/${name}`),
    'and is not made again',
  );
});

for (const [when, empty] of [
  ['where there was nothing', false],
  ['where Terraform had made them', true],
] as const) {
  t.test(`aws: two first deploys at once end with one SECRET_KEY, ${when}`, async (t) => {
    for (let at = 0; at < 3 * secretNames.length; at++) {
      const { cloud, open, current } = aws();
      if (empty) for (const name of secretNames) cloud.secrets.set(`gitea/${name}`, { versions: new Map() });
      let other: Awaited<ReturnType<typeof madeIn>> | undefined;
      let left = at;
      // The other operator's whole run falls before one write of ours: each of them in turn.
      cloud.before = async (request) => {
        if (/^(read|describe)/.test(request) || left-- > 0 || other) return;
        cloud.before = () => {};
        other = await madeIn(open());
      };
      const ours = await madeIn(open());
      for (const name of secretNames) {
        t.equal(ours[name].reveal(), current(name), name);
        if (other) t.equal(ours[name].reveal(), other[name].reveal(), name);
      }
    }
  });
}

t.test('aws: a secret in use is not replaced by a save', async (t) => {
  const { open, current } = aws();
  const store = open();
  const { gitea_secret_key: key } = await madeIn(store);
  for (const each of [store, open()])
    await t.rejects(each.save({ gitea_secret_key: 'another' }), {
      name: 'RunbookError',
      exitCode: 22,
      parts: { what: /gitea_secret_key has another value there/, next: /rotate-secrets\.mjs/ },
    });
  t.equal(current('gitea_secret_key'), key.reveal());
});

t.test('aws: whoever lost the race knows it from then on', async (t) => {
  const { open, current } = aws();
  const late = open();
  await late.load();
  const { gitea_secret_key: key } = await madeIn(open());
  await late.save({ gitea_secret_key: 'ours' });
  t.match(await late.load(), { gitea_secret_key: key.reveal() });
  await t.rejects(late.save({ gitea_secret_key: 'ours' }), { name: 'RunbookError', exitCode: 22 });
  t.equal(current('gitea_secret_key'), key.reveal());
});

t.test('aws: cut off anywhere in a promotion, the next one ends it', async (t) => {
  for (let at = 0; at < 6; at++) {
    const { cloud, open } = aws();
    await madeIn(open());
    const staged = { postgres_password: 'new', gitea_metrics_token: 'token' };
    await open().stage(staged);
    let left = at;
    cloud.before = () => {
      if (left-- === 0) throw new Error('cut off');
    };
    await t.rejects(open().promote(Object.keys(staged)), /cut off/);
    cloud.before = () => {};
    const rest = await open().pending();
    const now = await open().load();
    for (const name of Object.keys(staged) as (keyof typeof staged)[])
      t.not(name in rest, now[name] === staged[name], `${at}: ${name} is either staged or current`);
    await open().promote(Object.keys(staged));
    t.match(await open().load(), staged);
    t.same(await open().pending(), {});
  }
});

t.test('a store that loses what it was given is not gone on with', async (t) => {
  const { open } = aws();
  const store = { ...open(), load: async () => ({}) };
  await t.rejects(madeIn(store), {
    name: 'RunbookError',
    exitCode: 14,
    parts: { where: store.label },
  });
});

t.test('aws: staging the same value again writes nothing', async (t) => {
  const { cloud, open } = aws();
  await madeIn(open());
  await open().stage({ postgres_password: 'new' });
  cloud.seen.length = 0;
  await open().stage({ postgres_password: 'new' });
  t.same(writes(cloud), []);
});
