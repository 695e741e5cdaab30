import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ExitName, RunbookError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/event.ts';
import type { Secret } from '../../core/secret.ts';
import type { Aws } from '../settings.ts';
import { placeOf } from '../settings.ts';
import { describeErrors, type Told, terraformEvents } from './events.ts';
import type { PlanJson } from './plan.ts';
import { ask, cleanEnvironment, type Ended, follow, interrupted } from './process.ts';
import { readState, type StateResource } from './state.ts';
import type { Workspace } from './workspace.ts';

export interface TerraformOptions {
  readonly aws: Aws;
  readonly workspace: Workspace;
  readonly onEvent: OnEvent;
  readonly signal?: AbortSignal | undefined;
  /** The host's private key, on its way to Secrets Manager: in the environment of Terraform, and nowhere else. */
  readonly hostKey?: Secret | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

export interface PlanFlags {
  readonly destroy?: boolean;
  readonly targets?: readonly string[];
  readonly replace?: readonly string[];
}

/** A plan that is saved in the working directory, or why there is none. */
export type Planned =
  | { readonly file: string; readonly plan: PlanJson }
  | { readonly failed: RunbookError; readonly told: Told };

/** An output of the root module. */
export type Outputs = Readonly<Record<string, { readonly value?: unknown }>>;

/** Terraform in one working directory. Every call throws `interrupted` once the signal is aborted. */
export interface Terraform {
  init(): Promise<void>;
  state(): Promise<readonly StateResource[]>;
  /** Changes nothing and takes no lock: a saved plan is refused by Terraform itself when the state has moved on. */
  plan(flags?: PlanFlags): Promise<Planned>;
  /** Carries a saved plan out. `onFailure` may know better what a failure means. */
  apply(file: string, onFailure: (failure: RunbookError) => Promise<RunbookError>): Promise<void>;
  /**
   * Reads everything once more into the state. Much is known only when all is there (which rules a group has, what an
   * address belongs to), and without this the next plan would tell it as somebody else's change. Never throws but `interrupted`.
   */
  refresh(): Promise<void>;
  untaint(address: string): Promise<void>;
  outputs(): Promise<Outputs>;
}

export function terraformIn(options: TerraformOptions): Terraform {
  const { aws, workspace, onEvent, signal, hostKey } = options;
  const cwd = workspace.path;
  const env = environment(options);
  let applied = false;
  const check = () => {
    if (signal?.aborted)
      throw interrupted(applied ? 'interrupted; all changes were made' : 'interrupted before anything was changed');
  };
  const failure = (kind: ExitName, command: string, cause: string, next: string) =>
    new RunbookError(kind, {
      what: `terraform ${command} failed`,
      where: placeOf(aws),
      cause: without(cause, hostKey),
      next,
    });
  /** A run with events. */
  const run = async (args: readonly string[]): Promise<{ ended: Ended; told: Told }> => {
    check();
    const events = terraformEvents(onEvent);
    const log = join(cwd, `${args[0]}-${randomBytes(4).toString('hex')}.jsonl`);
    try {
      const ended = await follow({ args, cwd, env, signal, log }, events.take);
      return { ended, told: events.told() };
    } finally {
      await rm(log, { force: true });
    }
  };
  /** A run for its answer. */
  const answer = async (args: readonly string[]): Promise<string> => {
    check();
    const { code, stdout, stderr } = await ask({ args, cwd, env, signal });
    check();
    if (code === 0) return stdout;
    throw failure(
      'credentialsRefused',
      args.join(' '),
      stderr.trim(),
      'see the cause; then run the same command again',
    );
  };
  return {
    async init() {
      const { ended, told } = await run(['init', '-input=false', '-reconfigure', '-json']);
      check();
      if (ended.code !== 0)
        throw failure(
          'credentialsRefused',
          'init',
          describeErrors(told),
          `check the network and the access to ${aws.stateBucket}; if the cause is about locked provider versions after an update of this package, remove ${workspace.lockFile}; then run the same command again`,
        );
    },
    state: async () => readState(await answer(['state', 'pull'])),
    async plan({ destroy = false, targets = [], replace = [] } = {}) {
      const file = `run-${randomBytes(4).toString('hex')}.tfplan`;
      const { ended, told } = await run([
        ...['plan', '-json', '-input=false', '-lock=false', `-out=${file}`],
        ...(destroy ? ['-destroy'] : []),
        ...targets.map((address) => `-target=${address}`),
        ...replace.map((address) => `-replace=${address}`),
      ]);
      check();
      if (ended.code !== 0) {
        const next = 'see the cause; nothing was changed. Correct it, then run the same command again';
        return { failed: failure('credentialsRefused', 'plan', describeErrors(told), next), told };
      }
      return { file, plan: JSON.parse(await answer(['show', '-json', file])) as PlanJson };
    },
    async apply(file, onFailure) {
      const { ended, told } = await run(['apply', '-json', '-input=false', file]);
      applied = ended.code === 0;
      if (applied) return;
      const next = 'see the cause; what was made stays. Run the same command again, it goes on from there';
      const failed = await onFailure(failure('changeFailed', 'apply', describeErrors(told), next));
      if (signal?.aborted && failed.kind === 'changeFailed')
        throw interrupted(
          'interrupted: Terraform has ended what it was in the middle of, saved its state and freed the lock',
        );
      throw failed;
    },
    async refresh() {
      await run(['apply', '-refresh-only', '-auto-approve', '-json', '-input=false']);
      check();
    },
    async untaint(address) {
      await answer(['untaint', address]);
    },
    outputs: async () => JSON.parse(await answer(['output', '-json'])) as Outputs,
  };
}

/** The text without the lines of the key, should Terraform ever repeat them. */
function without(text: string, key: Secret | undefined): string {
  const lines =
    key
      ?.reveal()
      .split('\n')
      .filter((line) => line.length >= 16 && !line.startsWith('-----')) ?? [];
  return lines.reduce((rest, line) => rest.replaceAll(line, () => String(key)), text);
}

const keysOfEnvironment = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

function environment({ aws, env = process.env, hostKey }: TerraformOptions): Record<string, string> {
  const kept = Object.entries(cleanEnvironment(env)).filter(
    // Terraform would prefer them to the profile that the configuration names.
    ([key]) => aws.profile === undefined || !keysOfEnvironment.includes(key),
  );
  return {
    ...Object.fromEntries(kept),
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    AWS_REGION: aws.region,
    ...(aws.profile === undefined ? {} : { AWS_PROFILE: aws.profile }),
    ...(aws.endpoint === undefined ? {} : { AWS_ENDPOINT_URL: aws.endpoint }),
    ...(hostKey === undefined ? {} : { TF_VAR_host_key: hostKey.reveal() }),
  };
}
