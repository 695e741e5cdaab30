// The first deploy on a bare host, by the runbook and by hand, one after the other, each on a freshly wiped host.
import { loadConfig } from '../../lib/config/load.ts';
import { readFacts } from '../../lib/engine/facts.ts';
import { connect } from '../../lib/host/connect.ts';
import { wantedOn } from '../../lib/jobs/desired.ts';
import { loadSecrets, storeOf } from '../../lib/secrets/index.ts';
import { type ByHand, byHand } from './bench-hand.ts';
import { byZx, checkSeconds, direct, type Measured, measure } from './bench-run.ts';
import { type Row, row } from './bench-table.ts';
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
    say(`pair ${pair} of ${pairs}: first deploy by hand`);
    await lab.wipeHost(HOST);
    const { config } = loadConfig(lab.configPath);
    const host = await connect(config);
    const facts = await readFacts(host);
    await host.close();
    // With the same secrets for both: they are made at the first load and kept beside the lab's config.
    const specs = wantedOn(config, facts, await loadSecrets(storeOf(config), { save: true }));
    const hand = await byHand(lab, config, specs);
    const plan = JSON.parse((await measure([...direct('plan'), '--config', lab.configPath, '--json'])).stdout);
    const left = plan.changes.map(({ title }: { title: string }) => title);

    say(`pair ${pair} of ${pairs}: first deploy by the runbook`);
    await lab.wipeHost(HOST);
    const ours = await measure([...byZx('deploy'), '--config', lab.configPath, '--yes', '--json']);
    done.push({ hand, ours, left });
  }
  return rows(done);
}

const withoutChecks = ({ seconds, seen }: Measured) => seconds - checkSeconds(seen);

/** Seconds that the changes of some kinds took together. */
function spent({ seen }: Measured, ...of: readonly string[]): number {
  const ends = seen.filter(({ event }) => event.type === 'change.end' && of.includes(event.change.kind));
  return ends.reduce((sum, { event }) => sum + event.took, 0) / 1000;
}

const timed = ['packages', 'images', 'compose', 'certificate', 'account', 'runtime', 'unit', 'sshd'];

function rows(pairs: readonly Pair[]): Row[] {
  if (pairs.length === 0) return [];
  const hands = (of: (hand: ByHand) => number) => pairs.map(({ hand }) => of(hand));
  const ours = (of: (run: Measured) => number) => pairs.map(({ ours }) => of(ours));
  const each = (values: readonly number[]) => `each pair: ${values.map((value) => value.toFixed(2)).join(', ')}`;
  const strict = pairs.map(({ hand, ours }) => withoutChecks(ours) / hand.certificate);
  const same = pairs.map(({ hand, ours }) => withoutChecks(ours) / hand.accounts);
  const full = pairs.map(({ hand, ours }) => ours.seconds / hand.accounts);
  const others = (run: Measured) =>
    spent(run, ...new Set(run.seen.map(({ event }) => event.change?.kind as string))) - spent(run, ...timed);
  const left = pairs.flatMap((pair) => pair.left);
  return [
    row('first deploy: runbook, without checks', 's', ours(withoutChecks)),
    row(
      '  packages',
      's',
      ours((run) => spent(run, 'packages')),
    ),
    row(
      '  Node onto the host',
      's',
      ours((run) => spent(run, 'runtime')),
    ),
    row(
      '  units and sshd',
      's',
      ours((run) => spent(run, 'unit', 'sshd')),
    ),
    row(
      '  images',
      's',
      ours((run) => spent(run, 'images')),
    ),
    row(
      '  containers',
      's',
      ours((run) => spent(run, 'compose')),
    ),
    row(
      '  certificate',
      's',
      ours((run) => spent(run, 'certificate')),
    ),
    row(
      '  accounts',
      's',
      ours((run) => spent(run, 'account')),
    ),
    row('  files and folders, one by one', 's', ours(others)),
    row(
      'first deploy: runbook, with full checks',
      's',
      ours(({ seconds }) => seconds),
    ),
    row(
      'first deploy: by hand, best order',
      's',
      hands(({ certificate }) => certificate),
      {
        note:
          left.length === 0
            ? 'a plan afterwards finds nothing to do'
            : `not the same: ${[...new Set(left)].join(', ')}`,
      },
    ),
    row(
      '  packages',
      's',
      hands(({ packages }) => packages),
    ),
    row(
      '  images',
      's',
      hands(({ packages, images }) => images - packages),
    ),
    row(
      '  containers',
      's',
      hands(({ images, containers }) => containers - images),
    ),
    row(
      '  certificate',
      's',
      hands(({ containers, certificate }) => certificate - containers),
    ),
    row(
      '  accounts, not in the sum',
      's',
      hands(({ accounts, certificate }) => accounts - certificate),
    ),
    row('ratio, without checks', 'x', strict, { target: 1.3, note: each(strict) }),
    row('ratio, by hand with the accounts too', 'x', same, { target: 1.3, note: each(same) }),
    row('ratio, full checks on our side alone', 'x', full, { note: each(full) }),
    row(
      'memory of the first deploy (peak)',
      'MiB',
      ours(({ peakMiB }) => peakMiB),
      { target: 200 },
    ),
  ];
}
