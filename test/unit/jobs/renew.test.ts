import t from 'tap';
import type { Command, Host } from '../../../lib/host/port.ts';
import { renew } from '../../../lib/jobs/renew/index.ts';
import { input } from '../phases/input.ts';

/** A host whose certificate is `after` once the script that gets one has ended with `code`; `log` is what happened, in order. */
function fakeHost(after: string, code = 0) {
  const log: string[] = [];
  let current = 'before';
  const answer = (stdout = '', ended = 0) => ({ code: ended, stdout, stderr: '' });
  const host: Host = {
    label: 'this machine',
    query: async ({ argv }: Command) => answer(argv?.[0] === 'readlink' ? current : ''),
    run: async ({ script = '', argv = [], stdin }: Command) => {
      if (script.includes('certonly')) {
        log.push(/--(force-renewal|keep-until-expiring)/.exec(script)?.[1] ?? 'neither');
        current = after;
        return answer('what certbot said', code);
      }
      log.push(`record ${/"outcome":"(\w+)"/.exec(`${script}${argv.join(' ')}${stdin}`)?.[1]}`);
      return answer();
    },
    put: async () => {},
    hold: async (script) => {
      log.push(script.includes('shared') ? 'lock shared' : 'lock');
      return {
        ...{ firstLine: 'held', lost: new Promise<void>(() => {}) },
        release: async () => {
          log.push('free');
        },
      };
    },
    close: async () => {},
  };
  return { host, log };
}
const { config } = input();
const run = (host: Host) => renew(config, host);

t.test('a renewal: beside a backup, only when it is due, on record, and the host is free after it', async (t) => {
  for (const [after, changed] of [
    ['after', true],
    ['before', false],
  ] as const) {
    const { host, log } = fakeHost(after);
    t.same(await run(host), { changed });
    t.same(log, ['lock shared', 'keep-until-expiring', `record ${changed ? 'changed' : 'converged'}`, 'free']);
  }
});

t.test('a renewal that fails is on record, in the words of certbot, and the host is free after it', async (t) => {
  const { host, log } = fakeHost('before', 1);
  await t.rejects(run(host), { exitCode: 20, message: /could not be renewed; the one before.*what certbot said/s });
  t.same(log, ['lock shared', 'keep-until-expiring', 'record changeFailed', 'free']);
});
