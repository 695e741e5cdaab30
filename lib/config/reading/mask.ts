/** A stretch of a text to leave out, by what stands there instead: every offset stays where it is. */
export interface Mask {
  readonly offset: number;
  readonly text: string;
}

/** The text with these in it, in the order of their offsets. */
export function masked(text: string, masks: readonly Mask[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const mask of masks) {
    parts.push(text.slice(done, mask.offset), mask.text);
    done = mask.offset + mask.text.length;
  }
  return [...parts, text.slice(done)].join('');
}

/**
 * A value in the place of one that begins with a quote and does not end: it goes to the end of its line and over the lines that
 * are indented more. Within brackets those that close at its end are left.
 */
export function rest(text: string, offset: number, within: boolean): Mask {
  const end = below(text, offset, indentAt(text, offset));
  const stretch = text.slice(offset, end);
  const kept = within ? /[\s,\]}]*$/.exec(stretch)![0].length : 0;
  const gone = stretch.slice(0, stretch.length - kept);
  return { offset, text: gone.replaceAll(/\S/g, 'x') };
}

/** Where the line of an offset begins. */
export const lineStart = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;

/** Where the line of an offset ends, before its line feed. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

/** How far the line of an offset is indented. */
export function indentAt(text: string, offset: number): number {
  const start = lineStart(text, offset);
  let at = start;
  while (text[at] === ' ') at++;
  return at - start;
}

/** Where the lines end that follow an offset and are indented more than `indent`; blank ones belong to what is above them. */
export function below(text: string, offset: number, indent: number): number {
  let end = lineEnd(text, offset);
  for (let next = end + 1; next < text.length; ) {
    const stop = lineEnd(text, next);
    if (text.slice(next, stop).trim() !== '') {
      if (indentAt(text, next) <= indent) break;
      end = stop;
    }
    next = stop + 1;
  }
  return end;
}
