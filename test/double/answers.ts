/** The commands that only answer, and the small ones that change the state by hand. */
import { existsSync, readFileSync } from 'node:fs';
import { lockError, type SavedPlan } from './apply.ts';
import type { Module } from './module.ts';
import { addressOf, storeOf, version } from './state.ts';

/** Ends as Terraform does where it cannot even speak JSON. */
export function fail(text: string): never {
  process.stderr.write(`\nError: ${text}\n\n`);
  process.exit(1);
}

export async function ask(
  name: string,
  module: Module,
  flags: Map<string, string[]>,
  words: readonly string[],
): Promise<number> {
  const store = storeOf(module, process.cwd());
  const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  switch (name) {
    case 'show':
      if (!words[0] || !existsSync(words[0]))
        fail(`Failed to read the given file as a state or plan file: ${words[0]}`);
      print(showPlan(JSON.parse(readFileSync(words[0], 'utf8'))));
      return 0;
    case 'output': {
      const { outputs } = await store.read();
      print(Object.fromEntries(Object.entries(outputs).map(([key, one]) => [key, { sensitive: false, ...one }])));
      return 0;
    }
    case 'state pull':
      print(await store.read());
      return 0;
    case 'state list': {
      const { resources } = await store.read();
      for (const one of resources)
        for (const { index_key } of one.instances) process.stdout.write(`${addressOf(one, index_key)}\n`);
      return 0;
    }
    case 'state push':
      await store.save(JSON.parse(readFileSync(words[0] ?? '', 'utf8')));
      return 0;
    case 'force-unlock':
      if (!flags.has('force')) fail('the double asks nothing: -force');
      if (!(await store.forceUnlock(words[0] ?? ''))) fail('Failed to unlock state');
      return 0;
    default:
      return untaint(store, words[0] ?? '');
  }
}

async function untaint(store: ReturnType<typeof storeOf>, address: string): Promise<number> {
  const held = await store.lock('OperationTypeInvalid');
  if ('holder' in held) fail(lockError(held.holder).detail);
  const state = await store.read();
  const found = state.resources.flatMap((one) =>
    one.instances.filter(({ index_key }) => addressOf(one, index_key) === address),
  );
  const [instance] = found;
  if (instance?.status !== 'tainted') {
    await held.unlock();
    fail(`Resource instance ${address} is not currently tainted`);
  }
  delete instance.status;
  await store.save(state);
  await held.unlock();
  return 0;
}

/** The plan in the format of `terraform show -json` (jsonplan in Terraform's sources). */
function showPlan({ changes, drift, vars }: SavedPlan & { drift: SavedPlan['changes'] }): unknown {
  const change = ({
    address,
    type,
    name,
    key,
    module,
    actions,
    reason,
    before,
    after,
    afterUnknown,
    replacePaths,
  }: SavedPlan['changes'][number]) => ({
    address,
    ...(module ? { module_address: module } : {}),
    mode: 'managed',
    type,
    name,
    ...(key === undefined ? {} : { index: key }),
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: {
      actions,
      before,
      after,
      after_unknown: Object.fromEntries(afterUnknown.map((attribute) => [attribute, true])),
      before_sensitive: before === null ? false : {},
      after_sensitive: after === null ? false : {},
      ...(replacePaths.length > 0 ? { replace_paths: replacePaths } : {}),
    },
    ...(reason ? { action_reason: reason } : {}),
  });
  return {
    format_version: '1.2',
    terraform_version: version,
    variables: Object.fromEntries(Object.entries(vars).map(([name, value]) => [name, { value }])),
    ...(drift.length > 0 ? { resource_drift: drift.map(change) } : {}),
    resource_changes: changes.map(change),
    timestamp: new Date().toISOString(),
    applyable: changes.some(({ actions }) => actions[0] !== 'no-op'),
    complete: true,
    errored: false,
  };
}
