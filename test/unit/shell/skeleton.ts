/**
 * A POSIX shell script without its words: what the shell itself reads of it. Quoted and plain words become `w`, so two scripts
 * that differ in nothing but the text of words have one skeleton, and a text that the shell would read for itself shows.
 */
export function skeleton(script: string): string {
  const inside: ('"' | '(')[] = [];
  let result = '';
  const word = () => {
    if (!result.endsWith('w')) result += 'w';
  };
  for (let at = 0; at < script.length; at++) {
    const char = script[at]!;
    const next = script[at + 1] ?? '';
    if (char === '<' && next === '<') throw new Error('a here-document');
    if (char === '$' && next === '(') {
      inside.push('(');
      result += '$(';
      at++;
    } else if (char === '"') {
      if (inside.at(-1) === '"') inside.pop();
      else inside.push('"');
      result += char;
    } else if (inside.at(-1) === '"') {
      result += char === '\\' ? char + script[++at] : char;
    } else if (char === "'") {
      const end = script.indexOf("'", at + 1);
      if (end === -1) throw new Error('a quote without an end');
      at = end;
      word();
    } else if (char === '\\') {
      at++;
      if (next === '\n') result += ' ';
      else word();
    } else if (char === '#' && /(^|[\s;&|(])$/.test(result)) {
      while (at + 1 < script.length && script[at + 1] !== '\n') at++;
    } else if (/[A-Za-z0-9_@%+=:,./-]/.test(char)) {
      word();
    } else {
      if (char === '(') inside.push('(');
      if (char === ')' && inside.at(-1) === '(') inside.pop();
      result += char;
    }
  }
  if (inside.includes('"')) throw new Error('a double quote without an end');
  return result;
}
