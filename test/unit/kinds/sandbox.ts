import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../lib/core/change.ts';
import type { Spec } from '../../../lib/core/spec.ts';
import { localHost } from '../../../lib/host/local.ts';
import type { Command, Host } from '../../../lib/host/port.ts';
import { kinds } from '../../../lib/kinds/index.ts';
import type { Kind } from '../../../lib/kinds/kind.ts';

/**
 * This machine with some of its programs played: `programs` are shell scripts by name, and each call of one is a line in
 * what `calls` gives. Scripts run for real.
 */
export function sandbox(root: string, programs: Readonly<Record<string, string>> = {}) {
  const [bin, log] = [join(root, '.bin'), join(root, '.calls')];
  mkdirSync(bin, { recursive: true });
  writeFileSync(log, '');
  const play = (name: string, text: string) =>
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> '${log}'\n${text}\n`, { mode: 0o755 });
  for (const [name, text] of Object.entries(programs)) play(name, text);
  const real = localHost();
  const played = (command: Command): Command =>
    'script' in command ? { ...command, script: `PATH='${bin}':$PATH\n${command.script}` } : command;
  const host: Host = {
    ...real,
    query: (command) => real.query(played(command)),
    run: (command) => real.run(played(command)),
  };
  const calls = () => readFileSync(log, 'utf8').trim().split('\n').filter(Boolean);
  return { host, calls, play };
}

/** What the kind of a spec finds on the host and wants to change. */
export async function look(host: Host, spec: Spec) {
  // biome-ignore lint/suspicious/noExplicitAny: each kind reads back its own spec and observation.
  const kind = kinds[spec.kind] as Kind<any, any>;
  const { stdout } = await host.query({ script: kind.snippet([spec]) });
  const observed = kind.parse(stdout, [spec]).get(spec.id);
  const change: Change | undefined = kind.diff(spec, observed);
  const apply = () => kind.apply(spec, change!, { host, progress: () => {} }, observed);
  return { observed, change, apply };
}
