/**
 * A double of Terraform for tests: it reads the real configuration, keeps a real state and lock, and refuses what Terraform
 * refuses, but makes nothing (with DOUBLE_MAKE=moto: only what other code looks for).
 *
 * DOUBLE_STATE_DIR  where buckets are folders, when the backend names no endpoint
 * DOUBLE_SCRIPT     JSON file of what is to go wrong (plan.ts, `Script`)
 * DOUBLE_VERSION    what `version` says
 * DOUBLE_LOG        file that every command line is added to; that of the last apply's process is beside it
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { applyPlan, lockError, type SavedPlan } from './apply.ts';
import { changeSummary, diagnose, emit, emitVersion, resource } from './events.ts';
import { type Module, readModule } from './module.ts';
import { type Flags, planOf, type Script } from './plan.ts';
import { addressOf, type State, storeOf, version } from './state.ts';

const [command = '', ...rest] = process.argv.slice(2);
if (process.env.DOUBLE_LOG) {
  appendFileSync(process.env.DOUBLE_LOG, `${[command, ...rest].join(' ')}\n`);
  if (command === 'apply') writeFileSync(`${process.env.DOUBLE_LOG}.pid`, String(process.pid));
}

const known: Readonly<Record<string, readonly string[]>> = {
  version: ['json'],
  init: ['input', 'reconfigure', 'json', 'backend-config', 'no-color', 'upgrade', 'lockfile'],
  plan: [
    'json',
    'input',
    'lock',
    'out',
    'destroy',
    'target',
    'replace',
    'detailed-exitcode',
    'var-file',
    'var',
    'no-color',
  ],
  apply: ['json', 'input', 'no-color', 'lock', 'refresh-only', 'auto-approve'],
  show: ['json', 'no-color'],
  output: ['json', 'no-color'],
  untaint: ['lock', 'no-color'],
  'force-unlock': ['force'],
  'state pull': [],
  'state list': [],
  'state push': ['force'],
};

function fail(text: string): never {
  process.stderr.write(`\nError: ${text}\n\n`);
  process.exit(1);
}

function flagsOf(name: string, words: readonly string[]): { flags: Map<string, string[]>; words: string[] } {
  const flags = new Map<string, string[]>();
  const plain: string[] = [];
  for (const word of words) {
    const [, flag, value = 'true'] = /^--?([a-z-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (flag === undefined) plain.push(word);
    else if (!known[name]?.includes(flag))
      fail(`Failed to parse command-line flags\n\nflag provided but not defined: -${flag}`);
    else flags.set(flag, [...(flags.get(flag) ?? []), value]);
  }
  return { flags, words: plain };
}

const script: Script =
  process.env.DOUBLE_SCRIPT && existsSync(process.env.DOUBLE_SCRIPT)
    ? JSON.parse(readFileSync(process.env.DOUBLE_SCRIPT, 'utf8'))
    : {};
const cwd = process.cwd();
const marker = '.terraform/terraform.tfstate';
const hashOf = (module: Module) =>
  createHash('sha256')
    .update(JSON.stringify(module.backend ?? null))
    .digest('hex');

async function main(): Promise<number> {
  const name = command === 'state' ? `state ${rest[0] ?? ''}` : command;
  if (known[name] === undefined) fail(`Terraform has no command named "${name}".`);
  const own = command === 'state' ? rest.slice(1) : rest;
  // Terraform puts these in front of what was typed.
  const extra = [process.env.TF_CLI_ARGS, process.env[`TF_CLI_ARGS_${command}`]].flatMap(
    (text) => text?.split(' ') ?? [],
  );
  const { flags, words } = flagsOf(name, [...extra, ...own]);
  if (name === 'version') {
    process.stdout.write(
      `${JSON.stringify({ terraform_version: version, platform: 'linux_amd64', provider_selections: {}, terraform_outdated: false }, null, 2)}\n`,
    );
    return 0;
  }
  const module = await readModule(cwd, process.env.DOUBLE_CACHE);
  if (name === 'init') return init(module);
  const json = flags.has('json') && (name === 'plan' || name === 'apply');
  if (json) emitVersion();
  const state = existsSync(marker) ? JSON.parse(readFileSync(marker, 'utf8')) : undefined;
  if (state?.hash !== hashOf(module)) {
    const summary = 'Backend initialization required, please run "terraform init"';
    if (json) diagnose({ severity: 'error', summary, detail: 'Reason: Backend configuration changed' });
    else fail(summary);
    return 1;
  }
  if (name === 'plan') return plan(module, flags);
  if (name === 'apply') return flags.has('refresh-only') ? refresh(module) : apply(module, words);
  return ask(name, module, flags, words);
}

async function init(module: Module): Promise<number> {
  emitVersion();
  emit('init_output', 'Initializing the backend...', { message_code: 'initializing_backend_message' });
  if (!(await storeOf(module, cwd).bucketExists())) {
    diagnose({
      severity: 'error',
      summary: 'Failed to get existing workspaces: S3 bucket does not exist.',
      detail: '',
    });
    return 1;
  }
  mkdirSync('.terraform', { recursive: true });
  writeFileSync(marker, JSON.stringify({ hash: hashOf(module) }));
  if (!existsSync('.terraform.lock.hcl'))
    writeFileSync('.terraform.lock.hcl', 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "6.34.0"\n}\n');
  emit('init_output', 'Terraform has been successfully initialized!', { message_code: 'output_init_success_message' });
  return 0;
}

/** Values of variables from terraform.tfvars.json and TF_VAR_…, checked as Terraform checks them. */
function variablesOf(module: Module): { vars: Record<string, unknown>; ephemeral: string[] } | undefined {
  const file = existsSync('terraform.tfvars.json')
    ? (JSON.parse(readFileSync('terraform.tfvars.json', 'utf8')) as Record<string, unknown>)
    : {};
  const vars: Record<string, unknown> = {};
  const ephemeral: string[] = [];
  let failed = false;
  const error = (summary: string, detail: string) => {
    failed = true;
    diagnose({ severity: 'error', summary, detail });
  };
  for (const [name, { required, nullable, type, value, ephemeral: kept }] of module.variables) {
    const fromOutside = process.env[`TF_VAR_${name}`];
    const found = name in file ? file[name] : fromOutside;
    if (found === undefined && required)
      error(
        'No value for required variable',
        `The root module input variable "${name}" is not set, and has no default value.`,
      );
    if (found === null && !nullable)
      error('Required variable not set', `The variable "${name}" is required, but is null.`);
    if (found !== undefined && found !== null && !fits(found, type))
      error('Invalid value for input variable', `The given value is not suitable for var.${name}: ${type} required.`);
    vars[name] = found ?? value ?? null;
    if (kept && found !== undefined) ephemeral.push(name);
  }
  for (const name of Object.keys(file)) {
    if (!module.variables.has(name))
      diagnose({
        severity: 'warning',
        summary: 'Value for undeclared variable',
        detail: `The root module does not declare a variable named "${name}" but a value was found in file "terraform.tfvars.json".`,
      });
  }
  return failed ? undefined : { vars, ephemeral };
}

function fits(value: unknown, type: string): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'number') return typeof value === 'number';
  if (type === 'bool') return typeof value === 'boolean';
  if (type.startsWith('list(')) return Array.isArray(value);
  return type === 'any' || (typeof value === 'object' && !Array.isArray(value));
}

async function plan(module: Module, flags: Map<string, string[]>): Promise<number> {
  const given = variablesOf(module);
  if (!given) return 1;
  const store = storeOf(module, cwd);
  const held = flags.get('lock')?.[0] === 'false' ? undefined : await store.lock('OperationTypePlan');
  if (held && 'holder' in held) {
    diagnose(lockError(held.holder));
    return 1;
  }
  try {
    return await planned(module, await store.read(), given, flags);
  } finally {
    await held?.unlock();
  }
}

async function planned(
  module: Module,
  state: State,
  given: { vars: Record<string, unknown>; ephemeral: string[] },
  flags: Map<string, string[]>,
): Promise<number> {
  if (script.planFails) {
    diagnose({ severity: 'error', ...script.planFails });
    return 1;
  }
  const chosen: Flags = {
    destroy: flags.has('destroy'),
    targets: flags.get('target') ?? [],
    replace: flags.get('replace') ?? [],
  };
  const { changes, drift } = planOf(module, given.vars, state, chosen, script);
  const verb = (actions: readonly string[]) => (actions.length === 2 ? 'replace' : (actions[0] ?? ''));
  for (const { address, actions } of drift)
    emit('resource_drift', `${address}: Drift detected (${verb(actions)})`, {
      change: { resource: resource(address), action: verb(actions) },
    });
  const real = changes.filter(({ actions }) => actions[0] !== 'no-op');
  for (const { address, actions } of real)
    emit('planned_change', `${address}: Plan to ${verb(actions)}`, {
      change: { resource: resource(address), action: verb(actions) },
    });
  const count = (word: string) => real.filter(({ actions }) => actions.includes(word)).length;
  changeSummary('plan', count('create'), count('update'), count('delete'));
  const kept = real.filter(
    ({ actions, target }) => actions.includes('delete') && module.resources.get(target)?.preventDestroy,
  );
  for (const { address, target } of kept) {
    const block = module.resources.get(target)!;
    diagnose({
      severity: 'error',
      summary: 'Instance cannot be destroyed',
      detail: `Resource ${address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.`,
      range: {
        filename: block.file,
        start: { line: block.line, column: 1, byte: 0 },
        end: { line: block.line, column: 1, byte: 0 },
      },
    });
  }
  if (kept.length > 0) return 1;
  const saved: SavedPlan & { drift: unknown } = {
    serial: state.serial,
    lineage: state.lineage,
    destroy: chosen.destroy,
    ...given,
    changes,
    drift,
  };
  const { host_key: _, ...vars } = given.vars;
  const out = flags.get('out')?.[0];
  if (out) writeFileSync(out, JSON.stringify({ ...saved, vars }));
  return real.length > 0 && flags.has('detailed-exitcode') ? 2 : 0;
}

/** Takes what somebody changed into the state. */
async function refresh(module: Module): Promise<number> {
  const store = storeOf(module, cwd);
  const held = await store.lock('OperationTypeApply');
  if ('holder' in held) {
    diagnose(lockError(held.holder));
    return 1;
  }
  changeSummary('apply', 0, 0, 0);
  await held.unlock();
  return 0;
}

async function apply(module: Module, words: readonly string[]): Promise<number> {
  const [file] = words;
  if (file === undefined) fail('the double applies saved plans only');
  if (!existsSync(file)) {
    diagnose({
      severity: 'error',
      summary: `Failed to load "${file}" as a plan file`,
      detail: `Error: stat ${file}: no such file or directory`,
    });
    return 1;
  }
  const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedPlan;
  const store = storeOf(module, cwd);
  const { serial, lineage } = await store.read();
  if (serial !== saved.serial || lineage !== saved.lineage) {
    diagnose({
      severity: 'error',
      summary: 'Saved plan is stale',
      detail:
        'The given plan file can no longer be applied because the state was changed by another operation after the plan was created.',
    });
    return 1;
  }
  const missing = saved.ephemeral.filter((name) => process.env[`TF_VAR_${name}`] === undefined);
  for (const name of missing)
    diagnose({
      severity: 'error',
      summary: 'No value for required variable',
      detail: `The ephemeral input variable "${name}" was set during the plan phase, and so must also be set during the apply phase.`,
    });
  if (missing.length > 0) return 1;
  return applyPlan(module, store, saved, { ...saved.vars, host_key: process.env.TF_VAR_host_key ?? null }, script);
}

async function ask(
  name: string,
  module: Module,
  flags: Map<string, string[]>,
  words: readonly string[],
): Promise<number> {
  const store = storeOf(module, cwd);
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

process.exitCode = await main();
