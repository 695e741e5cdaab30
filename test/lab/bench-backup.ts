// Backups beside what people would do without them, `gitea dump` (a tar and a pg_dump) and plain restic, on the same data.
import { loadavg } from 'node:os';
import { loadConfig } from '../../lib/config/load.ts';
import { type Cost, costs, memory, stored } from './bench-cost.ts';
import { waiting } from './bench-people.ts';
import { direct, measure } from './bench-run.ts';
import { median, type Row, row } from './bench-table.ts';
import { type Bulk, bulk } from './bulk.ts';
import type { Lab } from './lab.ts';
import { inside } from './suite.ts';

export interface BackupBench {
  /** How many repositories, ascending: of the last all is measured, of the others what an interval run costs. */
  readonly counts: readonly number[];
  /** Size of each repository in KiB. */
  readonly kib: number;
  /** Size of the database in MiB. */
  readonly databaseMiB: number;
  /** How often each is measured. */
  readonly runs: number;
}

const ours = '/var/backups/gitea';
const theirs = '/var/backups/bench';
const live = '/srv/gitea/gitea';
/** As many change in each row, so that only what does not change differs. */
const changing = 20;
/** A quarter of a minute of both, in turn. */
const beside = { turns: 4, seconds: 15, rate: 5 };

const job = (name: string) =>
  `systemctl start ${name} || { journalctl -o cat -n 20 -u ${name}; exit 1; }; systemctl reset-failed ${name} 2>/dev/null || true`;
const interval = job('gitea-runbooks-backup');
const whole = job('gitea-runbooks-backup-full');
const pgDump = (options: string, to: string) =>
  `docker exec gitea-database-1 pg_dump -U postgres -Fc ${options} gitea >${to}`;
const tar = `mkdir -p ${theirs}/dump
${pgDump('-Z zstd:1', `${theirs}/dump/database`)}
tar -C ${live} -cf ${theirs}/dump/data.tar data config`;
/** `gitea dump` compresses in the same way, in one thread as well. */
const dump = `rm -rf ${theirs}/dump; mkdir -p ${theirs}/dump
${pgDump('-Z zstd:1', `${theirs}/dump/database`)}
tar -C ${live} -czf ${theirs}/dump/data.tar.gz data config`;

const seconds = (all: readonly Cost[]) => all.map((one) => one.seconds);
const cpu = (all: readonly Cost[]) => all.map((one) => one.cpu);

export async function backups(lab: Lab, bench: BackupBench, say: (text: string) => void): Promise<Row[]> {
  const tell = (text: string) => say(`${text}, load ${loadavg()[0]!.toFixed(1)}`);
  await inside(lab, `systemctl stop 'gitea-runbooks-*.timer'; rm -rf ${theirs}`);
  const rows: Row[] = [];
  try {
    const some = await bulk(lab);
    tell(`making a database of ${bench.databaseMiB} MiB`);
    await some.pad(bench.databaseMiB);
    const cost = await costs(lab);
    const byCount: { readonly count: number; readonly took: number }[] = [];
    for (const count of bench.counts) {
      tell(`making repositories: ${count}`);
      await some.grow(count, bench.kib);
      tell('a whole generation');
      const before = await stored(lab, `${ours}/archive`);
      const first = await cost(whole);
      rows.push(
        row(`${count} repositories: a whole generation`, 's', [first.seconds], {
          note: `CPU ${first.cpu.toFixed(1)} s, ${((await stored(lab, `${ours}/archive`)) - before).toFixed(0)} MiB stored`,
        }),
      );
      const found = await intervals(lab, bench, { some, count, all: count === bench.counts.at(-1) }, cost, tell);
      rows.push(...found.rows);
      byCount.push({ count, took: found.took });
    }
    const [low, high] = [byCount[0]!, byCount.at(-1)!];
    if (low !== high)
      rows.push(
        row(`interval run, ${high.count} against ${low.count} repositories`, 'x', [high.took / low.took], {
          target: 3,
        }),
      );
    tell('memory');
    rows.push(...(await resident(lab, some, bench, cost)));
    tell('people at work');
    rows.push(...(await waiting(lab, beside, () => cost(interval))));
    tell('restore');
    rows.push(...(await restores(lab, cost)));
    return rows;
  } finally {
    await inside(lab, `rm -rf ${theirs}`);
  }
}

/** Interval runs after a change, beside the others of the same data in the same state where `all` is wanted. */
async function intervals(
  lab: Lab,
  { counts, kib, runs }: BackupBench,
  { some, count, all }: { readonly some: Bulk; readonly count: number; readonly all: boolean },
  cost: (script: string) => Promise<Cost>,
  tell: (text: string) => void,
): Promise<{ readonly rows: Row[]; readonly took: number }> {
  const image = loadConfig(lab.configPath).config.images.restic;
  const plain = `mkdir -p ${theirs}/cache ${theirs}/stage
${pgDump('-Z 0', `${theirs}/stage/database`)}
docker run --rm --network none --pull never -v ${live}:/live:ro -v ${theirs}:/bench -e RESTIC_PASSWORD=bench -e RESTIC_CACHE_DIR=/bench/cache --entrypoint sh ${image} -c 'restic -r /bench/plain cat config >/dev/null 2>&1 || restic -r /bench/plain init -q || exit; restic -r /bench/plain backup -q --host bench /live /bench/stage'`;
  const change = async () => {
    const start = 1 + Math.floor(Math.random() * (counts[0]! - changing));
    const numbers = Array.from({ length: changing }, (_, at) => start + at);
    await some.change(numbers, kib);
    await some.touch(1);
    // What changed less than a few seconds ago is looked at again by the next run as well.
    await inside(lab, 'sleep 4');
  };
  await cost(interval); // brings the log of the database into `recent`, where it stays
  const rows: Row[] = [];
  if (all) {
    tell('plain restic for the first time');
    const first = await cost(plain);
    rows.push(
      row(`${count} repositories: plain restic and pg_dump for the first time`, 's', [first.seconds], {
        note: `CPU ${first.cpu.toFixed(1)} s, ${(await stored(lab, `${theirs}/plain`)).toFixed(0)} MiB stored`,
      }),
    );
  }
  const done: { our: Cost; ourMiB: number; tar?: Cost; restic?: Cost; resticMiB?: number }[] = [];
  for (let run = 0; run < runs; run++) {
    tell(`interval run ${run + 1} of ${runs}`);
    await change();
    const before = await stored(lab, `${ours}/recent`);
    const our = await cost(interval);
    const ourMiB = (await stored(lab, `${ours}/recent`)) - before;
    if (!all) {
      done.push({ our, ourMiB });
      continue;
    }
    const plainBefore = await stored(lab, `${theirs}/plain`);
    const restic = await cost(plain);
    const resticMiB = (await stored(lab, `${theirs}/plain`)) - plainBefore;
    done.push({ our, ourMiB, restic, resticMiB, tar: await cost(`rm -rf ${theirs}/dump\n${tar}`) });
  }
  const our = done.map((one) => one.our);
  const took = median(seconds(our));
  const changed = `${changing} repositories by ${kib} KiB each, 1 % of the pages of the database`;
  rows.push(
    row(`${count} repositories: interval run after a change`, 's', seconds(our), {
      note: changed,
    }),
  );
  if (!all) return { rows, took };
  tell('a dump');
  const dumped = await cost(dump);
  const dumpMiB = await stored(lab, `${theirs}/dump`);
  const tars = done.map((one) => one.tar!);
  const restics = done.map((one) => one.restic!);
  const stores = done.map((one) => one.ourMiB);
  rows.push(
    row('  CPU', 's', cpu(our)),
    row('  stored', 'MiB', stores),
    row('  dump of the same: tar with gzip, and pg_dump', 's', [dumped.seconds], {
      note: `CPU ${dumped.cpu.toFixed(1)} s, ${dumpMiB.toFixed(0)} MiB stored`,
    }),
    row('  tar without compression, and pg_dump', 's', seconds(tars)),
    row('    CPU', 's', cpu(tars)),
    row('  plain restic and pg_dump of the same', 's', seconds(restics)),
    row('    CPU', 's', cpu(restics)),
    row(
      '    stored',
      'MiB',
      done.map((one) => one.resticMiB!),
    ),
    row('  interval run against the dump: time', 'x', [took / dumped.seconds], { target: 0.1 }),
    row('    CPU', 'x', [median(cpu(our)) / dumped.cpu]),
    row('    stored', 'x', [median(stores) / dumpMiB], { target: 0.1 }),
    row(
      '  interval run against tar without compression: time',
      'x',
      done.map((one) => one.our.seconds / one.tar!.seconds),
    ),
    row(
      '    CPU',
      'x',
      done.map((one) => one.our.cpu / one.tar!.cpu),
    ),
    row(
      '  interval run against plain restic: time',
      'x',
      done.map((one) => one.our.seconds / one.restic!.seconds),
    ),
    row(
      '    CPU',
      'x',
      done.map((one) => one.our.cpu / one.restic!.cpu),
    ),
  );
  return { rows, took };
}

async function resident(
  lab: Lab,
  some: Bulk,
  { kib }: BackupBench,
  cost: (script: string) => Promise<Cost>,
): Promise<Row[]> {
  const of = async (name: string, script: string): Promise<Row[]> => {
    const most = await memory(lab, () => cost(script));
    const known = [...most].filter(([program]) => /^(restic|node|MainThread|node-MainThread|pg_|tar)/.test(program));
    return known.map(([program, mib]) => row(`memory of ${name}: ${program}`, 'MiB', [mib], { target: 400 }));
  };
  await some.change([1, 2, 3], kib);
  return [...(await of('an interval run', interval)), ...(await of('a whole generation', whole))];
}

/** The newest generation beside the dump of the same data: until both are on the disk again, and until people can work again. */
async function restores(lab: Lab, cost: (script: string) => Promise<Cost>): Promise<Row[]> {
  await cost(`rm -rf ${theirs}/plain ${theirs}/cache ${theirs}/stage ${theirs}/dump\n${interval}`);
  await cost(tar);
  const plain = await cost(`mkdir ${theirs}/back
tar -C ${theirs}/back -xf ${theirs}/dump/data.tar
docker exec gitea-database-1 psql -U postgres -qc 'create database bench'
docker exec -i gitea-database-1 pg_restore -U postgres -d bench <${theirs}/dump/database
sync`);
  await inside(lab, `rm -rf ${theirs}; docker exec gitea-database-1 psql -U postgres -qc 'drop database bench'`);
  const words = ['--config', lab.configPath, '--json', '--confirm', lab.domain];
  const { seconds: took, seen } = await measure([...direct('restore'), ...words]);
  const at = (text: RegExp) =>
    seen.find(({ event }) => event.type === 'step' && text.test(event.text))?.at ?? Number.NaN;
  const [began, ready, up] = [at(/getting the files of/), at(/is ready: the containers stop/), at(/is back\./)];
  await measure([...direct('restore'), '--config', lab.configPath, '--json', '--discard-old', '--confirm', lab.domain]);
  return [
    row('restore: tar and pg_restore', 's', [plain.seconds], {
      note: `CPU ${plain.cpu.toFixed(1)} s; ends here, nothing serves yet`,
    }),
    row('restore: a generation, until all is on the disk', 's', [(ready - began) / 1000]),
    row('  until Gitea is healthy', 's', [(up - began) / 1000]),
    row('  the whole command, with its deploy and checks', 's', [took]),
    row('  against tar and pg_restore', 'x', [(ready - began) / 1000 / plain.seconds], { target: 1.25 }),
  ];
}
