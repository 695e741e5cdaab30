/** Carries a saved plan out: lock, changes in order, state, and what an interrupt does to all that. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  applyComplete,
  applyErrored,
  applyProgress,
  applyStart,
  changeSummary,
  type Doing,
  diagnose,
  emit,
} from './events.ts';
import { evaluate, unknown } from './expression.ts';
import * as make from './make.ts';
import type { Module } from './module.ts';
import { inOrder, type PlannedChange, type Script } from './plan.ts';
import { computed } from './provider.ts';
import { addressOf, type State, type Store } from './state.ts';

type Values = Record<string, unknown>;

export interface SavedPlan {
  readonly serial: number;
  readonly lineage: string;
  readonly destroy: boolean;
  readonly vars: Values;
  /** Ephemeral variables that had a value: an apply needs them again. */
  readonly ephemeral: readonly string[];
  readonly changes: readonly PlannedChange[];
}

/** The script as it is by now: a test ends a hang by taking it out. */
const scriptNow = (): Script => JSON.parse(readFileSync(process.env.DOUBLE_SCRIPT ?? '', 'utf8'));

const halted = { severity: 'error', summary: 'execution halted', detail: '' } as const;

/** Gives the exit code. */
export async function applyPlan(
  module: Module,
  store: Store,
  plan: SavedPlan,
  vars: Values,
  script: Script,
): Promise<number> {
  const held = await store.lock('OperationTypeApply');
  if ('holder' in held) {
    diagnose(lockError(held.holder));
    return 1;
  }
  const state = await store.read();
  let stopped = false;
  const onSignal = () => {
    if (stopped) {
      emit('log', '\nTwo interrupts received. Exiting immediately. Note that data\nloss may have occurred.\n');
      process.exit(1);
    }
    stopped = true;
    emit(
      'log',
      '\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n',
    );
    emit('log', 'Stopping operation...');
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const counts = { create: 0, update: 0, delete: 0 };
  let failed = false;
  const step = async (change: PlannedChange, doing: Doing): Promise<boolean> => {
    const { address, type } = change;
    const old = change.before as Values | null;
    applyStart(address, doing, doing === 'create' ? undefined : String(old?.id));
    const refusal = script.fail?.address === address ? script.fail : impossible(change, doing);
    if (refusal) {
      applyErrored(address, doing, 1);
      diagnose({ severity: 'error', summary: refusal.summary, detail: refusal.detail, address });
      return false;
    }
    const values = doing === 'delete' ? {} : { ...complete(module, change, plan.vars, state) };
    if (script.hang === address) {
      applyProgress(address, doing, 10);
      while ((!stopped || scriptNow().deaf) && scriptNow().hang === address) await sleep(50);
    }
    if (stopped && script.hang === address) {
      applyErrored(address, doing, 12);
      const summary = `waiting for ${type} (${values.id}) ${doing}: context canceled`;
      diagnose({ severity: 'error', summary, detail: '', address });
      if (doing === 'create') record(state, change, { ...values, ...computed(type, values) }, 'tainted');
      return false;
    }
    try {
      if (doing === 'delete') {
        await make.destroy(type, old ?? {});
        remove(state, change);
        applyComplete(address, doing, undefined, 1);
      } else {
        const whole = doing === 'create' ? { ...values, ...computed(type, values) } : values;
        if (doing === 'create') await make.create(type, whole, vars);
        record(state, change, whole);
        applyComplete(address, doing, String(whole.id), 1);
      }
    } catch (error) {
      applyErrored(address, doing, 1);
      diagnose({ severity: 'error', summary: `${doing} of ${type}`, detail: String(error), address });
      return false;
    }
    counts[doing] += 1;
    return true;
  };
  const ordered = inOrder(plan.changes);
  const deletes = ordered.filter(({ actions }) => actions.includes('delete')).reverse();
  const others = ordered.filter(({ actions }) => actions.includes('create') || actions.includes('update'));
  const steps = [
    ...deletes.map((change) => [change, 'delete'] as const),
    ...others.map((change) => [change, change.actions.includes('create') ? 'create' : 'update'] as const),
  ];
  if (script.noise) {
    process.stdout.write('a line that is no event\n{"half": \n');
    emit('something_new', 'an event of a later version');
  }
  for (const [change, doing] of steps) {
    if (failed) break;
    if (stopped) {
      failed = true;
      break;
    }
    failed = !(await step(change, doing));
  }
  if (stopped) {
    failed = true;
    diagnose(halted);
  }
  state.outputs = outputsOf(module, plan.vars, state);
  try {
    await store.save(state);
  } catch (error) {
    writeFileSync('errored.tfstate', JSON.stringify(state));
    diagnose({ severity: 'error', summary: 'Failed to save state', detail: String(error) });
    await held.unlock();
    return 1;
  }
  await held.unlock();
  if (failed) return 1;
  changeSummary(plan.destroy ? 'destroy' : 'apply', counts.create, counts.update, counts.delete);
  emit('outputs', `Outputs: ${Object.keys(state.outputs).length}`, {
    outputs: Object.fromEntries(
      Object.entries(state.outputs).map(([name, one]) => [name, { sensitive: false, ...one }]),
    ),
  });
  return 0;
}

/** What AWS itself refuses. */
function impossible(
  { type, before, after }: PlannedChange,
  doing: Doing,
): { summary: string; detail: string } | undefined {
  if (type === 'aws_ebs_volume' && doing === 'update' && Number(after?.size) < Number(before?.size))
    return {
      summary: 'modifying EBS Volume: api error InvalidParameterValue: New size cannot be smaller than existing size',
      detail: '',
    };
  return undefined;
}

export function lockError(holder: object): { severity: 'error'; summary: string; detail: string } {
  const info = Object.entries(holder).map(([key, value]) => `  ${`${key}:`.padEnd(10)} ${value}`);
  return {
    severity: 'error',
    summary: 'Error acquiring the state lock',
    detail: `Error message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed: At least one of the pre-conditions you specified did not hold\nLock Info:\n${info.join('\n')}\n\n\nTerraform acquires a state lock to protect the state from being written\nby multiple users at the same time.`,
  };
}

/** The values with what refers to others filled in. */
function complete(module: Module, change: PlannedChange, vars: Values, state: State): Values {
  const body = module.resources.get(change.target)?.body ?? {};
  const each = typeof change.key === 'string' ? { each: change.key } : {};
  const scope = { vars, locals: module.locals, resource: lookup(state), ...each };
  const later = change.afterUnknown.flatMap((attribute) => {
    const value = attribute in body ? evaluate(body[attribute], scope) : unknown;
    return value === unknown ? [] : [[attribute, value] as const];
  });
  return { ...change.after, ...Object.fromEntries(later) };
}

const lookup = (state: State) => (address: string, attribute: string) =>
  state.resources.find((one) => addressOf(one) === address)?.instances[0]?.attributes[attribute];

function record(state: State, change: PlannedChange, attributes: Values, status?: 'tainted'): void {
  remove(state, change);
  const { module, type, name, key } = change;
  let resource = state.resources.find((one) => one.module === module && one.type === type && one.name === name);
  if (!resource) {
    const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
    resource = { ...(module ? { module } : {}), mode: 'managed', type, name, provider, instances: [] };
    state.resources.push(resource);
  }
  resource.instances.push({
    ...(key === undefined ? {} : { index_key: key }),
    ...(status ? { status } : {}),
    schema_version: 0,
    attributes,
    dependencies: change.needs,
  });
}

function remove(state: State, { address }: PlannedChange): void {
  for (const resource of state.resources)
    resource.instances = resource.instances.filter(({ index_key }) => addressOf(resource, index_key) !== address);
  state.resources = state.resources.filter(({ instances }) => instances.length > 0);
}

/** Outputs whose resources are gone keep what they were, as after a destroy of a part. Null ones are left out. */
function outputsOf(module: Module, vars: Values, state: State): State['outputs'] {
  const found: State['outputs'] = {};
  if (state.resources.length === 0) return found;
  for (const [name, expression] of module.outputs) {
    const value =
      name === 'secret_arns'
        ? Object.fromEntries(
            state.resources
              .filter(({ type, name: own }) => type === 'aws_secretsmanager_secret' && own === 'instance')
              .flatMap(({ instances }) => instances.map(({ index_key, attributes }) => [index_key, attributes.arn])),
          )
        : evaluate(expression, { vars, locals: module.locals, resource: lookup(state) });
    if (value === unknown) {
      if (state.outputs[name]) found[name] = state.outputs[name];
      continue;
    }
    if (value !== null) found[name] = { value, type: typeof value === 'string' ? 'string' : ['object', {}] };
  }
  return found;
}
