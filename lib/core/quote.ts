/** One word for a POSIX shell (sh, dash, bash): safe as it is, or in single quotes. The only quoting in the project. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new TypeError('a shell word cannot hold a NUL byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A whole command line from its words. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
