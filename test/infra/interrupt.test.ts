// Ctrl-C in the middle of an apply: the state is saved, the lock is free, the next apply goes on.
import { existsSync } from 'node:fs';
import t from 'tap';
import type { RunEvent } from '../../lib/core/event.ts';
import { failureOf, setUp } from './setup.ts';

t.setTimeout(120_000);

t.test('interrupted while something protected is made', async (t) => {
  for (const address of ['aws_ebs_volume.data', 'aws_instance.host']) {
    const run = await setUp(t);
    run.script({ hang: address });
    const controller = new AbortController();
    const onEvent = (event: RunEvent) => {
      run.events.push(event);
      if (event.type === 'step' && event.text === `${address}: still creating, 10 s`) {
        t.ok(existsSync(run.lockFile), 'locked while it works');
        controller.abort();
      }
    };
    const failure = await failureOf(run.apply({ signal: controller.signal, onEvent }));
    t.match(failure, {
      exitCode: 130,
      message: /has ended what it was in the middle of, saved its state and freed the lock/,
    });
    t.notOk(existsSync(run.lockFile));
    const tainted = run
      .state()
      .resources.filter(({ instances }: { instances: { status?: string }[] }) => instances[0]?.status);
    t.same(
      tainted.map(({ type, name }: { type: string; name: string }) => `${type}.${name}`),
      [address],
    );

    run.script({});
    if (address === 'aws_ebs_volume.data')
      t.match(await failureOf(run.plan()), {
        exitCode: 22,
        message: /an apply was cut off while it made aws_ebs_volume\.data/,
      });
    else {
      await run.plan();
      t.match(run.steps().at(-1), /the next one takes it up, it replaces nothing/);
    }
    const id = tainted[0].instances[0].attributes.id;
    const report = await run.apply({ approveLoss: async () => void t.fail('nothing is lost') });
    t.match(report, { outcome: 'changed', summary: { losses: [] } });
    t.ok(run.steps().includes(`${address}: taken up again where an earlier run was cut off`));
    const now = run.state().resources.find((one: { type: string }) => one.type === tainted[0].type);
    t.equal(now.instances[0].attributes.id, id, 'it is still the same one');
  }
});

t.test('interrupted before anything is begun', async (t) => {
  const run = await setUp(t);
  const signal = AbortSignal.abort();
  t.match(await failureOf(run.apply({ signal })), {
    exitCode: 130,
    message: /interrupted before anything was changed/,
  });
});
