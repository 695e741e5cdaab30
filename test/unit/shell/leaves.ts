/** The path of every text in plain data. */
export function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === 'string') return [[...path]];
  if (Array.isArray(value)) return value.flatMap((item, index) => leaves(item, [...path, String(index)]));
  if (isPlain(value)) return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  return [];
}

/** A copy with another text at each of the paths. */
export function replaced<T>(value: T, paths: readonly (readonly string[])[], text: string): T {
  if (paths.some((path) => path.length === 0)) return text as T;
  const below = (key: string) => paths.filter(([first]) => first === key).map((path) => path.slice(1));
  if (Array.isArray(value)) return value.map((item, index) => replaced(item, below(String(index)), text)) as T;
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, replaced(item, below(key), text)]);
  return Object.fromEntries(entries) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
