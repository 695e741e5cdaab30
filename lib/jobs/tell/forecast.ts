/** How much room a file system had at a moment: milliseconds since 1970, bytes. */
export interface Sample {
  readonly at: number;
  readonly free: number;
}

const hour = 3600_000;
/** How far back is remembered: what goes up and down within a day is seen over a whole one. */
const remembered = 25 * hour;
/** Of a shorter time nothing is foretold. */
const least = 6 * hour;
/** Between two samples that are kept. */
const apart = hour / 4;

/** The samples with a new one, the old ones dropped. */
export function withSample(samples: readonly Sample[], now: Sample): readonly Sample[] {
  const kept = samples.filter(({ at }) => at <= now.at && now.at - at <= remembered);
  const last = kept.at(-1);
  return last && now.at - last.at < apart ? kept : [...kept, now];
}

/** Hours until nothing is left, when it goes on as it did since the oldest sample; undefined where it does not shrink, or too little is known. */
export function hoursLeft(samples: readonly Sample[], now: Sample): number | undefined {
  const [first] = samples;
  if (!first || now.at - first.at < least) return undefined;
  const lost = first.free - now.free;
  return lost <= 0 ? undefined : (now.free / lost) * ((now.at - first.at) / hour);
}
