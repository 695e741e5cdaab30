// The first deploy onto a bare host, in the worst way there is: the connection is cut after every single change in turn.
import t from 'tap';
import { RunbookError } from '../../lib/core/errors.ts';
import type { RunEvent } from '../../lib/core/event.ts';
import { deploy } from '../../lib/jobs/deploy/index.ts';
import { HOST, inside, library, run, theLab } from './suite.ts';

t.setTimeout(0);
const lab = await theLab({ deployed: false });
await lab.wipeHost(HOST);

t.test('doctor finds nothing to object to on a bare host', async (t) => {
  const { code, json } = await run(lab, 'doctor');
  t.equal(code, 0, JSON.stringify(json.checks?.filter((check: { status: string }) => check.status === 'fail')));
  t.ok(json.checks.length > 10);
});

t.test('a plan of a bare host shows everything, touches nothing and keeps no secret', async (t) => {
  const before = await inside(
    lab,
    'find / -xdev -newer /proc/1/cmdline -type f 2>/dev/null | grep -v ^/proc | wc -l; dpkg -l | wc -l',
  );
  const { code, json, said } = await run(lab, 'plan', ['--exit-code']);
  t.equal(code, 2, said);
  t.ok(json.changes.length > 30, `${json.changes.length} changes`);
  t.ok(
    json.changes.every(({ why }: { why: string }) => why.length > 0),
    'each says why',
  );
  t.equal(
    await inside(
      lab,
      'find / -xdev -newer /proc/1/cmdline -type f 2>/dev/null | grep -v ^/proc | wc -l; dpkg -l | wc -l',
    ),
    before,
  );
  t.notOk(await lab.exec(HOST, 'test -e /etc/gitea-runbooks').then(({ code }) => code === 0));
});

t.test('cut after every single change in turn, the next run goes on, and at the end all is there', async (t) => {
  let cuts = 0;
  const made: string[] = [];
  for (; cuts < 120; cuts++) {
    const { config, host } = await library(lab.configPath);
    let cutAt = '';
    const cutting = (event: RunEvent) => {
      // The change after the cut fails too, for want of a connection.
      if (event.type !== 'change.end' || host.label === cutAt) return;
      cutAt = host.label;
      made.push(event.change.title);
      t.ok(event.ok, `${event.change.title}${event.ok ? '' : `: ${event.error}`}`);
      (host as unknown as { abort(): void }).abort();
    };
    const outcome = await deploy(config, host, { onEvent: cutting, checks: 'none' }).then(
      (report) => report.outcome,
      (error: unknown) => (error instanceof RunbookError ? error.kind : Promise.reject(error)),
    );
    await host.close().catch(() => {});
    if (outcome === 'converged') break;
    if (outcome !== 'hostUnreachable') return t.fail(`ended with ${outcome} after ${made.at(-1)}`);
  }
  t.ok(cuts > 30, `${cuts} cuts`);
  t.equal(
    new Set(made).size,
    made.length,
    `nothing was done twice: ${made.filter((title, at) => made.indexOf(title) !== at)}`,
  );
});

t.test('then a whole deploy has nothing to do, and the service is well from outside', async (t) => {
  const again = await run(lab, 'deploy');
  t.equal(again.code, 0, again.said);
  t.match(again.json, { outcome: 'converged', changes: [] });
  t.ok(again.json.checks.every(({ status }: { status: string }) => status === 'pass' || status === 'skip'));
  t.equal((await run(lab, 'plan', ['--exit-code'])).code, 0);
  const { json, code } = await run(lab, 'status');
  t.equal(code, 0);
  t.match(json, { healthy: true, pending: 0, certificate: { placeholder: false } });
});
