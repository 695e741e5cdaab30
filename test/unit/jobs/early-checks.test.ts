// The quick checks of a deploy, which begin beside the look. Nothing serves where they look, so that each fails at once.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import t, { type Test } from 'tap';
import type { RunEvent } from '../../../lib/core/event.ts';
import { factsScript } from '../../../lib/engine/facts.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Host } from '../../../lib/host/port.ts';
import { deploy } from '../../../lib/jobs/deploy/index.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { changeOf } from '../../../lib/kinds/text.ts';
import { input } from '../phases/input.ts';

const quickChecks = 9;

/** A host on which all is as wanted, or but for one thing, whose change is `change`. */
function setUp(t: Test, change?: (bundle: string) => void) {
  const folder = t.testdir({});
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
  const bundle = join(folder, 'ca.pem');
  writeFileSync(bundle, rootCertificates[0]!);
  let made = change === undefined;
  Object.assign(all.certificate!, {
    diff: (spec: never) => (made ? undefined : changeOf(spec, 'create', 'certificate', 'there is none')),
    apply: async () => {
      change?.(bundle);
      made = true;
    },
  });
  const local = localHost();
  const host: Host = {
    ...local,
    query: async (command) =>
      /base64 -w0|^ls /.test(command.script ?? '') ? { code: 0, stdout: '', stderr: '' } : local.query(command),
    run: async () => ({ code: 0, stdout: '', stderr: '' }),
    put: async () => {},
    hold: async () => {
      const { stdout } = await local.query({ script: factsScript });
      const firstLine = `held\t${Buffer.from(stdout).toString('base64')}`;
      return { firstLine, lost: new Promise(() => {}), release: async () => {} };
    },
  };
  const { config } = input({
    config: {
      secrets: { source: 'file', file: join(folder, 'gitea.secrets.yaml') },
      host: { address: '127.0.0.1' },
      verify: { dnsServer: '127.0.0.1:9' },
      tls: { caBundle: bundle },
    },
  });
  const told: string[] = [];
  const onEvent = ({ type }: RunEvent) => void told.push(type);
  return { run: () => deploy(config, host, { checks: 'quick', onEvent }), told };
}

t.test('nothing to do: what they saw counts, and is told once, behind the plan', async (t) => {
  const box = setUp(t);
  await t.rejects(box.run(), { exitCode: 21, message: /checks/ });
  t.ok(box.told.indexOf('check') > box.told.indexOf('plan'));
  t.equal(box.told.filter((type) => type === 'check').length, quickChecks);
});

t.test('a change: what they saw before it does not count, and is not told', async (t) => {
  // Without this file no check can be made any more: those from before have read it.
  const box = setUp(t, (bundle) => rmSync(bundle));
  await t.rejects(box.run(), { exitCode: 10, message: /caBundle/ });
  t.notOk(box.told.includes('check'));
});
