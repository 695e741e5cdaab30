// The whole story once, on a disposable host, with the runbooks that a real host gets: what a newcomer sees first.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Lab, LabError, type LabImageInfo } from './lab.ts';
import { DOMAIN } from './names.ts';

export interface RehearsalStep {
  readonly name: string;
  readonly took: number;
  readonly ok: boolean;
  readonly note: string;
}

export interface Rehearsal {
  readonly ok: boolean;
  readonly steps: readonly RehearsalStep[];
  readonly images: readonly LabImageInfo[];
  readonly url: string;
  readonly config: string;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
}

/** Folder of the project: two above this file in the sources, one above the bundle in dist. */
const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  import.meta.url.includes('/dist/') ? '..' : '../..',
);

/** Start a runbook as a person would, in a process of its own. */
export function spawnRunbook(name: string, args: readonly string[]) {
  const zx = path.join(root, 'node_modules/zx/build/cli.js');
  return spawn(process.execPath, [zx, path.join(root, 'runbooks', `${name}.mjs`), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Run a runbook to its end. Its progress goes to `onLine`, its result is given back. */
export async function runRunbook(
  name: string,
  args: readonly string[],
  onLine: (line: string) => void,
  signal?: AbortSignal,
): Promise<Ran> {
  const child = spawnRunbook(name, args);
  // The runbook ends by itself where nothing is torn; it is never killed from here.
  const stop = () => child.kill('SIGINT');
  signal?.addEventListener('abort', stop, { once: true });
  let stdout = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve(status ?? 130));
  });
  signal?.removeEventListener('abort', stop);
  if (rest) onLine(rest);
  return { code, stdout };
}

interface Part {
  readonly name: string;
  readonly runbook: string;
  readonly args: readonly string[];
  readonly expect: number;
  readonly note: (found: Record<string, unknown>) => string;
}

const count = (value: unknown) => (Array.isArray(value) ? value.length : 0);

const parts: readonly Part[] = [
  {
    name: 'doctor before anything is there',
    runbook: 'doctor',
    args: [],
    expect: 0,
    note: ({ checks }) => `${count(checks)} things looked at`,
  },
  {
    name: 'deploy onto the bare host',
    runbook: 'deploy',
    args: ['--yes'],
    expect: 0,
    note: ({ changes, checks }) => `${count(changes)} changes, ${count(checks)} checks from outside passed`,
  },
  {
    name: 'plan again',
    runbook: 'plan',
    args: ['--exit-code'],
    expect: 0,
    note: ({ changes, unchanged }) => `${count(changes)} changes, ${unchanged} things as wanted`,
  },
  {
    name: 'deploy again',
    runbook: 'deploy',
    args: [],
    expect: 0,
    note: ({ outcome }) => (outcome === 'converged' ? 'nothing to do' : String(outcome)),
  },
  {
    name: 'backup',
    runbook: 'backup',
    args: [],
    expect: 0,
    note: ({ generations }) => backupNote(generations),
  },
  {
    name: 'drill',
    runbook: 'drill',
    args: [],
    expect: 0,
    note: ({ drill }) => drillNote(drill as DrillDone),
  },
  {
    name: 'restore',
    runbook: 'restore',
    args: ['--confirm', DOMAIN],
    expect: 0,
    note: ({ result }) => `${String(result).split('.')[0]}; checked from outside`,
  },
  {
    name: 'status',
    runbook: 'status',
    args: [],
    expect: 0,
    note: ({ healthy, services }) => `${healthy ? 'well' : 'not well'}, ${count(services)} services`,
  },
];

/** Doctor, deploy, plan, deploy, backup, drill, restore, status against a lab that is up. The first that fails ends it; what it said is in its note. */
export async function rehearse(lab: Lab, onLine: (line: string) => void, signal?: AbortSignal): Promise<Rehearsal> {
  const steps: RehearsalStep[] = [];
  for (const part of parts) {
    signal?.throwIfAborted();
    onLine(`== ${part.name}: npx zx runbooks/${part.runbook}.mjs --config ${lab.configPath} ${part.args.join(' ')}`);
    const started = performance.now();
    const { code, stdout } = await runRunbook(
      part.runbook,
      ['--config', lab.configPath, '--json', ...part.args],
      (line) => onLine(readable(line)),
      signal,
    );
    const took = performance.now() - started;
    const found = parse(stdout);
    const ok = code === part.expect;
    steps.push({ name: part.name, took, ok, note: ok ? part.note(found) : failureOf(found, code) });
    if (!ok) break;
  }
  const ok = steps.length === parts.length && steps.every((step) => step.ok);
  return { ok, steps, images: lab.images, url: lab.url, config: lab.configPath };
}

function backupNote(generations: unknown): string {
  const [made] = generations as { kind: string; manifest?: { repositories: number; degraded: readonly string[] } }[];
  const { repositories = 0, degraded = [] } = made?.manifest ?? {};
  return [`${made?.kind ?? 'no'} generation, ${repositories} repositories`, ...degraded].join('; ');
}

interface DrillDone {
  readonly generation: string;
  readonly rto: number;
  readonly rpo: number;
}

const drillNote = ({ generation, rto, rpo }: DrillDone) =>
  `${generation} is proven to come back: RTO ${Math.round(rto / 1000)} s, RPO ${Math.round(rpo / 1000)} s`;

function parse(stdout: string): Record<string, unknown> {
  try {
    return JSON.parse(stdout) as Record<string, unknown>;
  } catch {
    throw new LabError(
      'a runbook printed something else than one JSON document',
      `it printed: ${stdout.slice(0, 300)}`,
    );
  }
}

function failureOf(found: Record<string, unknown>, code: number): string {
  const error = found.error as { what?: string; where?: string; cause?: string; next?: string } | undefined;
  const said = error
    ? [error.where, error.what, error.cause, error.next && `Next: ${error.next}`].filter(Boolean).join('\n')
    : JSON.stringify(found).slice(0, 2000);
  return `ended with ${code}: ${said}`;
}

/** The JSON progress lines of a runbook as a person reads them; other lines stay as they are. */
function readable(line: string): string {
  try {
    const event = JSON.parse(line) as Record<string, unknown> & {
      change?: { title: string };
      result?: { status: string; title: string; detail: string };
    };
    const seconds = typeof event.took === 'number' ? ` (${(event.took / 1000).toFixed(1)} s)` : '';
    if (event.type === 'change.end')
      return `   ${event.ok ? 'done' : 'FAILED'}  ${event.change?.title}${seconds}${event.error ? `\n${event.error}` : ''}`;
    if (event.type === 'check') return `   ${event.result?.status}  ${event.result?.title}: ${event.result?.detail}`;
    if (event.type === 'warning' || event.type === 'step') return `   ${event.text}${seconds}`;
    return '';
  } catch {
    return `   ${line}`;
  }
}

const kinds = {
  real: 'real image',
  'stand-in': 'STAND-IN, not Gitea',
  'debian-build': 'built from Debian packages',
} as const;

/** The report: what happened, how long it took, and what in it was not the real thing. Seconds with one digit. */
export function renderRehearsal(result: Rehearsal, raised: number): string {
  const steps = [{ name: 'raise the lab', took: raised, ok: true, note: '' }, ...result.steps];
  const width = Math.max(...steps.map(({ name }) => name.length));
  const total = steps.reduce((sum, { took }) => sum + took, 0);
  const images = result.images.filter(({ used }) => used);
  return [
    `Rehearsal ${result.ok ? 'passed' : 'FAILED'} in ${(total / 1000).toFixed(0)} s`,
    ...steps.map(
      ({ name, took, ok, note }) =>
        `  ${ok ? 'ok  ' : 'FAIL'}  ${name.padEnd(width)}  ${(took / 1000).toFixed(1).padStart(6)} s  ${note}`,
    ),
    'What ran',
    '  real        runbooks, SSH, a bare Debian host with systemd, Docker Engine and Compose, an ACME server, a registry',
    ...images.map(
      ({ ref, kind }) =>
        `  ${kind === 'real' ? 'real      ' : kind === 'stand-in' ? 'STAND-IN  ' : 'rebuilt   '}  ${ref}: ${kinds[kind]}`,
    ),
  ].join('\n');
}
