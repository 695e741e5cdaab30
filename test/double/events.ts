/** What `terraform … -json` prints: lines of hclog, as in internal/command/views of Terraform's sources. */
import { version } from './state.ts';

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  readonly range?: unknown;
  readonly snippet?: unknown;
}

export function emit(type: string, message: string, more: Record<string, unknown> = {}, level = 'info'): void {
  const line = {
    '@level': level,
    '@message': message,
    '@module': 'terraform.ui',
    '@timestamp': new Date().toISOString(),
  };
  process.stdout.write(`${JSON.stringify({ ...line, ...more, type })}\n`);
}

export const emitVersion = () => emit('version', `Terraform ${version}`, { terraform: version, ui: '1.2' });

export function diagnose(diagnostic: Diagnostic): void {
  const error = diagnostic.severity === 'error';
  const message = `${error ? 'Error' : 'Warning'}: ${diagnostic.summary}`;
  emit('diagnostic', message, { diagnostic }, error ? 'error' : 'warn');
}

/** The object by which events name a resource. */
export function resource(address: string): Record<string, unknown> {
  const module = /^((?:module\.\w+(?:\[[^\]]*\])?\.)*)/.exec(address)?.[1] ?? '';
  const own = address.slice(module.length);
  const [, type = '', name = '', key] = /^(\w+)\.(\w+)(?:\[(.*)\])?$/.exec(own) ?? [];
  return {
    addr: address,
    module: module.replace(/\.$/, ''),
    resource: own,
    implied_provider: type.split('_')[0],
    resource_type: type,
    resource_name: name,
    resource_key: key === undefined ? null : JSON.parse(key),
  };
}

const words: Record<string, readonly [start: string, going: string, done: string]> = {
  create: ['Creating', 'creating', 'Creation'],
  update: ['Modifying', 'modifying', 'Modifications'],
  delete: ['Destroying', 'destroying', 'Destruction'],
};

export type Doing = 'create' | 'update' | 'delete';

export function applyStart(address: string, action: Doing, id?: string): void {
  const hook = { resource: resource(address), action, ...(id ? { id_key: 'id', id_value: id } : {}) };
  emit('apply_start', `${address}: ${words[action]?.[0]}...${id ? ` [id=${id}]` : ''}`, { hook });
}

export function applyProgress(address: string, action: Doing, seconds: number): void {
  const hook = { resource: resource(address), action, elapsed_seconds: seconds };
  emit('apply_progress', `${address}: Still ${words[action]?.[1]}... [${seconds}s elapsed]`, { hook });
}

export function applyComplete(address: string, action: Doing, id: string | undefined, seconds: number): void {
  const named = action === 'delete' || !id ? {} : { id_key: 'id', id_value: id };
  const hook = { resource: resource(address), action, ...named, elapsed_seconds: seconds };
  const tail = action === 'delete' || !id ? '' : ` [id=${id}]`;
  emit('apply_complete', `${address}: ${words[action]?.[2]} complete after ${seconds}s${tail}`, { hook });
}

export function applyErrored(address: string, action: Doing, seconds: number): void {
  const hook = { resource: resource(address), action, elapsed_seconds: seconds };
  emit('apply_errored', `${address}: ${words[action]?.[2]} errored after ${seconds}s`, { hook });
}

export function changeSummary(
  operation: 'plan' | 'apply' | 'destroy',
  add: number,
  change: number,
  remove: number,
): void {
  const changes = { add, change, import: 0, remove, operation };
  const text = {
    plan: `Plan: ${add} to add, ${change} to change, ${remove} to destroy.`,
    apply: `Apply complete! Resources: ${add} added, ${change} changed, ${remove} destroyed.`,
    destroy: `Destroy complete! Resources: ${remove} destroyed.`,
  }[operation];
  emit('change_summary', text, { changes });
}
