/** Go's zero time in JSON. */
export const DateTimeZero = '0001-01-01T00:00:00Z';

/** Seconds since 1970 as Go writes them in JSON (RFC 3339, no fraction, UTC). */
export function goTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
}
