import type { PrunePlan } from '../core/prune.ts';
import { size } from '../core/size.ts';
import { escapeLine } from './escape.ts';

/** What goes off the host and what stays, with the reasons. */
export function renderPrune(plan: PrunePlan): string {
  const { place, stays, goes, unfinished, freed, left, verified, refused, heldDays } = plan;
  return [
    `Whole generations at ${escapeLine(place)}: ${goes.length} go, ${stays.length} stay`,
    ...goes.map((id) => `  - ${id}`),
    ...unfinished.map((id) => `  - ${id}  (begun, never finished)`),
    ...stays.map(({ id, why }) => `    ${id}  ${why.join(', ')}`),
    ...(freed === undefined
      ? []
      : [`Needed no more: ${size(freed)}${left === undefined ? '' : `; ${size(left)} stay`}`]),
    ...(goes.length + unfinished.length === 0 ? [] : [lateText(place, heldDays)].flat()),
    ...(verified === undefined ? [] : [`The newest whole one was read back and found sound: ${verified}`]),
    ...(refused ? [`Cannot be done now: ${escapeLine(refused.what)}`, `Next: ${refused.next}`] : []),
  ].join('\n');
}

function lateText(place: string, days: number | undefined): readonly string[] {
  if (days !== undefined)
    return [
      `The bucket keeps what is removed for ${days} days more, and costs as much until then: then its lifecycle rule frees it`,
    ];
  return /^(s3|b2|gs|azure):/.test(place)
    ? ['Where the place keeps versions or locks objects, a lifecycle rule of it frees the space, not this']
    : [];
}
