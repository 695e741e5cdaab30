import type { Notice, OpenNotice, ToldNotice } from '../../core/notice.ts';

/** What is remembered of notices, so that nobody is told of the same thing each few minutes. */
export interface Ledger {
  readonly open: readonly OpenNotice[];
  /** By id: when somebody was told last of what is over. */
  readonly over: Readonly<Record<string, string>>;
}

export const emptyLedger: Ledger = { open: [], over: {} };

const day = 24 * 3600_000;
/** What comes and goes is told anew when it has stayed for so long. */
const stays = 15 * 60_000;

export interface Settled {
  readonly ledger: Ledger;
  /** What somebody has to be told now. */
  readonly tell: readonly ToldNotice[];
}

/**
 * What was found, against what was known: pure. Each thing is told when it is new, once a day while it goes on, and when it
 * is over. One that was told within the last day and comes back is told when it stays. `decides` says of which ids
 * this look can tell at all that they are over.
 */
export function settle(
  before: Ledger,
  found: readonly Notice[],
  now: Date,
  decides: (id: string) => boolean = () => true,
): Settled {
  const at = now.toISOString();
  const since = (moment: string) => now.getTime() - Date.parse(moment);
  const tell: ToldNotice[] = [];
  const over: Record<string, string> = {};
  for (const [id, moment] of Object.entries(before.over)) if (since(moment) < day) over[id] = moment;
  const open = found.map((notice): OpenNotice => {
    const known = before.open.find(({ id }) => id === notice.id);
    const current: OpenNotice = { ...notice, since: known?.since ?? notice.since };
    const due = known?.told ? since(known.told) >= day : over[notice.id] === undefined || since(current.since) >= stays;
    if (!due) return { ...current, ...(known?.told ? { told: known.told } : {}) };
    tell.push({ ...current, event: known?.told ? 'still' : 'new', at });
    return { ...current, told: at };
  });
  for (const known of before.open) {
    if (found.some(({ id }) => id === known.id)) continue;
    if (!decides(known.id)) {
      open.push(known);
    } else if (known.told) {
      const { told: _told, ...notice } = known;
      tell.push({ ...notice, event: 'over', at });
      over[known.id] = at;
    }
  }
  return { ledger: { open, over }, tell };
}
