import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.types.ts';
import { type ExitName, exitCodes, RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { PrunePlan } from '../../core/prune.ts';
import { Secret } from '../../core/secret.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { nodeVersion } from '../../phases/runtime.ts';
import { followUnit, unitState } from '../unit/index.ts';
import { mustBeOn } from './operator.ts';
import type { PruneOrder } from './thinning/index.ts';

export interface PruneOptions {
  /** Where the credentials are looked for by their names, for example `process.env`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told the secrets among them, before anything is done with them. */
  readonly hide?: (...secrets: readonly Secret[]) => void;
  /** Given what goes and what stays; throw to stop. Not asked where nothing goes, nor when a removal is under way already. */
  readonly approve?: (plan: PrunePlan) => Promise<void>;
  readonly onEvent?: OnEvent;
  /** When aborted the looking on ends; the host goes on. */
  readonly signal?: AbortSignal | undefined;
}

export interface PruneReport {
  /** What was approved; undefined where a removal that was under way has been followed. */
  readonly plan?: PrunePlan;
  /** What it came to, in a sentence. */
  readonly result: string;
  /** Milliseconds. */
  readonly took: number;
}

const unit = 'gitea-runbooks-prune';

/** What would be removed off the host and why the rest stays. Changes nothing, and needs no credentials. */
export async function prunePlan(config: Config, host: Host): Promise<PrunePlan> {
  mustBeOn(config);
  const argv = [`${layout.node}/${nodeVersion}/bin/node`, layout.program, 'prune', 'preview'];
  const { code, stdout, stderr } = await host.query({ argv, timeout: 4800 });
  if (code !== 0) throw failed(host, code, stderr.split('\n'));
  return JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1)) as PrunePlan;
}

/**
 * Remove what has served its time off the host, with credentials of an operator: the host has none that could. They go to the
 * host for this one run, into memory, and are gone from there as soon as they are read. Throws `refused`, `locked`,
 * `changeFailed`, `interrupted`, and those of `connect`.
 */
export async function prune(config: Config, host: Host, options: PruneOptions): Promise<PruneReport> {
  const { onEvent = () => {}, signal, approve, hide } = options;
  mustBeOn(config);
  const started = performance.now();
  const took = () => performance.now() - started;
  const under = await unitState(host, unit);
  const order = under.running ? undefined : credentialsOf(config, options.environment);
  let plan: PrunePlan | undefined;
  let file: string | undefined;
  if (order) {
    hide?.(...Object.entries(order.environment).map(([name, value]) => new Secret(name, value)));
    plan = await prunePlan(config, host);
    if (plan.refused) throw new RunbookError('refused', { where: host.label, ...plan.refused });
    const ids = [...plan.goes, ...plan.unfinished];
    if (ids.length === 0) return { plan, result: 'nothing has served its time', took: took() };
    await approve?.(plan);
    file = await leave(host, { ...order, ids });
  }
  try {
    const words = ['prune', file ?? ''];
    const { code, last } = await followUnit(host, { name: unit, words }, { onEvent, signal });
    if (code !== 0) throw failed(host, code, last);
    return { ...(plan ? { plan } : {}), result: (last.at(-1) ?? '').replace(/^prune: /, ''), took: took() };
  } finally {
    if (file !== undefined && !signal?.aborted) await host.run({ argv: ['rm', '-f', file] }).catch(() => {});
  }
}

/** Seconds in which the host has read them, or they go unread. */
const unread = 120;

/** In memory, for root alone; whatever becomes of us and of the connection they do not stay. */
async function leave(host: Host, order: PruneOrder): Promise<string> {
  const folder = '/run/gitea-runbooks';
  const file = `${folder}/prune.${randomBytes(8).toString('hex')}`;
  const script = `umask 077
mkdir -p ${folder} && [ "$(stat -f -c %T ${folder})" = tmpfs ] || { echo '${folder} is not in memory' >&2; exit 1; }
setsid sh -c 'sleep ${unread}; rm -f ${file}' >/dev/null 2>&1 </dev/null &
cat >${file}`;
  const stdin = new Secret('credentials', JSON.stringify(order));
  const output = await host.run({ argv: ['sh', '-c', script], stdin });
  if (output.code === 0) return file;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the credentials could not be handed over',
    cause: output.stderr,
    next: 'nothing was removed; the same command again',
  });
}

/** Names of restic's variables for each kind of place: those that are needed, and those that may come along. */
const names: Readonly<Record<string, { readonly needed: readonly string[]; readonly also?: readonly string[] }>> = {
  s3: { needed: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], also: ['AWS_SESSION_TOKEN'] },
  rest: { needed: ['RESTIC_REST_USERNAME', 'RESTIC_REST_PASSWORD'] },
  b2: { needed: ['B2_ACCOUNT_ID', 'B2_ACCOUNT_KEY'] },
  azure: { needed: [], also: ['AZURE_ACCOUNT_NAME', 'AZURE_ACCOUNT_KEY', 'AZURE_ACCOUNT_SAS'] },
  gs: { needed: ['GOOGLE_ACCESS_TOKEN'] },
  swift: { needed: ['OS_USERNAME', 'OS_PASSWORD'] },
  // By the SSH key of root on the host, which may remove there or may not.
  sftp: { needed: [] },
};

/** The credentials for a config, out of an environment; pure. Throws `refused`, with the names of those that are missing. */
export function credentialsOf(
  { backup }: Pick<Config, 'backup'>,
  environment: PruneOptions['environment'],
): Omit<PruneOrder, 'ids'> {
  const { repository = '' } = backup.remote ?? {};
  const { needed, also = [] } = names[repository.split(':')[0]!] ?? { needed: [] };
  const missing = needed.filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw new RunbookError('refused', {
      what: `the host may only add to ${repository}, so a removal takes credentials of your own: ${missing.join(', ')} not set`,
      next: `export ${needed.map((name) => `${name}=...`).join(' ')} in this shell, and run the same command again (docs/runbooks/backup.md)`,
    });
  }
  const given = [...needed, ...also].filter((name) => environment[name]);
  const bad = given.find((name) => /\p{Cc}/u.test(environment[name]!));
  if (bad) {
    throw new RunbookError('refused', {
      what: `${bad} has a line break or a control character`,
      next: 'set it again, without one',
    });
  }
  return {
    environment: Object.fromEntries(given.map((name) => [name, environment[name]!])),
    without: given.length === 0 ? [] : [...needed, ...also].filter((name) => !given.includes(name)),
  };
}

/** The message of the host's own program, which has all parts of it. */
function failed(host: Host, code: number, lines: readonly string[]): RunbookError {
  const kind = (Object.keys(exitCodes) as ExitName[]).find((name) => exitCodes[name] === code) ?? 'changeFailed';
  const from = lines.findLastIndex((line) => line.startsWith('prune: '));
  const [what = '', ...rest] = lines.slice(Math.max(from, 0));
  const cause = rest.filter((line) => line.startsWith('    ')).map((line) => line.slice(4));
  return new RunbookError(kind === 'done' ? 'changeFailed' : kind, {
    where: host.label,
    what: what.replace(/^prune: (this machine: )?/, '') || `the removal has ended with ${code}`,
    ...(cause.length > 0 ? { cause: cause.join('\n') } : {}),
    next:
      rest.findLast((line) => line.startsWith('Next: '))?.slice('Next: '.length) ??
      `journalctl -u ${unit} on the host; the same command again goes on`,
  });
}
