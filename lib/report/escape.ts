/** Control, C1 and bidirectional-override characters: what could move a cursor, hide text or turn it round. */
const dangerous = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text that came from a machine, made safe for a terminal: control characters become visible (`\x1b`, `\u202e`).
 * Line feeds and tabs stay; CRLF counts as one line end.
 */
export function escapeText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(dangerous, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The same for a text that must stay on one line. */
export function escapeLine(text: string): string {
  return escapeText(text.trimEnd()).replaceAll('\n', '\\n').replaceAll('\t', ' ');
}
