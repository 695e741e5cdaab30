/**
 * Characters that are no text, or that one reader takes for a line break and the next does not: control characters but for tab
 * and line feed, the line breaks of Unicode, a byte-order mark within, what is no character at all, and half a pair.
 */
const unreadable =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** How many are told one by one: a file with more is no text. */
const most = 20;

/** The offsets of what cannot be read in a text; with more than some, the first alone. */
export function unreadableIn(text: string): number[] {
  const found: number[] = [];
  for (const match of text.matchAll(unreadable)) {
    found.push(match.index);
    if (found.length > most) return found.slice(0, 1);
  }
  return found;
}

/** What a message calls the character at an offset. */
export function nameOf(text: string, offset: number): string {
  const name = `U+${text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0')}`;
  return `the control character ${name}`;
}
