// What a person reads when a step fails: what was to be done, on which machine, what the host said, and what to do next.
import t from 'tap';
import type { RunbookError } from '../../../lib/core/errors.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import { desiredState } from '../../../lib/phases/index.ts';
import { recorder } from '../shell/recorder.ts';
import { found, inputs } from '../shell/walk.ts';

type AnyKind = {
  apply: (spec: Spec, change: unknown, context: unknown, observed: unknown) => Promise<void>;
};

/** Carries a spec out on a host that fails at one of its calls: the error, and whether it came so far. */
async function failing(spec: Spec, at: number) {
  const { host } = recorder();
  let calls = 0;
  const run: typeof host.run = async (command) =>
    ++calls === at ? { code: 1, stdout: '', stderr: 'the host said no' } : host.run(command);
  const { apply } = kinds[spec.kind] as unknown as AnyKind;
  const error = await apply(spec, {}, { host: { ...host, run }, progress: () => {} }, found[spec.kind]).then(
    () => undefined,
    (thrown: RunbookError) => thrown,
  );
  return { error, reached: calls >= at };
}

t.test('wherever a step fails, its message is whole', async (t) => {
  const specs = inputs.flatMap((one) => desiredState(one));
  const seen = new Set<string>();
  const silent: string[] = [];
  for (const spec of specs) {
    for (let at = 1; at < 20; at++) {
      const { error, reached } = await failing(spec, at);
      if (!reached) break;
      seen.add(spec.kind);
      if (error === undefined) {
        silent.push(`${spec.kind} ${at}`);
        continue;
      }
      const words = /\S{2,} \S{2,}/;
      t.match(
        { kind: error.kind, ...error.parts },
        { kind: 'changeFailed', what: words, where: 'host', cause: /the host said no/, next: words },
        `${spec.id}, call ${at}`,
      );
    }
  }
  // The copy that a later deploy could go back to; and a folder without which the file after it fails.
  t.strictSame([...new Set(silent)].sort(), ['compose 2', 'volume 2']);
  const judged = Object.keys(kinds).filter((kind) => !['claim', 'file', 'owned'].includes(kind));
  t.strictSame([...seen].sort(), judged.sort(), 'all kinds but the one that only looks, what is put, and what goes');
});
