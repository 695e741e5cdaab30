import { secondsOf } from '../../core/duration.ts';
import type { HeldRelease, Release, Step } from '../../core/update.ts';

/** What the config says of a component. */
export interface Policy {
  /** How far a release may be. */
  readonly upTo: Step | 'none';
  /** How old a release must be, as the config writes it: `3d`. */
  readonly holdBack: string;
  readonly pinned: { readonly reason: string; readonly until: string } | undefined;
}

const steps: readonly Step[] = ['patch', 'minor', 'major'];
const within = (step: Step, upTo: Policy['upTo']) => upTo !== 'none' && steps.indexOf(step) <= steps.indexOf(upTo);

/** Of how many releases in a row the age is asked for: more than so many within the time of holding back there are not. */
const mostAsked = 5;

export interface Choice {
  readonly due: Release | undefined;
  /** Newer than that: of each step the newest. */
  readonly held: readonly HeldRelease[];
}

/**
 * What may be taken of the newer releases (oldest first), and why not what is newer still. `refused`: why a release is never taken by
 * itself. `madeOf` tells when one was made, and is asked about those alone that are allowed otherwise.
 */
export async function choose(
  newer: readonly Release[],
  { upTo, holdBack, pinned }: Policy,
  now: Date,
  refused: (release: Release) => string | undefined,
  madeOf: (release: Release) => Promise<string | undefined>,
): Promise<Choice> {
  const day = now.toISOString().slice(0, 10);
  const pin = pinned && day < pinned.until ? `it stays as it is until ${pinned.until}: ${pinned.reason}` : undefined;
  const why = (release: Release) =>
    refused(release) ??
    pin ??
    (within(release.step, upTo)
      ? undefined
      : `it is a ${release.step} step, and updates.policy takes ${upTo === 'none' ? 'none' : `${upTo} ones`}`);
  const held: HeldRelease[] = newer.flatMap((release) => {
    const reason = why(release);
    return reason === undefined ? [] : [{ ...release, why: reason }];
  });
  const allowed = newer.filter((release) => why(release) === undefined).reverse();
  let due: Release | undefined;
  for (const release of allowed.slice(0, mostAsked)) {
    const made = await madeOf(release);
    const dated = made === undefined ? release : { ...release, made };
    const young = youngBy(made, holdBack, now);
    if (young === undefined) {
      due = dated;
      break;
    }
    held.push({ ...dated, why: young });
  }
  return { due, held: newestOfEach(held, newer, due) };
}

/** Why a release is too young, or undefined. */
function youngBy(made: string | undefined, holdBack: string, now: Date): string | undefined {
  const seconds = secondsOf(holdBack);
  if (seconds === 0) return undefined;
  if (made === undefined)
    return `its image does not say when it was made, and updates.holdBack is ${holdBack}: take it by hand, or set 0d`;
  const from = new Date(Date.parse(made) + seconds * 1000);
  if (from <= now) return undefined;
  return `it was made on ${made.slice(0, 10)}, and is held back for ${holdBack}, until ${from.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** What is older than what is due is of no interest any more. */
function newestOfEach(
  held: readonly HeldRelease[],
  newer: readonly Release[],
  due: Release | undefined,
): readonly HeldRelease[] {
  const place = ({ tag }: Release) => newer.findIndex((one) => one.tag === tag);
  const after = due ? place(due) : -1;
  return steps.flatMap((step) => {
    const own = held.filter((one) => one.step === step && place(one) > after);
    return own.sort((a, b) => place(a) - place(b)).slice(-1);
  });
}
