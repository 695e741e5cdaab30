const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a duration as the config writes it: `60s`, `5m`, `1h`, `8d`. */
export function secondsOf(duration: string): number {
  return Number.parseInt(duration, 10) * units[duration.at(-1) as keyof typeof units];
}

/** A number of seconds as people say it: `90 s`, `12 min`, `5 h`. */
export function agoText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
