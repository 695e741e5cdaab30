// The first deploy on a bare host, by the runbook and by hand, one after the other, each on a freshly wiped host.
import { loadavg } from 'node:os';
import { loadConfig } from '../../lib/config/load.ts';
import { readFacts } from '../../lib/engine/facts.ts';
import { connect } from '../../lib/host/connect.ts';
import { wantedOn } from '../../lib/jobs/converge/desired.ts';
import { keepSecrets, loadSecrets, storeOf } from '../../lib/secrets/index.ts';
import { type ByHand, byHand } from './bench-hand.ts';
import { byZx, checkSeconds, direct, type Measured, measure } from './bench-run.ts';
import { median, type Row, row } from './bench-table.ts';
import type { Lab } from './lab.ts';
import { HOST } from './suite.ts';

interface Pair {
  readonly hand: ByHand;
  readonly ours: Measured;
  /** What a plan finds to do after the work by hand: nothing, where both have brought about the same. */
  readonly left: readonly string[];
}

/** Measure `pairs` pairs; the host is left as the runbook made it. */
export async function firstDeploys(lab: Lab, pairs: number, say: (text: string) => void): Promise<Row[]> {
  const done: Pair[] = [];
  for (let pair = 1; pair <= pairs; pair++) {
    const about = (what: string) =>
      say(`pair ${pair} of ${pairs}: first deploy ${what}, load ${loadavg()[0]!.toFixed(1)}`);
    let hand: Awaited<ReturnType<typeof handOn>> | undefined;
    const byHandNow = async () => {
      about('by hand');
      hand = await handOn(lab);
    };
    // The order turns from pair to pair: a machine that gets busier or a mirror that gets slower must not favour one side.
    if (pair % 2 === 0) await byHandNow();
    about('by the runbook');
    await lab.wipeHost(HOST);
    const ours = await measure([...byZx('deploy'), '--config', lab.configPath, '--yes', '--json']);
    if (!hand) await byHandNow();
    done.push({ ...hand!, ours });
  }
  return rows(done);
}

async function handOn(lab: Lab): Promise<Omit<Pair, 'ours'>> {
  await lab.wipeHost(HOST);
  const { config } = loadConfig(lab.configPath);
  const host = await connect(config);
  const facts = await readFacts(host);
  await host.close();
  // With the same secrets for both: they are made at the first load and kept beside the lab's config.
  const store = storeOf(config);
  const specs = wantedOn(config, facts, await keepSecrets(store, await loadSecrets(store)));
  const hand = await byHand(lab, config, specs);
  const plan = JSON.parse((await measure([...direct('plan'), '--config', lab.configPath, '--json'])).stdout);
  return { hand, left: plan.changes.map(({ title }: { title: string }) => title) };
}

const withoutChecks = ({ seconds, seen }: Measured) => seconds - checkSeconds(seen);

/** Seconds that the changes of some kinds took together. */
function spent({ seen }: Measured, ...of: readonly string[]): number {
  const ends = seen.filter(({ event }) => event.type === 'change.end' && of.includes(event.change.kind));
  return ends.reduce((sum, { event }) => sum + event.took, 0) / 1000;
}

/** What the runbook spends on each kind of change; the rest are files and folders. */
const parts: readonly [name: string, ...kinds: string[]][] = [
  ['  packages', 'packages'],
  ['  Node onto the host', 'runtime'],
  ['  units and sshd', 'unit', 'sshd'],
  ['  images', 'images'],
  ['  containers', 'compose'],
  ['  certificate', 'certificate'],
  ['  accounts', 'account'],
  ['  files and folders, one by one', 'file', 'directory', 'symlink', 'placeholder'],
];

function rows(pairs: readonly Pair[]): Row[] {
  if (pairs.length === 0) return [];
  const hand = (name: string, of: (hand: ByHand) => number, more: Partial<Row> = {}) =>
    row(
      name,
      's',
      pairs.map((pair) => of(pair.hand)),
      more,
    );
  const ours = (name: string, of: (run: Measured) => number, more: Partial<Row> = {}) =>
    row(
      name,
      more.unit ?? 's',
      pairs.map((pair) => of(pair.ours)),
      more,
    );
  const ratio = (name: string, of: (pair: Pair) => number, more: Partial<Row> = {}) => {
    const values = pairs.map(of);
    const note = `each pair: ${values.map((value) => value.toFixed(2)).join(', ')}`;
    return { name, unit: 'x' as const, value: median(values), note, ...more };
  };
  const left = [...new Set(pairs.flatMap((pair) => pair.left))];
  const note = left.length === 0 ? 'a plan afterwards finds nothing to do' : `not the same: ${left.join(', ')}`;
  return [
    ours('first deploy: runbook, without checks', withoutChecks),
    ...parts.map(([name, ...kinds]) => ours(name, (run) => spent(run, ...kinds))),
    ours('first deploy: runbook, with full checks', ({ seconds }) => seconds),
    hand('first deploy: by hand, best order', ({ certificate }) => certificate, { note }),
    hand('  packages', ({ packages }) => packages),
    hand('  images', ({ packages, images }) => images - packages),
    hand('  containers', ({ images, containers }) => containers - images),
    hand('  certificate', ({ containers, certificate }) => certificate - containers),
    hand('  accounts, not in the sum', ({ accounts, certificate }) => accounts - certificate),
    ratio('ratio, without checks', (pair) => withoutChecks(pair.ours) / pair.hand.certificate, { target: 1.3 }),
    ratio(
      'ratio, without checks and packages',
      ({ ours, hand }) => (withoutChecks(ours) - spent(ours, 'packages')) / (hand.certificate - hand.packages),
    ),
    ratio('ratio, by hand with the accounts too', (pair) => withoutChecks(pair.ours) / pair.hand.accounts),
    ratio('ratio, full checks on our side alone', (pair) => pair.ours.seconds / pair.hand.accounts),
    ours('memory of the first deploy (peak)', ({ peakMiB }) => peakMiB, { unit: 'MiB', target: 200 }),
  ];
}
