// The job itself, on a host on which all is as wanted but for one thing, whose change does what the test says.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { RunbookError } from '../../../lib/core/errors.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { deploy } from '../../../lib/jobs/deploy/index.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { input } from '../phases/input.ts';

/** `certificate` is what happens when it is to be had. */
function setUp(t: Test, certificate: () => Promise<void>) {
  const folder = t.testdir({ secrets: {} });
  const password = join(folder, 'password');
  const file = join(folder, 'gitea.secrets.yaml');
  const all = kinds as unknown as Record<string, object>;
  for (const [name, kind] of Object.entries(all)) {
    all[name] = {
      ...{ kind: name, snippet: () => 'true', diff: () => undefined },
      parse: (_: string, specs: readonly { id: string }[]) => new Map(specs.map(({ id }) => [id, undefined])),
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
  const host: Host = {
    ...local,
    query: async (command: Command) =>
      command.script?.includes('base64 -w0')
        ? {
            code: 0,
            stdout: `${existsSync(password) ? readFileSync(password).toString('base64') : ''}\n\n`,
            stderr: '',
          }
        : local.query(command),
    run: async ({ argv, script }) => {
      if (argv?.[0] === 'rm') log.push(`rm over ${readFileSync(file, 'utf8').includes('gitea_password_alice')}`);
      return { code: script?.includes('exit 9') ? 9 : 0, stdout: '', stderr: '' };
    },
    put: async () => {},
    hold: async () => ({ firstLine: 'held', lost: new Promise(() => {}), release: async () => {} }),
  };
  const { config } = input({ config: { secrets: { source: 'file', file } } });
  return { run: () => deploy(config, host, { checks: 'none' }), password, file, log };
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
