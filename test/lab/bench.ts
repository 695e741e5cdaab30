// npm run bench [-- --json] [--runs=5] [--pairs=2] [--only=proxy|backup|age]: how fast and how big, as a table. Figures only: nothing here passes or fails.
// Uses the lab that is up, or raises one and takes it down again. The lab's first host is wiped.
import { parseArgs } from 'node:util';
import { nothingToDo, sizes, uploadLimit } from './bench-again.ts';
import { ages } from './bench-age.ts';
import { backups } from './bench-backup.ts';
import { firstDeploys } from './bench-first.ts';
import { restarts, throughProxy } from './bench-proxy.ts';
import { direct, measure } from './bench-run.ts';
import { machine, type Row, table } from './bench-table.ts';
import { bulk } from './bulk.ts';
import { open, raise } from './lab.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    pairs: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    // For backups: how many repositories, ascending; KiB of each; MiB of the database; minutes to watch the timers (0: not).
    repositories: { type: 'string', default: '200,2000' },
    kib: { type: 'string', default: '300' },
    database: { type: 'string', default: '150' },
    minutes: { type: 'string', default: '9' },
  },
});
const [runs, pairs] = [Number(values.runs), Number(values.pairs)];
if (
  !(
    Number.isInteger(runs) &&
    runs > 0 &&
    Number.isInteger(pairs) &&
    pairs >= 0 &&
    /^(proxy|backup|age)?$/.test(values.only)
  )
) {
  console.error(
    '--runs is a number from 1 on, --pairs a number from 0 on (0: without first deploys), --only can be proxy, backup or age',
  );
  process.exit(2);
}
const say = (text: string) => process.stderr.write(`# ${text}\n`);

const before = machine();
const found = await open();
const lab = found ?? (await raise({}, ({ phase, text }) => say(`${phase}: ${text}`)));
try {
  const whole = values.only === '';
  const rows: Row[] = whole ? await firstDeploys(lab, pairs, say) : [];
  if (!whole || pairs === 0) await measure([...direct('deploy'), '--config', lab.configPath, '--yes', '--json']);
  if (whole) rows.push(...(await nothingToDo(lab, runs, say)), ...(await uploadLimit(lab, runs, say)));
  if (whole || values.only === 'proxy')
    rows.push(...(await throughProxy(lab, runs, say)), ...(await restarts(lab, runs, say)));
  if (whole) rows.push(...(await sizes(lab)));
  // On its own: it takes longer than all others together, and gigabytes.
  if (values.only === 'backup') {
    const counts = values.repositories.split(',').map(Number);
    const size = { counts, kib: Number(values.kib), databaseMiB: Number(values.database), runs };
    rows.push(...(await backups(lab, size, say)));
    if (values.minutes !== '0') rows.push(...(await ages(lab, Number(values.minutes), say)));
  }
  // The last of these figures alone.
  if (values.only === 'age') {
    const some = await bulk(lab);
    await some.pad(Number(values.database));
    await some.grow(Number(values.repositories.split(',').at(-1)), Number(values.kib));
    rows.push(...(await ages(lab, Number(values.minutes), say)));
  }
  const after = machine();
  const images = lab.images.filter(({ used }) => used);
  if (values.json) console.log(JSON.stringify({ machine: before, loadAfter: after.load, images, rows }, null, 2));
  else {
    console.log(
      `${before.cores} cores (${before.model}), ${before.memoryGiB} GiB, Linux ${before.kernel}, Node ${before.node}`,
    );
    console.log(`load before: ${before.load.join(' ')}, after: ${after.load.join(' ')}`);
    console.log(`images: ${images.map(({ ref, kind }) => `${ref} (${kind})`).join(', ')}\n`);
    console.log(table(rows));
  }
} finally {
  if (!found) await lab.lower();
}
