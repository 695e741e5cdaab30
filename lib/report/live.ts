import type { Sink } from './reporter.ts';

/** One line at the bottom of a terminal that is drawn again and again; what is printed goes above it. */
export interface LiveLine {
  draw(text: string): void;
  print(text: string): void;
  clear(): void;
}

export function liveLine(stream: Sink): LiveLine {
  let shown = false;
  const clear = () => {
    if (shown) stream.write('\r\u001b[2K');
    shown = false;
  };
  return {
    clear,
    draw(text) {
      stream.write(`\r\u001b[2K${fit(text, (stream.columns || 80) - 1)}`);
      shown = true;
    },
    print(text) {
      clear();
      stream.write(`${text}\n`);
    },
  };
}

/** Cuts to a number of terminal cells, so that a long line never wraps: a wrapped one could not be taken away again. */
export function fit(text: string, cells: number): string {
  let used = 0;
  let result = '';
  for (const character of text) {
    const width = (character.codePointAt(0) ?? 0) >= 0x1100 && !/[\u2000-\u2bff]/.test(character) ? 2 : 1;
    if (used + width > cells - 1) return `${result}…`;
    used += width;
    result += character;
  }
  return result;
}
