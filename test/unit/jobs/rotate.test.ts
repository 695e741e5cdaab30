// The job itself, on a host that is a few maps: what it changes, in which order, and what is left wherever it is cut off.
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { parse } from 'yaml';
import { loginOf } from '../../../lib/core/database-login.ts';
import { RunbookError } from '../../../lib/core/errors.ts';
import { Secret } from '../../../lib/core/secret.ts';
import type { ComposeSpec, FileSpec, LeftoversSpec, LoginSpec } from '../../../lib/core/spec.ts';
import { factsScript } from '../../../lib/engine/facts.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host, Output } from '../../../lib/host/port.ts';
import { deploy } from '../../../lib/jobs/deploy/index.ts';
import { type RotateOptions, rotate } from '../../../lib/jobs/rotate/index.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { layout } from '../../../lib/phases/layout.ts';
import { fileStore } from '../../../lib/secrets/file-store.ts';
import { rotatable } from '../../../lib/secrets/rotation.ts';
import { input } from '../phases/input.ts';

const good = (role: string) => `gitea_metrics_token\t200\t401\tyes
gitea_internal_token\t404\t403\tyes
gitea_lfs_jwt_secret\t\t\tyes
session\t${role}\t3
`;

/** What this machine says, asked once: no test here changes anything on it. */
const answers = new Map<string, Promise<Output>>();
const asked = (command: Command) => {
  const key = JSON.stringify(command);
  const answer = answers.get(key) ?? localHost().query(command);
  answers.set(key, answer);
  return answer;
};

const image = { ref: 'gitea/gitea:1', id: 'sha256:1', digests: ['gitea/gitea@sha256:2'] };
const inUse = {
  containers: new Map([['gitea', { service: 'gitea', ref: image.ref, image: image.id }]]),
  images: new Map([[image.ref, image]]),
};

/** What the last line of the record of a run says. */
const onRecord = ({ records }: { readonly records: readonly string[] }) =>
  JSON.parse(/'(\{.*\})'/.exec(records.at(-1)!)![1]!) as Record<string, unknown>;

/** Files with secrets, logins of the database, and the settings that Gitea was started with. Everything else is as wanted. */
function setUp(t: Test) {
  const folder = t.testdir({ secrets: {} });
  const file = join(folder, 'gitea.secrets.yaml');
  const { config } = input({
    config: { secrets: { source: 'file', file } },
  });
  const disk = new Map<string, string>();
  const logins = new Map<string, string>();
  const log: string[] = [];
  const box = {
    records: [] as string[],
    ...{ config, disk, logins, log, file, running: '', proof: undefined as string | undefined },
    store: fileStore(file),
    /** Asked before each thing that is done to the host; throws to have it fail. */
    before: (_what: string): void => {},
    /** What is found from outside: by default what fails without a rotation fails with it as well. */
    outside: (_level: string): readonly string[] => ['dns'],
    rotate: (options: RotateOptions = {}) =>
      rotate(config, host, options, async (_config, _host, _specs, level) => {
        log.push(`${level} look from outside`);
        return box
          .outside(level)
          .map((id) => ({ ...{ id, title: id, status: 'fail', detail: 'no' }, took: 0 }) as const);
      }),
    deploy: () => deploy(config, host, { checks: 'none' }),
    stored: () =>
      (existsSync(file) ? parse(readFileSync(file, 'utf8')) : {}) as Record<string, string> & {
        pending?: Record<string, string>;
      },
  };
  const act = (what: string, work: () => void) => {
    const { pending } = box.stored();
    log.push(`${what}${pending ? ', staged' : ''}`);
    box.before(what);
    work();
    // Whatever happens and wherever it ends: what Gitea runs with is let in.
    const [, role, password] = /^USER *= *(\S+)[\s\S]*^PASSWD *= *(\S+)/m.exec(box.running) ?? [];
    if (box.running && logins.get(role!) !== password) t.fail(`${what}: Gitea is locked out of its database`);
  };
  const all = kinds as unknown as Record<string, object>;
  const play = (name: string, diff: object) => {
    const kind = all[name]!;
    all[name] = {
      ...{ kind: name, snippet: () => 'true', diff: () => undefined },
      parse: (_: string, specs: readonly { id: string }[]) => new Map(specs.map(({ id }) => [id, undefined])),
      ...diff,
    };
    t.teardown(() => {
      all[name] = kind;
    });
  };
  for (const name of Object.keys(all)) play(name, {});
  play('account', {
    parse: (_: string, specs: readonly { id: string }[]) => new Map(specs.map(({ id }) => [id, { exists: true }])),
  });
  const told = (spec: never, title: string) => changeOf(spec, 'update', title, 'differs');
  play('file', {
    diff: (spec: FileSpec) =>
      !(spec.content instanceof Secret) || disk.get(spec.path) === spec.content.reveal()
        ? undefined
        : told(spec as never, spec.path),
    apply: async ({ path, content }: FileSpec) =>
      act(basename(path).replace(/\.[0-9a-f]{12}$/, ''), () => disk.set(path, (content as Secret).reveal())),
  });
  play('login', {
    diff: (spec: LoginSpec) =>
      logins.get(spec.role) === spec.password?.reveal() ? undefined : told(spec as never, spec.role),
    apply: async (spec: LoginSpec) =>
      act(`${spec.password ? 'open' : 'close'} ${spec.role}`, () =>
        spec.password ? logins.set(spec.role, spec.password.reveal()) : logins.delete(spec.role),
      ),
  });
  const wanted = ({ services }: ComposeSpec) =>
    services.flatMap(({ reads }) => (reads ?? []).map(({ content }) => content.reveal())).join();
  play('compose', {
    parse: (_: string, specs: readonly { id: string }[]) => new Map(specs.map(({ id }) => [id, inUse])),
    diff: (spec: ComposeSpec) => (wanted(spec) === box.running ? undefined : told(spec as never, 'containers')),
    apply: async (spec: ComposeSpec) =>
      act('containers', () => {
        box.running = wanted(spec);
      }),
  });
  const left = ({ directory, stems, keep }: LeftoversSpec) =>
    [...disk.keys()].filter((path) => {
      const name = path.slice(directory.length + 1).split('/')[0]!;
      const mine =
        path.startsWith(`${directory}/`) && stems.some((stem) => name === stem || name.startsWith(`${stem}.`));
      return mine && !keep.includes(name);
    });
  play('leftovers', {
    diff: (spec: LeftoversSpec) => (left(spec).length === 0 ? undefined : told(spec as never, 'old files')),
    apply: async (spec: LeftoversSpec) =>
      act(`sweep ${basename(spec.directory)}`, () => {
        for (const path of left(spec)) disk.delete(path);
      }),
  });
  const host: Host = {
    ...localHost(),
    query: async (command) =>
      command.script?.includes('\nkept() {')
        ? { code: 0, stdout: box.proof ?? good(loginOf(new Secret('x', next(box))).role), stderr: '' }
        : command.script?.includes('base64 -w0')
          ? { code: 0, stdout: '\n\n', stderr: '' }
          : asked(command),
    run: async ({ argv, script }) => {
      if (script?.includes('runs.jsonl')) box.records.push(script);
      if (argv?.[0] === 'true') act('ask for the lock', () => {});
      return { code: 0, stdout: '', stderr: '' };
    },
    put: async () => {},
    hold: async (script) => {
      log.push(script.includes('"exclusive"') ? 'lock' : 'lock of another mode');
      const { stdout } = await asked({ script: factsScript });
      const firstLine = `held\t${Buffer.from(stdout).toString('base64')}`;
      return { firstLine, lost: new Promise(() => {}), release: async () => void log.push('free') };
    },
  };
  return box;
}

/** The login that a rotation brings in, or has brought in. */
const next = ({ stored }: Pick<ReturnType<typeof setUp>, 'stored'>) =>
  stored().pending?.postgres_password ?? stored().postgres_password!;

/** The host runs with the values of the store and no others, and nothing waits. */
function consistent(t: Test, { stored, logins, running, disk }: ReturnType<typeof setUp>) {
  const { pending, postgres_password: value, gitea_metrics_token: token } = stored();
  const { role, password } = loginOf(new Secret('x', value!));
  t.equal(pending, undefined, 'nothing waits');
  t.strictSame([...logins], [[role, password.reveal()]], 'one login is open');
  t.match(running, password.reveal(), 'Gitea runs with it');
  t.match(running, token!, 'and with the other values');
  const files = [...disk].filter(([path]) => path.startsWith(`${layout.secrets}/gitea_metrics_token`));
  t.same(
    files.map(([, text]) => text),
    [token],
    'no old file is left',
  );
}

const lost = () => {
  throw new RunbookError('hostUnreachable', { what: 'connection lost', next: 'again' });
};
const refused = () => {
  throw new RunbookError('changeFailed', { what: 'the containers did not become healthy', next: 'wait' });
};

t.test(
  'a rotation: staged first, old and new side by side, current when they work, and then the old ones go',
  async (t) => {
    const box = setUp(t);
    await box.deploy();
    box.log.length = 0;
    const before = box.stored();
    const report = await box.rotate();
    t.match(report, { outcome: 'changed', rotated: rotatable, resumed: false, secretStore: box.file });
    t.match(onRecord(box), { event: 'end', outcome: 'changed', images: { gitea: image } });
    t.strictSame(box.log, [
      'lock',
      'quick look from outside',
      'ask for the lock',
      'postgres_password.gitea_b, staged',
      'gitea_internal_token, staged',
      'gitea_lfs_jwt_secret, staged',
      'gitea_metrics_token, staged',
      'open gitea_b, staged',
      'app.ini, staged',
      'containers, staged',
      'full look from outside',
      'ask for the lock, staged',
      'sweep config',
      'close gitea_a',
      'sweep secrets',
      'free',
    ]);
    consistent(t, box);
    const now = box.stored();
    const others = Object.keys(before).filter((name) => before[name] === now[name]);
    t.same(
      Object.keys(now)
        .filter((name) => !others.includes(name))
        .sort(),
      [...rotatable].sort(),
      'what was not asked for stays',
    );
    t.notMatch(JSON.stringify(report), new RegExp(rotatable.map((name) => now[name]).join('|')), 'no value is shown');
  },
);

t.test(
  'cut off when all is in place, it makes current what was staged, and nothing else gets a new value',
  async (t) => {
    const box = setUp(t);
    await box.deploy();
    const before = box.stored();
    const asks = () => box.log.filter((line) => line === 'ask for the lock, staged').length;
    box.before = () => (asks() === 1 ? lost() : undefined);
    await t.rejects(box.rotate({ names: ['gitea_metrics_token'] }), { name: 'RunbookError', exitCode: 12 });
    box.before = () => {};
    t.match(await box.rotate(), { resumed: true, rotated: ['gitea_metrics_token'] });
    t.equal(box.stored().postgres_password, before.postgres_password);
    consistent(t, box);
  },
);

/** A host that ends at the n-th thing that is done to it, before or after it. */
function dying(box: ReturnType<typeof setUp>, at: number) {
  let count = 0;
  box.before = () => {
    count += 1;
    if (count === at) lost();
  };
  return () => {
    box.before = () => {};
    return count >= at;
  };
}

t.test(
  'cut off before each of its steps, the next call brings it to its end, and Gitea is never locked out',
  async (t) => {
    let at = 1;
    for (; ; at++) {
      const box = setUp(t);
      await box.deploy();
      const first = box.stored();
      const wasCut = dying(box, at);
      const error = await box.rotate().catch((thrown: unknown) => thrown);
      if (!wasCut()) break;
      t.match(
        error,
        { name: 'RunbookError', exitCode: 12 },
        'nobody knows whether the new values work, so nobody goes back',
      );
      const { pending, ...current } = box.stored();
      if (pending) t.strictSame(current, first, 'the current ones are those of before');
      const { rotated, resumed } = await box.rotate();
      t.equal(resumed, at > 1, `cut before step ${at}`);
      const now = box.stored();
      for (const [name, value] of Object.entries(pending ?? {}))
        t.equal(now[name], value, `${name} is the one that waited`);
      if (at > 1 && !pending) t.strictSame([rotated, now], [[], current], 'nothing gets a second new value');
      consistent(t, box);
    }
    t.equal(at, 13, 'as many steps as there are');
  },
);

t.test(
  'cut off anywhere, a deploy goes back to the values before, or forward to those that have become current',
  async (t) => {
    for (const at of [2, 7, 8, 9, 10]) {
      const box = setUp(t);
      await box.deploy();
      const wasCut = dying(box, at);
      await t.rejects(box.rotate(), { name: 'RunbookError', exitCode: 12 });
      wasCut();
      const { pending, ...current } = box.stored();
      await box.deploy();
      t.strictSame(box.stored(), { ...current, ...(pending ? { pending } : {}) }, 'a deploy changes no secret');
      t.strictSame([...box.logins.values()], [loginOf(new Secret('x', current.postgres_password!)).password.reveal()]);
      t.equal((await box.rotate()).resumed, pending !== undefined, `${at}`);
      consistent(t, box);
    }
  },
);

t.test(
  'new values that do not work, by the containers or by the proof: the ones before are in force again',
  async (t) => {
    const failures = [
      { exitCode: 20, what: /not become healthy; the values before are in force again/, fail: 'containers' },
      { exitCode: 21, what: /with the new values 1 of \d+ checks failed; the values before are in/, fail: 'proof' },
    ];
    for (const { exitCode, what, fail } of failures) {
      const box = setUp(t);
      await box.deploy();
      const before = box.stored();
      if (fail === 'proof') box.proof = good('gitea_a');
      if (fail === 'push') box.outside = (level) => (level === 'full' ? ['dns', 'push'] : ['dns']);
      let tries = 0;
      box.before = (step) => {
        if (step === fail && ++tries === 1) refused();
      };
      await t.rejects(box.rotate(), { exitCode, message: what });
      t.match(
        onRecord(box),
        { event: 'end', error: /before are in force again/, images: { gitea: image } },
        'what runs',
      );
      t.strictSame(box.stored(), before);
      consistent(t, box);
      box.proof = undefined;
      t.match(await box.rotate(), { resumed: false, rotated: rotatable }, 'the next one begins anew');
    }
  },
);

t.test('going back does not succeed either: both failures are told, and what waits is kept', async (t) => {
  const box = setUp(t);
  await box.deploy();
  const before = box.stored();
  box.proof = good('gitea_a');
  box.log.length = 0;
  box.before = (step) => {
    if (box.log.filter((line) => line.startsWith('containers')).length === 2 && step === 'containers') refused();
  };
  await t.rejects(box.rotate(), {
    exitCode: 21,
    message: /checks failed; and going back[\s\S]*logged in to the database as gitea_a[\s\S]*did not become healthy/,
  });
  const { pending, ...current } = box.stored();
  t.strictSame(current, before);
  t.same(Object.keys(pending!).sort(), [...rotatable].sort());
});

t.test(
  'whoever interrupts it before anything is staged changes nothing; after that, the next call goes on',
  async (t) => {
    const box = setUp(t);
    await box.deploy();
    const before = box.stored();
    box.log.length = 0;
    await t.rejects(box.rotate({ signal: AbortSignal.abort() }), { name: 'AbortError' });
    t.strictSame([box.log, box.stored()], [['lock', 'quick look from outside', 'free'], before]);

    const stop = new AbortController();
    box.before = (step) => {
      if (step === 'open gitea_b') stop.abort();
    };
    await t.rejects(box.rotate({ signal: stop.signal }), { exitCode: 130, message: /before \S+app\.ini/ });
    t.ok(box.logins.has('gitea_b'), 'what was under way has been finished');
    t.match(await box.rotate(), { resumed: true });
    consistent(t, box);
  },
);

t.test('somebody else has rotated while the plan was read: refused, and theirs stays', async (t) => {
  const box = setUp(t);
  await box.deploy();
  const approve = async (changes: readonly { title: string }[], names: readonly string[]) => {
    t.strictSame([changes.length > 5, names], [true, rotatable]);
    await box.rotate();
  };
  await t.rejects(box.rotate({ approve }), {
    exitCode: 22,
    message: /secrets have changed since the plan was approved/,
  });
  consistent(t, box);
});

t.test('no is no: nothing is staged', async (t) => {
  const box = setUp(t);
  await box.deploy();
  const before = box.stored();
  await t.rejects(box.rotate({ approve: () => Promise.reject(new Error('no')) }), { message: 'no' });
  t.strictSame(box.stored(), before);
});
