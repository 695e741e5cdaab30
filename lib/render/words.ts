/**
 * A value as one YAML word in a compose file: in double quotes, which JSON and YAML write the same way, and with `$`
 * doubled, because Compose would otherwise take it for a variable of its environment.
 */
export function composeWord(value: string | number | boolean): string {
  return JSON.stringify(String(value).replaceAll('$', '$$$$'));
}

/** JSON with sorted keys and a final line break: the same data is the same text, whatever order it was written in. */
export function stableJson(value: unknown): string {
  return `${JSON.stringify(sorted(value), null, 2)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
