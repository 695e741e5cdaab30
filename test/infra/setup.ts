import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { loadConfig } from '../../lib/config/load.ts';
import { RunbookError } from '../../lib/core/errors.ts';
import type { RunEvent } from '../../lib/core/event.ts';
import { infraApply, infraDestroy, infraOutput, infraPlan } from '../../lib/jobs/infra/index.ts';
import type { InfraApplyOptions, InfraDestroyOptions, InfraOptions } from '../../lib/jobs/infra/options.ts';
import { installDouble } from '../double/install.ts';
import type { Script } from '../double/plan.ts';
import { diskCloud, type Trouble } from './fixtures/cloud.ts';

/** Sections of the configuration beside those that every test has. */
export interface Wish {
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly host?: Readonly<Record<string, unknown>>;
  readonly trouble?: Trouble;
}

/** One folder a test file for what all its tests share. */
let shared: Promise<{ path: string; cache: string }> | undefined;

let applied: Promise<string> | undefined;

/** As `setUp`, with everything made already: by the first test that asks for it, the others get a copy. */
export async function setUpApplied(t: Test, wish: Wish = {}) {
  const run = await setUp(t, wish);
  applied ??= run.apply().then(() => {
    const kept = `${run.folder}-kept`;
    cpSync(run.folder, kept, { recursive: true });
    return kept;
  });
  const kept = await applied;
  for (const part of ['config', 'account'])
    cpSync(join(kept, part), join(run.folder, part), { recursive: true, filter: (path) => !path.endsWith('.yaml') });
  run.commands();
  run.events.length = 0;
  return run;
}

/** A configuration in a folder of its own, an account in another, and the double of Terraform on the PATH. */
export async function setUp(t: Test, { aws = {}, host = {}, trouble = {} }: Wish = {}) {
  const folder = t.testdir({});
  const project = join(folder, '..', '..', '..');
  shared ??= installDouble(join(folder, '..', 'double', String(process.pid))).then((path) => ({
    path,
    cache: join(project, '.tap', 'double-cache'),
  }));
  const { path, cache } = await shared;
  const file = join(folder, 'config', 'gitea.config.yaml');
  const stateDir = join(folder, 'account');
  mkdirSync(join(folder, 'config'));
  mkdirSync(stateDir);
  const settings: Record<string, unknown> = {
    accountId: '210987654321',
    region: 'eu-central-1',
    sshFrom: ['10.9.0.0/16'],
    ...aws,
  };
  const write = (own: Readonly<Record<string, unknown>> = settings) => {
    const config = {
      domain: 'git.lab.test',
      host: { provider: 'aws', ...host },
      aws: own,
      tls: { email: 'ops@lab.test' },
      admin: { username: 'operator', email: 'ops@lab.test' },
    };
    writeFileSync(file, JSON.stringify(config, null, 2));
  };
  write();
  const script = join(folder, 'script.json');
  const env: Record<string, string> = {
    PATH: path,
    HOME: folder,
    DOUBLE_STATE_DIR: stateDir,
    DOUBLE_CACHE: cache,
    DOUBLE_SCRIPT: script,
    DOUBLE_LOG: join(folder, 'commands.log'),
    DOUBLE_ACCOUNT: '210987654321',
  };
  const events: RunEvent[] = [];
  const steps = () =>
    events.flatMap((event) => (event.type === 'step' || event.type === 'warning' ? [event.text] : []));
  const job = async <O extends InfraOptions, R>(
    run: (loaded: ReturnType<typeof loadConfig>, options: O) => Promise<R>,
    options?: O,
  ) => {
    const loaded = loadConfig(file);
    const cloud = diskCloud(loaded.config.aws!, stateDir, trouble);
    const own = { env, cloud, onEvent: (event: RunEvent) => void events.push(event), ...options } as unknown as O;
    return run(loaded, own);
  };
  const confirmed = (words: string) => ({
    approveLoss: async (_: string, wanted: string) => {
      if (words !== wanted) throw new RunbookError('refused', { what: `wanted ${wanted}`, next: '' });
    },
  });
  return {
    folder,
    file,
    env,
    events,
    steps,
    stateDir,
    confirmed,
    inventory: join(folder, 'config', 'gitea.inventory.json'),
    work: join(folder, 'config', '.gitea-runbooks', 'terraform-gitea'),
    plan: (options?: InfraOptions) => job(infraPlan, options),
    apply: (options?: InfraApplyOptions) => job(infraApply, options),
    destroy: (options?: InfraDestroyOptions) => job(infraDestroy, options),
    output: (options?: InfraOptions) => job(infraOutput, options),
    /** Other settings of AWS from here on. */
    set: (more: Readonly<Record<string, unknown>>) => write({ ...settings, ...more }),
    script: (what: Script) => writeFileSync(script, JSON.stringify(what)),
    /** Command lines that Terraform was started with since the last call. */
    commands(): string[] {
      const log = env.DOUBLE_LOG!;
      const lines = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
      writeFileSync(log, '');
      return lines.filter(Boolean);
    },
    state: () =>
      JSON.parse(readFileSync(join(stateDir, bucketOf(settings), 'gitea-runbooks/gitea/terraform.tfstate'), 'utf8')),
    lockFile: join(stateDir, bucketOf(settings), 'gitea-runbooks/gitea/terraform.tfstate.tflock'),
  };
}

const bucketOf = ({ accountId, region }: Record<string, unknown>) => `gitea-state-${accountId}-${region}`;

/** The failure of a call, which must be one that is expected. */
export async function failureOf(call: Promise<unknown>): Promise<RunbookError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RunbookError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

/** The lock object as Terraform writes it. */
export const lockOf = (who: string) =>
  JSON.stringify({
    ID: '3c7d9c1e-0000-4000-8000-000000000001',
    Operation: 'OperationTypeApply',
    Info: '',
    Who: who,
    Version: '1.14.2',
    Created: '2026-11-23T20:14:23.407837638Z',
    Path: '',
  });
