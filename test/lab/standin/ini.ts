/** The subset of go-ini that Gitea relies on: case-sensitive keys, `KEY = value`, quoting as go-ini writes and reads it. */

export interface IniKey {
  value: string;
  comment: string[];
}
export interface IniSection {
  comment: string[];
  keys: Map<string, IniKey>;
}
/** Section name ("" is the nameless first one) to its keys, in file order. */
export type Ini = Map<string, IniSection>;

function surrounded(text: string, quote: string): boolean {
  return text.length >= 2 && text[0] === quote && text.indexOf(quote, 1) === text.length - 1;
}

function readValue(raw: string): string {
  const line = raw.trim();
  for (const quote of ['"""', '`']) {
    if (line.startsWith(quote)) {
      const end = line.lastIndexOf(quote);
      if (end >= quote.length) return line.slice(quote.length, end);
    }
  }
  const hash = line.search(/[#;]/);
  const value = hash < 0 ? line : line.slice(0, hash).trim();
  return surrounded(value, "'") || surrounded(value, '"') ? value.slice(1, -1) : value;
}

function writeValue(value: string): string {
  if (/[\n`]/.test(value)) return `"""${value}"""`;
  if (/[#;]/.test(value)) return `\`${value}\``;
  if (value.trim() !== value) return `"${value}"`;
  return value;
}

/** Parses app.ini. Throws, as Gitea refuses to start, on a line that is neither section, comment nor key. */
export function parseIni(text: string): Ini {
  const ini: Ini = new Map([['', { comment: [], keys: new Map() }]]);
  let section = ini.get('') as IniSection;
  let comment: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#') || line.startsWith(';')) {
      comment.push(line);
      continue;
    }
    if (line.startsWith('[')) {
      const close = line.lastIndexOf(']');
      if (close < 0) throw new Error(`unclosed section: ${line}`);
      section = ensureSection(ini, line.slice(1, close));
      section.comment.push(...comment);
    } else {
      const at = line.search(/[=:]/);
      if (at < 0) throw new Error(`key-value delimiter not found: ${line}`);
      section.keys.set(line.slice(0, at).trim(), { value: readValue(line.slice(at + 1)), comment });
    }
    comment = [];
  }
  return ini;
}

export function formatIni(ini: Ini): string {
  const blocks: string[] = [];
  for (const [name, section] of ini) {
    const lines = name === '' ? [] : [...section.comment, `[${name}]`];
    for (const [key, { value, comment }] of section.keys)
      lines.push(...comment, `${key} = ${writeValue(value)}`.trimEnd());
    if (lines.length > 0) blocks.push(`${lines.join('\n')}\n`);
  }
  return blocks.join('\n');
}

function ensureSection(ini: Ini, name: string): IniSection {
  // go-ini treats [DEFAULT] as the nameless section, and nothing else: [default] is another one.
  const wanted = name === 'DEFAULT' ? '' : name;
  let section = ini.get(wanted);
  if (!section) {
    section = { comment: [], keys: new Map() };
    ini.set(wanted, section);
  }
  return section;
}

/** The value of a key, or undefined where section or key is absent. */
export function getKey(ini: Ini, section: string, key: string): string | undefined {
  return ini.get(section)?.keys.get(key)?.value;
}

export function setKey(ini: Ini, section: string, key: string, value: string): void {
  const keys = ensureSection(ini, section).keys;
  const old = keys.get(key);
  if (old) old.value = value;
  else keys.set(key, { value, comment: [] });
}
