// People at work, and how long they wait: with backups beside them and without, in turn, so that whatever else the machine does
// meets both alike.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { median, type Row, row } from './bench-table.ts';
import { giteaClient } from './gitea-client.ts';
import type { Lab } from './lab.ts';
import { inside } from './suite.ts';
import { startWorkload, type Workload } from './workload.ts';

/** One answer: when it was there (ms epoch), how long it took (ms), and whether it was one. */
export interface Answered {
  readonly at: number;
  readonly took: number;
  readonly good: boolean;
}

export interface People {
  readonly answers: readonly Answered[];
  readonly workload: Workload;
  stop(): Promise<void>;
}

/** The workload of the tests (pushes, LFS, issues, renames ...) and somebody who reads pages and refs all the time. */
export async function people(lab: Lab, prefix: string, rate: number): Promise<People> {
  const instance = {
    on: async (script: string) => (await inside(lab, script)).trim(),
    ...{ domain: lab.domain, address: lab.hosts[0]!.address, caPath: lab.caPath },
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  const workload = await startWorkload(instance, { file: path.join(folder, 'ledger'), prefix, rate });
  const answers: Answered[] = [];
  const clients = workload.ledger.users.map((user) => giteaClient(instance, user));
  let going = true;
  const read = async (client: (typeof clients)[number]) => {
    for (let turn = 0; going; turn++) {
      const started = performance.now();
      const where = turn % 2 === 0 ? '/api/v1/user' : '/user/login';
      const good = await client.ask(where).then(
        ({ status }) => status >= 200 && status < 400,
        () => false,
      );
      answers.push({ at: Date.now(), took: performance.now() - started, good });
      await pause(60);
    }
  };
  const loops = clients.map(read);
  return {
    answers,
    workload,
    async stop() {
      going = false;
      await Promise.all([...loops, workload.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

const quantile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

/** `backup` is done again and again in every second stretch of time. */
export async function waiting(
  lab: Lab,
  { turns, seconds, rate }: { turns: number; seconds: number; rate: number },
  backup: () => Promise<unknown>,
): Promise<Row[]> {
  const { answers, workload, stop } = await people(lab, `wait${Date.now() % 100_000}`, rate);
  const stretches: { readonly from: number; readonly to: number; readonly beside: boolean }[] = [];
  let runs = 0;
  for (let turn = 0; turn < 2 * turns; turn++) {
    const beside = turn % 2 === 1;
    const from = Date.now();
    while (Date.now() < from + seconds * 1000) {
      if (beside) {
        await backup();
        runs += 1;
      } else await pause(from + seconds * 1000 - Date.now());
    }
    stretches.push({ from, to: Date.now(), beside });
  }
  await stop();
  const within = (at: number, beside: boolean) =>
    stretches.some((one) => one.beside === beside && at > one.from && at <= one.to);
  return [
    row('requests that failed', '', [failedOf({ answers, workload })], {
      target: 0,
      note: `of ${answers.length + workload.ledger.entries.length}, beside ${runs} runs of a backup`,
    }),
    ...waits({ answers, workload }, within, 'with one beside it all the time'),
  ];
}

type Seen = Pick<People, 'answers' | 'workload'>;

export const failedOf = ({ answers, workload }: Seen) =>
  answers.filter(({ good }) => !good).length + workload.ledger.entries.filter((entry) => entry.failed).length;

/** How long people have waited for what was answered at moments (ms epoch) without a backup beside them, and with. */
export function waits(
  { answers, workload }: Seen,
  within: (at: number, beside: boolean) => boolean,
  withBackup: string,
): Row[] {
  const reads = (beside: boolean) => answers.filter(({ at }) => within(at, beside)).map(({ took }) => took / 1000);
  const works = (beside: boolean) =>
    workload.ledger.entries
      .filter(({ time, failed }) => failed === undefined && within(Date.parse(time), beside))
      .map(({ began, time }) => (Date.parse(time) - Date.parse(began)) / 1000);
  const rows = (name: string, of: (beside: boolean) => number[]): Row[] => {
    const [without, beside] = [of(false), of(true)];
    const [low, high] = [quantile(without, 0.99), quantile(beside, 0.99)];
    const figures = (values: number[]) => ({ note: `median ${median(values).toFixed(3)} s, ${values.length} of them` });
    return [
      row(`${name}, p99 without a backup`, 's', [low], figures(without)),
      row(`  ${withBackup}`, 's', [high], figures(beside)),
      row('  ratio', 'x', [high / low], { target: 1.5 }),
    ];
  };
  return [...rows('pages and API', reads), ...rows('pushes, uploads, issues, renames', works)];
}
