import type { InfraAction, InfraChange, InfraDrift, InfraSummary } from '../../core/infra.ts';
import type { Impact } from '../../core/spec.ts';
import { costByUse, monthlyCost, shapeOf } from '../cost.ts';
import { pricesOf } from '../prices.ts';
import { lossesOf, nameOf, protectedThing } from '../protected.ts';

type Values = Readonly<Record<string, unknown>>;

/** The parts of one entry of `resource_changes` or `resource_drift` that count (plan format 1). */
export interface ResourceChange {
  readonly address: string;
  readonly mode?: string;
  readonly deposed?: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: Values | null;
    readonly after?: Values | null;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly unknown[])[];
  };
}

/** `terraform show -json PLAN`, as far as it is read here. */
export interface PlanJson {
  readonly format_version?: string;
  readonly resource_changes?: readonly ResourceChange[];
  readonly resource_drift?: readonly ResourceChange[];
  readonly applyable?: boolean;
}

/** A plan as plain data for people. Pure. */
export function summarise(plan: PlanJson, region: string): InfraSummary {
  const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode !== 'data');
  const changes = managed.flatMap((one) => changeOf(one) ?? []).sort((a, b) => order[a.action] - order[b.action]);
  return {
    changes,
    drift: (plan.resource_drift ?? []).filter(({ mode }) => mode !== 'data').flatMap((one) => driftOf(one) ?? []),
    unchanged: managed.length - changes.length,
    losses: lossesOf(changes),
    applies: plan.applyable ?? changes.length > 0,
    before: monthlyCost(region, shapeOf(valuesOf(managed, 'before'))),
    after: monthlyCost(region, shapeOf(valuesOf(managed, 'after'))),
    byUse: costByUse(region),
    pricesOf,
  };
}

/** What Terraform's events told of a plan that it then refused: addresses and actions, no reasons and no cost. Pure. */
export function summariseEvents(
  planned: readonly Pick<InfraChange, 'address' | 'action'>[],
  region: string,
): InfraSummary {
  const changes = planned.map(({ address, action }) => {
    const why = action === 'destroy' ? 'to be destroyed' : action === 'replace' ? 'to be made anew' : 'to be done';
    return { address, name: nameOf(address), action, why, impact: impactOf(address, action, []) };
  });
  const sorted = changes.sort((a, b) => order[a.action] - order[b.action] || (a.address < b.address ? -1 : 1));
  return { ...summarise({}, region), changes: sorted, losses: lossesOf(sorted), applies: changes.length > 0 };
}

/** Sizes of the data volume in GiB before and after, where it is to be smaller: EBS cannot do that. */
export function shrinks(plan: PlanJson): { readonly from: number; readonly to: number } | undefined {
  const { before, after } =
    plan.resource_changes?.find(({ address }) => address === 'aws_ebs_volume.data')?.change ?? {};
  const [from, to] = [before?.size, after?.size];
  return typeof from === 'number' && typeof to === 'number' && to < from ? { from, to } : undefined;
}

/** Attributes of one thing that are named. */
const mostShown = 6;

const order: Readonly<Record<InfraAction, number>> = { destroy: 0, replace: 1, update: 2, create: 3 };

function actionOf(actions: readonly string[]): InfraAction | undefined {
  const has = (word: string) => actions.includes(word);
  if (has('create')) return has('delete') || has('forget') ? 'replace' : 'create';
  if (has('delete') || has('forget')) return 'destroy';
  return has('update') ? 'update' : undefined;
}

function changeOf(one: ResourceChange): InfraChange | undefined {
  const action = actionOf(one.change.actions);
  if (action === undefined) return undefined;
  const { address } = one;
  return {
    address,
    name: nameOf(address),
    action,
    why: whyOf(one, action),
    impact: impactOf(address, action, differing(one.change)),
  };
}

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'its making was cut off',
  replace_by_request: 'as asked for',
  delete_because_no_resource_config: 'no longer wanted',
  delete_because_count_index: 'no longer wanted',
  delete_because_each_key: 'no longer wanted',
  delete_because_no_module: 'no longer wanted',
};

function whyOf(one: ResourceChange, action: InfraAction): string {
  const { change, action_reason: reason = '' } = one;
  if (one.deposed !== undefined) return 'left over from an earlier replacement';
  if (action === 'create') return 'not there yet';
  if (reasons[reason] !== undefined) return reasons[reason];
  if (action === 'destroy') return 'to be destroyed';
  const paths = (change.replace_paths ?? []).map((path) => path.join('.'));
  const found = action === 'replace' && paths.length > 0 ? paths : differing(change);
  const words = found.map((key) => shownChange(change, key));
  return words.length > 0 ? words.slice(0, mostShown).join(', ') : 'other settings';
}

/** Attributes that are to be another. What is only known after the apply is not yet a difference, unless it was set. */
function differing({ before, after, after_unknown: unknown }: ResourceChange['change']): string[] {
  const [was, is] = [before ?? {}, after ?? {}];
  const later = typeof unknown === 'object' && unknown !== null ? Object.keys(unknown) : [];
  const keys = Object.keys({ ...was, ...is }).filter((key) => key !== 'tags_all' && !later.includes(key));
  return keys.filter((key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]));
}

/** "size 50 to 60" for short plain values, else the name alone; what Terraform calls sensitive is only named. */
function shownChange(
  { before, after, before_sensitive, after_sensitive }: ResourceChange['change'],
  key: string,
): string {
  const hidden = [before_sensitive, after_sensitive].some(
    (marks) => marks === true || (typeof marks === 'object' && marks !== null && Boolean((marks as Values)[key])),
  );
  const [was, is] = [before?.[key], after?.[key]].map((value) => {
    const plain = typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string';
    return plain && String(value) !== '' && String(value).length <= 40 ? String(value) : undefined;
  });
  return hidden || was === undefined || is === undefined || was === is ? key : `${key} ${was} to ${is}`;
}

function impactOf(address: string, action: InfraAction, changed: readonly string[]): Impact {
  if (action === 'create') return 'none';
  const thing = protectedThing(address);
  if (action === 'update') {
    // EC2 stops the machine, changes it and starts it again.
    return thing === 'host' && changed.includes('instance_type') ? 'downtime' : 'none';
  }
  if (thing !== undefined) return thing === 'host' ? 'downtime' : 'destroys-data';
  return /^aws_(eip|eip_association|volume_attachment)\./.test(address) ? 'downtime' : 'none';
}

function driftOf({ address, change }: ResourceChange): InfraDrift | undefined {
  const name = nameOf(address);
  if (change.actions.includes('delete')) return { address, name, what: 'gone' };
  const keys = differing(change).map((key) => shownChange(change, key));
  if (keys.length === 0) return undefined;
  const more = keys.length > mostShown ? ` and ${keys.length - mostShown} more` : '';
  return { address, name, what: `${keys.slice(0, mostShown).join(', ')}${more}` };
}

const valuesOf = (changes: readonly ResourceChange[], side: 'before' | 'after') =>
  changes.flatMap(({ address, change }) => {
    const values = change[side];
    return values ? [{ address, values }] : [];
  });
