// The kind with its scripts run for real; systemd and sshd are played, and the system's folders lie somewhere else.
import { chmodSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sha256 } from '../../../lib/core/hash.ts';
import type { SshdSpec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Reconnectable } from '../../../lib/host/port.ts';
import { sshd } from '../../../lib/kinds/access/sshd.ts';

const started = '2026-11-23 12:00:00';

/** A host whose sshd is `state`, or whose socket is; `fit` is what `sshd -t` says of the settings. */
function setUp(t: Test, { state = 'active', socket = false, fit = true } = {}) {
  const folder = t.testdir({ bin: {}, etc: {}, run: {}, var: {} });
  const at = (path: string) => join(folder, path);
  const program = (name: string, script: string) => {
    writeFileSync(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(at(`bin/${name}`), 0o755);
  };
  const spec: SshdSpec = { kind: 'sshd', id: 'sshd', phase: 'system', path: at('etc/ours.conf'), content: 'ours\n' };
  const now = `$(cat ${spec.path} 2>/dev/null)`;
  program(
    'systemctl',
    `case "$*" in
'show -p ActiveState --value ssh.service') echo ${state} ;;
'show --timestamp=us -p ActiveEnterTimestamp --value ssh.service') echo 'Mon ${started}.500000 UTC' ;;
'-q is-active ssh.socket') exit ${socket ? 0 : 3} ;;
'reset-failed ssh.service') echo 'starts counted anew' >> ${at('log')} ;;
*restart*) echo "$* with ${now}" >> ${at('log')} ;;
esac`,
  );
  program('systemd-run', `echo "armed over ${now}" >> ${at('log')}`);
  program('sshd', `[ -d ${at('run/sshd')} ] || exit 9; echo "sshd $* of ${now}" >> ${at('log')}; exit ${fit ? 0 : 1}`);
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
      .replaceAll('/run/sshd', at('run/sshd'))
      .replace(/(printf '%s' )(\S+)(?= \| base64 -d)/g, (_, begin: string, code: string) => {
        const inner = elsewhere(Buffer.from(code, 'base64').toString());
        return begin + Buffer.from(inner).toString('base64');
      });
  const local = localHost();
  const moved = (command: Command) => ({ ...command, script: elsewhere(command.script ?? '') });
  const host: Reconnectable = {
    ...local,
    run: (command) => local.run(moved(command)),
    query: (command) => local.query(moved(command)),
    reconnect: async () => localHost(),
  };
  const look = async () => {
    const { stdout } = await host.query({ script: sshd.snippet([spec]) });
    return sshd.parse(stdout, [spec]).get(spec.id)!;
  };
  return {
    ...{ spec, at, look },
    log: () => (existsSync(at('log')) ? readFileSync(at('log'), 'utf8').trim().split('\n') : []),
    /** The settings as they lie there, written so many seconds after sshd has started. */
    write: (text: string, after: number) => {
      writeFileSync(spec.path, text);
      const time = Date.parse(`${started.replace(' ', 'T')}.500Z`) / 1000 + after;
      utimesSync(spec.path, time, time);
    },
    why: async () => sshd.diff(spec, await look())?.why,
    apply: async () => {
      const observed = await look();
      await sshd.apply(spec, sshd.diff(spec, observed)!, { host, progress: () => {} }, observed);
    },
  };
}

t.test('what is found: the settings, whether sshd has read them, whether somebody has confirmed them', async (t) => {
  const { write, why, look, at } = setUp(t);
  t.strictSame(await look(), { hash: undefined, stale: false, unconfirmed: false });
  t.equal(await why(), 'do not exist');
  write('theirs\n', -1);
  t.equal(await why(), 'content differs');
  write('ours\n', -1);
  t.strictSame(await look(), { hash: sha256('ours\n'), stale: false, unconfirmed: false });
  t.equal(await why(), undefined);
  write('ours\n', 0);
  t.equal(await why(), undefined, 'in the very moment of the start');
  write('ours\n', 0.25);
  t.equal(await why(), 'sshd started before they were written', 'a quarter of a second later');
  mkdirSync(at('var/unconfirmed/sshd'), { recursive: true });
  t.equal(await why(), 'nobody has confirmed them yet', 'which counts before that');
  write('theirs\n', -1);
  t.equal(await why(), 'content differs', 'and what they say before all');
});

t.test('an sshd that does not run reads them by itself when it starts again', async (t) => {
  const { write, why } = setUp(t, { state: 'inactive' });
  write('ours\n', 60);
  t.equal(await why(), undefined);
});

t.test('taken: the way back first, then the settings, checked before they are put into force', async (t) => {
  const { write, apply, why, log, spec } = setUp(t);
  write('theirs\n', -1);
  await apply();
  t.strictSame(log(), ['armed over theirs', 'sshd -t of ours', 'starts counted anew', 'restart ssh.service with ours']);
  t.equal(readFileSync(spec.path, 'utf8'), 'ours\n');
  t.not(await why(), 'nobody has confirmed them yet');
});

t.test('where systemd listens, an sshd that does not run is not started', async (t) => {
  const { apply, log } = setUp(t, { socket: true, state: 'inactive' });
  await apply();
  t.strictSame(log(), ['armed over ', 'sshd -t of ours', 'starts counted anew', 'try-restart ssh.service with ours']);
});

t.test('settings that sshd does not take: those of before lie there again, and nothing was restarted', async (t) => {
  const { write, apply, log, spec } = setUp(t, { fit: false });
  write('theirs\n', -1);
  await t.rejects(apply(), { exitCode: 20, message: /refuses the sshd settings; the old ones are in force/ });
  t.strictSame(log(), ['armed over theirs', 'sshd -t of ours']);
  t.equal(readFileSync(spec.path, 'utf8'), 'theirs\n');
});
