// The job itself, on a host on which all is as wanted but for one thing, whose change does what the test says.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import type { Secret } from '../../../lib/core/secret.ts';
import type { AccountSpec, FileSpec } from '../../../lib/core/spec.ts';
import { factsScript } from '../../../lib/engine/facts.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { type DeployOptions, deploy } from '../../../lib/jobs/deploy/index.ts';
import { plan } from '../../../lib/jobs/plan/index.ts';
import { account } from '../../../lib/kinds/gitea/account.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { input } from '../phases/input.ts';

/** `certificate` is what happens when it is to be had. */
function setUp(
  t: Test,
  certificate: () => Promise<void>,
  onHost: { readonly secrets?: readonly string[]; readonly settingUp?: boolean } = {},
) {
  const folder = t.testdir({ secrets: {} });
  const password = join(folder, 'password');
  const file = join(folder, 'gitea.secrets.yaml');
  const all = kinds as unknown as Record<string, object>;
  const nothing: Record<string, object> = { account: {}, compose: { containers: new Map(), images: new Map() } };
  for (const [name, kind] of Object.entries(all)) {
    all[name] = {
      ...{ kind: name, snippet: () => 'true', diff: () => undefined },
      parse: (_: string, specs: readonly { id: string }[]) => new Map(specs.map(({ id }) => [id, nothing[name]])),
    };
    t.teardown(() => {
      all[name] = kind;
    });
  }
  Object.assign(all.certificate!, {
    diff: (spec: never) => changeOf(spec, 'create', 'certificate', 'there is none'),
    apply: certificate,
  });
  const local = localHost();
  const log: string[] = [];
  const looks: string[] = [];
  const query = async (command: Command) => {
    const { script = '' } = command;
    if (script.includes('base64 -w0')) {
      const kept = existsSync(password) ? readFileSync(password).toString('base64') : '';
      return { code: 0, stdout: `${kept}\n\n`, stderr: '' };
    }
    if (script.includes('cloud-init status --wait')) {
      looks.push('wait');
      return { code: 0, stdout: '', stderr: '' };
    }
    if (script.startsWith('ls ')) return { code: 0, stdout: (onHost.secrets ?? []).join('\n'), stderr: '' };
    const output = await local.query(command);
    if (script.includes('@@gitea-runbooks')) looks.push('look');
    const setsUp = onHost.settingUp && script.includes('/run/cloud-init/enabled') && !looks.includes('wait');
    return setsUp ? { ...output, stdout: `${output.stdout}\nsetup=yes\n` } : output;
  };
  const host: Host = {
    ...local,
    query,
    run: async ({ argv, script }) => {
      if (argv?.[0] === 'rm') log.push(`rm over ${readFileSync(file, 'utf8').includes('gitea_password_alice')}`);
      return { code: script?.includes('exit 9') ? 9 : 0, stdout: '', stderr: '' };
    },
    put: async () => {},
    hold: async () => {
      const { stdout } = await query({ script: factsScript });
      const firstLine = `held\t${Buffer.from(stdout).toString('base64')}`;
      return { firstLine, lost: new Promise(() => {}), release: async () => {} };
    },
  };
  const { config } = input({ config: { secrets: { source: 'file', file } } });
  const run = (approve?: DeployOptions['approve']) =>
    deploy(config, host, { checks: 'none', ...(approve ? { approve } : {}) });
  return { run, host, config, all, password, file, log, looks };
}

t.test(
  'a certificate that cannot be had: the first password is delivered all the same, and the run fails',
  async (t) => {
    const box = setUp(t, async () => {
      // The administrator was made a moment before.
      writeFileSync(box.password, 'first');
      throw new RunbookError('changeFailed', { what: 'no certificate could be had', next: 'wait' });
    });
    await t.rejects(box.run(), { exitCode: 20, message: /no certificate could be had/ });
    t.match(readFileSync(box.file, 'utf8'), 'gitea_password_alice: first');
    t.same(box.log, ['rm over true'], 'and taken off the host only after that');
  },
);

t.test('a host that is lost under way: what was not fetched is not taken off it', async (t) => {
  const box = setUp(t, async () => {
    writeFileSync(box.password, 'first');
    throw new RunbookError('hostUnreachable', { what: 'connection lost', next: 'again' });
  });
  await t.rejects(box.run(), { exitCode: 12, message: /connection lost/ });
  t.notMatch(readFileSync(box.file, 'utf8'), 'gitea_password_alice');
  t.same(box.log, []);
});

const done = async () => {};

/** Every value that the secrets phase wants on the host, as each look had it. */
function watched(box: ReturnType<typeof setUp>) {
  const looks: { readonly kept: boolean; readonly key: string }[] = [];
  Object.assign(box.all.file!, {
    diff: ({ path, content }: FileSpec) => {
      if (path.endsWith('/gitea_secret_key'))
        looks.push({ kept: existsSync(box.file), key: (content as Secret).reveal() });
    },
  });
  return looks;
}

t.test('new values are kept when the host was compared with them, and before it gets any', async (t) => {
  for (const asked of [false, true]) {
    let keptBefore: boolean | undefined;
    const box = setUp(t, async () => {
      keptBefore = existsSync(box.file);
      throw new RunbookError('changeFailed', { what: 'enough', next: 'stop' });
    });
    const looks = watched(box);
    await t.rejects(box.run(asked ? done : undefined), /enough/);
    t.equal(keptBefore, true);
    t.same(
      looks.map(({ kept }) => kept),
      asked ? [false, false] : [false],
    );
    const kept = /^gitea_secret_key: (\S+)$/m.exec(readFileSync(box.file, 'utf8'))?.[1];
    for (const { key } of looks) t.equal(key, kept, 'the values that were looked with are those that are kept');
  }
});

t.test('who says no, or finds a plan that is refused, has nothing in the store', async (t) => {
  const no = () => Promise.reject(new RunbookError('refused', { what: 'not approved', next: 'nothing' }));
  const box = setUp(t, done);
  await t.rejects(box.run(no), { exitCode: 22, message: /not approved/ });
  t.notOk(existsSync(box.file));
  Object.assign(box.all.certificate!, {
    diff: (spec: never) => changeOf(spec, 'update', 'certificate', 'another one', 'destroys-data'),
  });
  await t.rejects(box.run(), { exitCode: 22, message: /would destroy data/ });
  t.notOk(existsSync(box.file));
});

t.test('a store that is not that of the host is refused, and nothing is made in it', async (t) => {
  for (const [secrets, wanted] of [
    [['gitea_secret_key', 'inputs_key'], /there is no gitea_secret_key in the secret store/],
    [['gitea_secret_key', 'postgres_password.gitea_b'], /no postgres_password and no gitea_secret_key in/],
  ] as const) {
    const box = setUp(t, done, { secrets });
    const both: readonly (() => Promise<unknown>)[] = [() => box.run(), () => plan(box.config, box.host)];
    for (const run of both) {
      await t.rejects(run(), { exitCode: 22, message: wanted, parts: { where: box.file, next: /security\.md/ } });
      t.notOk(existsSync(box.file), 'nothing was written');
    }
    // A value of the neighbour's name, and one that can be made anew, are no reason.
    writeFileSync(box.file, 'gitea_secret_key: k\npostgres_password: p\n');
    chmodSync(box.file, 0o600);
    t.match(await plan(box.config, box.host), { changes: [{ title: 'certificate' }] });
  }
  const other = setUp(t, done, { secrets: ['gitea_secret_key_old', 'inputs_key', 'probe_token'] });
  t.match(await plan(other.config, other.host), { changes: [{ title: 'certificate' }] });
});

t.test('somebody else was quicker: their values stay, and the run ends before it touches the host', async (t) => {
  const box = setUp(t, () => Promise.reject(new Error('touched')));
  const theirs = `gitea_secret_key: theirs\n`;
  const quick = async () => {
    writeFileSync(box.file, theirs);
    chmodSync(box.file, 0o600);
  };
  const looks = watched(box);
  await t.rejects(box.run(quick), /touched/, 'seen by the second look, and gone on with');
  t.equal(looks[1]?.key, 'theirs');
  t.match(readFileSync(box.file, 'utf8'), theirs);
});

t.test('a first password that was lost is made anew, told, and only once', async (t) => {
  const box = setUp(t, done);
  Object.assign(box.all.certificate!, { diff: () => undefined });
  const observed = { exists: true, untouched: true, hasPassword: false, hasToken: true };
  const renewed: unknown[] = [];
  Object.assign(box.all.account!, {
    parse: (_: string, specs: readonly AccountSpec[]) =>
      new Map(specs.map(({ id, admin }) => [id, admin ? observed : { ...observed, untouched: false }])),
    diff: (spec: AccountSpec, found: never) => account.diff(spec, found),
    apply: async (spec: AccountSpec) => {
      renewed.push(spec.username);
      writeFileSync(box.password, spec.newPassword!.reveal());
    },
  });
  t.match(await plan(box.config, box.host), { changes: [{ title: 'Gitea account alice', action: 'refresh' }] });
  t.match(await box.run(), { outcome: 'changed', delivered: ['gitea_password_alice'] });
  t.same(renewed, ['alice']);
  t.match(readFileSync(box.file, 'utf8'), /^gitea_password_alice: [\w-]{24}$/m);
  t.match(await box.run(), { outcome: 'converged', delivered: [] }, 'the store has one now');
  t.same(renewed, ['alice']);
});

t.test('a host that cloud-init still sets up is not looked at before that has come to its end', async (t) => {
  for (const settingUp of [true, false]) {
    const box = setUp(t, () => Promise.reject(new RunbookError('hostUnreachable', { what: 'lost', next: 'x' })), {
      settingUp,
    });
    await t.rejects(box.run(), { exitCode: 12, message: /lost/ });
    t.equal(box.looks[0], settingUp ? 'wait' : 'look');
  }
});
