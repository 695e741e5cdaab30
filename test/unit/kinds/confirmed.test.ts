// The scripts run for real, with systemd's programs played and its folders somewhere else.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host, Reconnectable } from '../../../lib/host/port.ts';
import { isUnconfirmed, keepIfConfirmed, type Trial } from '../../../lib/kinds/access/confirmed.ts';

/** A host whose system folders are below `folder`, and a daemon that reads `settings` when it is told to. */
function sandbox(t: Test, reconnect: () => Promise<unknown> = async () => {}) {
  const folder = t.testdir({ bin: {}, etc: { settings: 'old\n' }, var: {} });
  const at = (path: string) => join(folder, path);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  const note = (text: string) => `echo "${text}" >> ${at('log')}`;
  program('systemctl', note('systemctl $*'));
  program('systemd-run', `${note('armed over $(cat etc/settings)')}\n${note('$*')}`.replace('etc/', at('etc/')));
  program('sync', 'true');
  const { PATH } = process.env;
  process.env.PATH = `${at('bin')}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  const elsewhere = (text: string): string =>
    text
      .replaceAll('/var/lib/gitea-runbooks', at('var'))
      .replaceAll('/etc/systemd/system', at('etc/systemd'))
      .replace(/(printf '%s' )(\S+)(?= \| base64 -d)/g, (_, start: string, code: string) => {
        const inner = Buffer.from(code, 'base64').toString();
        const moved = inner
          .replaceAll('/var/lib/gitea-runbooks', at('var'))
          .replaceAll('/etc/systemd/system', at('etc/systemd'));
        return start + Buffer.from(moved).toString('base64');
      });
  const local = localHost();
  const run = (command: Command) => local.run({ ...command, script: elsewhere(command.script ?? '') });
  const host: Reconnectable = { ...local, run, reconnect: () => reconnect().then(localHost) };
  const trial: Trial = {
    name: 'door',
    title: 'door settings',
    files: [
      { path: at('etc/settings'), content: 'new\n' },
      { path: at('etc/more'), content: "it's new too\n" },
    ],
    check: `! grep -q unfit ${at('etc/settings')}`,
    take: note(`took $(cat ${at('etc/settings')})`),
    before: ['door.service'],
    next: { unfit: 'read it', getsIn: 'has a key', lockedOut: 'leave it' },
  };
  const shell = (script: string) => execFileSync('sh', ['-c', elsewhere(script)], { encoding: 'utf8' });
  return {
    host,
    trial,
    text: (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : undefined),
    log: () => readFileSync(at('log'), 'utf8').trim().split('\n'),
    taken: () =>
      readFileSync(at('log'), 'utf8')
        .split('\n')
        .filter((line) => line.startsWith('took')),
    unconfirmed: () => shell(`${isUnconfirmed('door')} && echo yes || echo no`).trim() === 'yes',
    left: () =>
      readdirSync(at('var'), { recursive: true })
        .concat(existsSync(at('etc/systemd')) ? readdirSync(at('etc/systemd'), { recursive: true }) : [])
        .map(String)
        .filter((name) => !['unconfirmed', 'multi-user.target.wants'].includes(name)),
    /** What systemd would do at the next boot, with what it has on the disk. */
    boot: () => {
      const enabled = at('etc/systemd/multi-user.target.wants');
      for (const name of existsSync(enabled) ? readdirSync(enabled) : []) {
        const unit = readFileSync(join(enabled, name), 'utf8');
        const condition = /^ConditionPathExists=(.+)$/m.exec(unit)![1]!;
        if (existsSync(condition)) shell(/^ExecStart=(.+)$/m.exec(unit)![1]!);
      }
    },
    /** The minute is over. */
    fire: () => shell(/--unit=\S+ (.+)$/m.exec(readFileSync(at('log'), 'utf8'))![1]!),
  };
}

const progress = () => {};
const gone = () => Promise.reject(new Error('no way in'));

t.test('confirmed: kept, and nothing of the trial is left', async (t) => {
  const { host, trial, text, log, left, boot, unconfirmed } = sandbox(t);
  await keepIfConfirmed(trial, host, progress);
  t.equal(text('etc/settings'), 'new\n');
  t.equal(text('etc/more'), "it's new too\n");
  const told = log();
  const armed = told.indexOf('armed over old');
  t.ok(armed >= 0 && armed < told.indexOf('took new'), 'the way back is armed before anything is written');
  t.ok(told.lastIndexOf('systemctl stop gitea-runbooks-door-revert.timer') > told.indexOf('took new'), 'and disarmed');
  t.same(left(), []);
  t.equal(unconfirmed(), false);
  boot();
  t.equal(text('etc/settings'), 'new\n');
});

t.test(
  'a second connection that is refused: the old ones are back and in force, what was not there is gone',
  async (t) => {
    const { host, trial, text, taken, left } = sandbox(t, gone);
    await t.rejects(keepIfConfirmed(trial, host, progress), {
      exitCode: 20,
      message: /second connection with the new door settings was refused; the old ones are in force again/,
    });
    t.equal(text('etc/settings'), 'old\n');
    t.equal(text('etc/more'), undefined);
    t.same(taken(), ['took new', 'took old']);
    t.same(left(), []);
  },
);

t.test(
  'settings that are taken away need the same proof: confirmed they are gone, refused they are back',
  async (t) => {
    for (const [reconnect, wanted] of [
      [async () => {}, undefined],
      [gone, 'old\n'],
    ] as const) {
      const { host, trial, text, left, boot, log } = sandbox(t, reconnect);
      const files = [{ path: trial.files[0]!.path, content: undefined }];
      const taking = keepIfConfirmed({ ...trial, files, check: 'true', take: 'true' }, host, progress);
      if (wanted) await t.rejects(taking, { exitCode: 20, message: /the old ones are in force again/ });
      else await taking;
      t.ok(log().includes('armed over old'), 'the way back is armed while they are still there');
      t.equal(text('etc/settings'), wanted);
      t.same(left(), []);
      boot();
      t.equal(text('etc/settings'), wanted);
    }
  },
);

t.test('unfit settings never come into force', async (t) => {
  const { host, trial, text, log, left } = sandbox(t);
  const files = trial.files.map((file) => ({ ...file, content: 'unfit' }));
  await t.rejects(keepIfConfirmed({ ...trial, files }, host, progress), { exitCode: 20, message: /refuses.*read it/s });
  t.equal(text('etc/settings'), 'old\n');
  t.equal(text('etc/more'), undefined);
  t.notMatch(log().join('\n'), /took/);
  t.same(left(), []);
});

t.test('settings that do not come into force are taken back at once', async (t) => {
  const { host, trial, text, taken, left } = sandbox(t);
  const take = `${trial.take}; ! grep -q new ${trial.files[0]!.path}`;
  await t.rejects(keepIfConfirmed({ ...trial, take }, host, progress), { exitCode: 20, message: /refuses the door/ });
  t.equal(text('etc/settings'), 'old\n');
  t.same(taken(), ['took new', 'took old']);
  t.same(left(), []);
});

/** A run that ends after the new settings came into force, and before anybody could confirm them. */
async function cutOff(t: Test) {
  let cut = false;
  const box = sandbox(t, async () => {
    cut = true;
  });
  const host: Host = {
    ...box.host,
    run: (command) => (cut ? Promise.reject(new Error('the connection was lost')) : box.host.run(command)),
  };
  await t.rejects(keepIfConfirmed(box.trial, host, progress), /connection was lost/);
  t.equal(box.text('etc/settings'), 'new\n');
  t.equal(box.unconfirmed(), true);
  return box;
}

t.test('cut off: the host takes them back after a minute', async (t) => {
  const { fire, text, taken, left, unconfirmed } = await cutOff(t);
  fire();
  t.equal(text('etc/settings'), 'old\n');
  t.equal(text('etc/more'), undefined);
  t.same(taken(), ['took new', 'took old']);
  t.same(left(), []);
  t.equal(unconfirmed(), false);
});

t.test('cut off: a host that boots within the minute has the old ones before anybody reads them', async (t) => {
  const { boot, text, taken, left } = await cutOff(t);
  boot();
  t.equal(text('etc/settings'), 'old\n');
  t.equal(text('etc/more'), undefined);
  t.same(taken(), ['took new'], 'nothing waits for a service that waits for this');
  t.same(left(), []);
});

t.test('cut off twice: the settings before the first one are what comes back', async (t) => {
  const { host, trial, boot, text, left } = await cutOff(t);
  const files = [{ ...trial.files[0]!, content: 'newer\n' }, trial.files[1]!];
  const dead: Host = { ...host, run: (command) => host.run(command) };
  await t.rejects(keepIfConfirmed({ ...trial, files }, Object.assign(dead, { reconnect: gone }), progress));
  t.equal(text('etc/settings'), 'old\n');
  t.same(left(), []);
  boot();
  t.equal(text('etc/settings'), 'old\n');
});

t.test('confirming too late is no confirmation', async (t) => {
  const box = sandbox(t, async () => box.fire());
  await t.rejects(keepIfConfirmed(box.trial, box.host, progress), {
    exitCode: 20,
    message: /taken the old ones back already/,
  });
  t.equal(box.text('etc/settings'), 'old\n');
});

t.test('without a second connection there is no trial', async (t) => {
  const { trial, text } = sandbox(t);
  await t.rejects(keepIfConfirmed(trial, localHost(), progress), {
    exitCode: 22,
    message: /over a connection that proves/,
  });
  t.equal(text('etc/settings'), 'old\n');
});
