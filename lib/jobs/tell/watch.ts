import type { Config } from '../../config/config.types.ts';
import type { Notice } from '../../core/notice.ts';
import { quoteAll } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { layout } from '../../phases/layout.ts';
import { readJson, writeJson } from '../backup/index.ts';
import { absences, type Remembered, timersNotice, unitsOf } from './absence.ts';
import { withSample } from './forecast.ts';
import { emptyLedger, type Ledger, settle } from './ledger.ts';
import { writeMetrics } from './metrics.ts';
import { notify } from './notify.ts';
import { look, type Seen, unlessBusy } from './seen.ts';

/** Where what is told is kept; other than on a host only for trying. */
export interface Places {
  readonly notices: string;
  readonly noticeLog: string;
  readonly watch: string;
  readonly metrics: string;
}

/**
 * Look whether all that runs unattended has run, and tell what has not; what systemd's timer does every two minutes, with
 * the lock of the notices held. Starts timers again that somebody has left stopped. Gives what there is to tell, in a sentence.
 */
export async function watch(config: Config, host: Host, places: Places = layout): Promise<string> {
  const seen = await look(config, host);
  const remembered = remember(seen, readJson<Remembered>(places.watch));
  const units = await mended(config, host, seen);
  const known = new Map(readJson<Ledger>(places.notices)?.open.map(({ id, what }) => [id, what]));
  const found = [
    // What was told when it failed says more than systemd does afterwards.
    ...units.notices.map((notice) =>
      isUnit(notice) ? { ...notice, what: known.get(notice.id) ?? notice.what } : notice,
    ),
    ...absences(config, seen, remembered),
  ];
  const ledger = await settleAndTell(config, host, places, found, new Date(seen.now), (id) => !units.undecided.has(id));
  // In the end: how old it is tells when the last look was that came so far.
  writeJson(places.watch, remembered);
  writeMetrics(config, places.metrics, { seen, open: ledger.open });
  return ledger.open.length === 0 ? 'all is well' : ledger.open.map(({ what }) => what).join('; ');
}

const isUnit = ({ id }: Notice) => id.startsWith('unit:');

/** Tells what is due, and writes down what was told. The caller holds the lock of the notices. */
export async function settleAndTell(
  config: Config,
  host: Host,
  places: Pick<Places, 'notices' | 'noticeLog'>,
  found: readonly Notice[],
  now: Date,
  decides: (id: string) => boolean,
): Promise<Ledger> {
  const before = readJson<Ledger>(places.notices) ?? emptyLedger;
  const { ledger, tell } = settle(before, found, now, decides);
  for (const notice of tell) await notify(config, host, notice, places.noticeLog);
  writeJson(places.notices, ledger);
  return ledger;
}

function remember(seen: Seen, before: Remembered = { samples: {} }): Remembered {
  const samples = Object.fromEntries(
    seen.disks.map(({ path, now }) => [path, withSample(before.samples[path] ?? [], now)]),
  );
  const { slot } = seen.backup ?? {};
  return { samples, ...(slot && !slot.active ? { quiet: before.quiet ?? seen.now } : {}) };
}

/**
 * The units, when timers that were left stopped are started again. A deploy or a restore that is under way may have stopped
 * them: then nothing is said of them.
 */
async function mended(config: Config, host: Host, seen: Seen) {
  const units = unitsOf(config, seen);
  const doubtful = ['timers', 'timers:off', 'restore'];
  if (units.start.length === 0 && !units.notices.some(({ id }) => doubtful.includes(id))) return units;
  let notices = units.notices;
  const done = await unlessBusy(host, async (locked) => {
    // It may have ended a moment ago, and have put all in order.
    const again = unitsOf(config, await look(config, host));
    notices = again.notices;
    if (again.start.length === 0) return;
    const { code } = await locked.run({ script: `systemctl start ${quoteAll(again.start)}` });
    notices = [...again.notices, timersNotice(again.start, new Date(seen.now).toISOString(), code === 0)];
  });
  if (done) return { ...units, notices };
  return {
    notices: units.notices.filter(({ id }) => !doubtful.includes(id)),
    undecided: new Set([...units.undecided, ...doubtful]),
  };
}
