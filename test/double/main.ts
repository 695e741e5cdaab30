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
import { ask, fail } from './answers.ts';
import { applyPlan, lockError, type SavedPlan } from './apply.ts';
import { changeSummary, diagnose, emit, emitVersion, resource } from './events.ts';
import { type Module, readModule } from './module.ts';
import { type Flags, planOf, type Script } from './plan.ts';
import { type State, storeOf, version } from './state.ts';
import { type Given, variablesOf } from './variables.ts';

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

async function planned(module: Module, state: State, given: Given, flags: Map<string, string[]>): Promise<number> {
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

process.exitCode = await main();
