import type { OnEvent } from '../../core/event.ts';
import type { InfraAction } from '../../core/infra.ts';

/** A problem in Terraform's own words. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

/** What a stream of Terraform's events told, besides progress. */
export interface Told {
  readonly errors: readonly Diagnostic[];
  /** Planned changes by address, also of a plan that failed in the end. */
  readonly planned: readonly { readonly address: string; readonly action: InfraAction }[];
  /** Lines that are no events: what Terraform says before it has read its own flags, or a crash. */
  readonly other: readonly string[];
}

interface Resource {
  readonly addr?: string;
}

/** One line of `terraform … -json`, as far as it is read here; types that are new one day are passed over. */
interface Line {
  readonly type?: string;
  readonly hook?: { readonly resource?: Resource; readonly action?: string; readonly elapsed_seconds?: number };
  readonly change?: { readonly resource?: Resource; readonly action?: string };
  readonly diagnostic?: Partial<Diagnostic>;
}

const verbs: Readonly<Record<string, readonly [going: string, done: string]>> = {
  create: ['creating', 'created'],
  update: ['changing', 'changed'],
  delete: ['destroying', 'destroyed'],
};

const actions: Readonly<Record<string, InfraAction>> = {
  create: 'create',
  update: 'update',
  replace: 'replace',
  delete: 'destroy',
};

/** Turns lines of Terraform into steps, and keeps what has to be said in the end. */
export function terraformEvents(onEvent: OnEvent): {
  readonly take: (line: string) => void;
  readonly told: () => Told;
} {
  const errors: Diagnostic[] = [];
  const planned: Told['planned'][number][] = [];
  const other: string[] = [];
  const step = (text: string, seconds?: number) =>
    onEvent({ type: 'step', text, ...(seconds === undefined ? {} : { took: seconds * 1000 }) });
  return {
    take(line) {
      const event = parse(line);
      if (event === undefined) {
        if (line.trim() !== '') other.push(line);
        return;
      }
      const { hook, change, diagnostic } = event;
      const address = hook?.resource?.addr ?? change?.resource?.addr ?? '';
      // Data sources are read as well, but nothing is made of that.
      if (hook?.action === 'read') return;
      const [going, done] = verbs[hook?.action ?? ''] ?? ['working', 'done'];
      const seconds = hook?.elapsed_seconds ?? 0;
      switch (event.type) {
        case 'apply_start':
          step(`${address}: ${going}`);
          break;
        case 'apply_progress':
          step(`${address}: still ${going}, ${Math.round(seconds)} s`);
          break;
        case 'apply_complete':
          step(`${address}: ${done}`, seconds);
          break;
        case 'apply_errored':
          step(`${address}: ${going} failed`, seconds);
          break;
        case 'planned_change': {
          const action = actions[change?.action ?? ''];
          if (action !== undefined) planned.push({ address, action });
          break;
        }
        case 'diagnostic':
          if (diagnostic?.severity === 'error') errors.push(problem(diagnostic));
          break;
        default:
          break;
      }
    },
    told: () => ({ errors, planned, other }),
  };
}

/** The errors as a cause: address and Terraform's own words, the first few, each of bounded length. */
export function describeErrors({ errors, other }: Told): string {
  const lines = errors.map(({ address, summary, detail }) =>
    [address === undefined ? summary : `${address}: ${summary}`, detail.trim()].filter(Boolean).join(': '),
  );
  const said = lines.length > 0 ? [...new Set(lines)] : other.slice(-10);
  const shown = said.slice(0, 5).map((line) => (line.length > 1500 ? `${line.slice(0, 1500)} …` : line));
  if (said.length > shown.length) shown.push(`and ${said.length - shown.length} more`);
  return shown.join('\n');
}

function parse(line: string): Line | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const found = JSON.parse(line) as Line;
    return typeof found.type === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

function problem({ summary = '', detail = '', address }: Partial<Diagnostic>): Diagnostic {
  return { severity: 'error', summary, detail, ...(address === undefined ? {} : { address }) };
}
