import type { Secret } from '../core/secret.ts';

/** Shorter values would turn ordinary words into noise; no generated secret is that short. */
const shortest = 4;
/** A multi-line secret (a key) is often shown line by line. Shorter lines are not worth anything alone. */
const shortestLine = 16;

/** Where the values to hide come from: asked at each event, since secrets become known during a run. */
export type SecretSource = () => Iterable<Secret>;

/** Replaces every secret value in a text by `<secret NAME>`, longest first, also where it is URL- or JSON-encoded. */
export function redact(text: string, secrets: Iterable<Secret>): string {
  let result = text;
  for (const [value, shown] of forms(secrets)) result = result.replaceAll(value, () => shown);
  return result;
}

/** A copy of plain data in which every string, keys too, is redacted. */
export function redactAll<T>(data: T, secrets: Iterable<Secret>): T {
  const known = forms(secrets);
  return known.length === 0 ? data : (walk(data, known) as T);
}

type Form = readonly [value: string, shown: string];

function forms(secrets: Iterable<Secret>): Form[] {
  const found = new Map<string, string>();
  for (const secret of secrets) {
    const value = secret.reveal();
    const lines = value.includes('\n') ? value.split(/\r?\n/).filter((line) => line.length >= shortestLine) : [];
    for (const part of [value, value.trim(), ...lines]) {
      if (part.length < shortest) continue;
      for (const form of [part, encodeURIComponent(part), JSON.stringify(part).slice(1, -1)]) {
        if (!found.has(form)) found.set(form, String(secret));
      }
    }
  }
  return [...found].sort(([a], [b]) => b.length - a.length);
}

function walk(data: unknown, known: readonly Form[]): unknown {
  if (typeof data === 'string')
    return known.reduce((text, [value, shown]) => text.replaceAll(value, () => shown), data);
  if (Array.isArray(data)) return data.map((item) => walk(item, known));
  if (data !== null && typeof data === 'object' && !('toJSON' in data)) {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [walk(key, known), walk(value, known)]));
  }
  return data;
}
