import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { AccountSpec } from '../../../lib/core/spec.ts';
import type { Lock } from '../../../lib/engine/lock.ts';
import { localHost } from '../../../lib/host/local.ts';
import { collectPasswords } from '../../../lib/jobs/deploy/accounts.ts';
import type { SecretStore } from '../../../lib/secrets/store.ts';

/** A host with the files of these accounts, its lock, and a store; `log` is the order of what was done to them. */
function setUp(t: Test, files: Readonly<Record<string, string>>, fails: { save?: true; confirm?: true } = {}) {
  const folder = t.testdir({ ...files });
  const log: string[] = [];
  const local = localHost();
  const kept: Record<string, string> = {};
  const there = () => Object.keys(files).filter((name) => existsSync(join(folder, name)));
  const held = {
    host: {
      ...local,
      run: async (command: Parameters<typeof local.run>[0]) => {
        log.push(`run ${command.argv?.[0]}`);
        return local.run(command);
      },
    },
    confirm: async () => {
      log.push('confirm');
      if (fails.confirm) throw new Error('the lock is lost');
    },
  } as unknown as Lock;
  const store = {
    save: async (values: Record<string, string>) => {
      log.push(`save over ${there().join(' ')}`);
      if (fails.save) throw new Error('the disk is full');
      Object.assign(kept, values);
    },
  } as unknown as SecretStore;
  const spec = (username: string, token = false) =>
    ({
      ...{ kind: 'account', id: username, phase: 'accounts', username, passwordFile: join(folder, username) },
      ...(token ? { token: {} } : {}),
    }) as unknown as AccountSpec;
  return { log, kept, there, spec, folder, collect: (...specs: AccountSpec[]) => collectPasswords(held, specs, store) };
}

t.test('a first password: the store has it before the copy of the host goes', async (t) => {
  const { log, kept, there, spec, collect } = setUp(t, { alice: 'it is: "new" ü' });
  t.same(await collect(spec('alice')), ['gitea_password_alice']);
  t.same(log, ['confirm', 'save over alice', 'run rm']);
  t.same(kept, { gitea_password_alice: 'it is: "new" ü' });
  t.same(there(), []);
  t.same(await collect(spec('alice')), [], 'and once');
});

t.test('a first password that cannot be kept stays on the host, and is found the next time', async (t) => {
  for (const fails of [{ save: true }, { confirm: true }] as const) {
    const { log, there, spec, collect } = setUp(t, { alice: 'new' }, fails);
    await t.rejects(collect(spec('alice')), /disk is full|lock is lost/);
    t.same(there(), ['alice']);
    t.notOk(log.includes('run rm'));
  }
});

t.test('a first password: an account before it that has none, and one that nobody signs in with', async (t) => {
  const { kept, there, spec, collect } = setUp(t, { probe: 'p', bob: 'b' });
  t.same(await collect(spec('alice'), spec('probe', true), spec('bob')), ['gitea_password_bob']);
  t.same(kept, { gitea_password_bob: 'b' });
  t.same(there(), [], 'the file of the checks goes as well');
});

t.test('a first password: an empty file is none', async (t) => {
  const { log, spec, folder, collect } = setUp(t, {});
  writeFileSync(join(folder, 'alice'), '');
  t.same(await collect(spec('alice')), []);
  t.same(log, []);
});
