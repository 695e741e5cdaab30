// plan.mjs with a host on AWS: infrastructure first, then the host.
import { readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { startIn } from '../unit/cli/child.ts';
import { bundle } from './bundle.ts';
import { setUp, setUpApplied } from './setup.ts';

t.setTimeout(120_000);

const runbook = await bundle(t, 'plan');

t.test('before there is a host', async (t) => {
  const run = await setUp(t);
  const plan = (...words: string[]) => startIn(run.env, runbook, '--config', run.file, ...words).ended;
  const { code, stdout } = await plan('--exit-code');
  t.equal(code, 2);
  t.match(stdout, /^Plan for AWS account .*: 47 to create/);
  t.match(
    stdout,
    /\n\nThere is no host yet: what a deploy would do there follows after npx zx runbooks\/infra\.mjs apply\n$/,
  );
  t.match(JSON.parse((await plan('--json')).stdout), {
    infrastructure: { summary: { applies: true } },
    host: null,
    changes: [],
    unchanged: 0,
  });
  t.match(await plan('--host-only'), { code: 22, stderr: /there is no host yet/ });
});

t.test('with a host: the infrastructure is looked at first', async (t) => {
  const run = await setUpApplied(t);
  // Nobody listens there: enough to see that the host comes second, and how to leave the first out.
  writeFileSync(run.inventory, readFileSync(run.inventory, 'utf8').replace('198.51.100.7', '127.0.0.9'));
  const plan = (...words: string[]) => startIn(run.env, runbook, '--config', run.file, ...words).ended;
  t.match(await plan(), { code: 12, stderr: /^Terraform is set up/ });
  run.commands();
  t.match(await plan('--host-only'), { code: 12, stderr: /^Error: .*127\.0\.0\.9/ });
  t.same(run.commands(), [], 'no Terraform');
});
