/**
 * app.ini as Gitea reads it (go-ini with `IgnoreContinuation`, comments within a line on). Names have a grammar of their
 * own; a value may be any line of text, and what is written here is read back there as it was.
 */

/** Section name ("" for what stands before the first one) -> key -> value. */
export type Ini = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface IniLine {
  readonly section: string;
  readonly key: string;
  readonly value: string;
  /** Why it is set; stands above the line. */
  readonly why?: string;
  /** Marks it as a secret: whoever shows the text later, when the config may say nothing of it any more, leaves it out. */
  readonly secret?: boolean;
}

/** The comment above a value that is a secret. */
const secretMark = '; A secret.';

/** Lines into text: sections in the order in which they first occur. */
export function iniText(head: string, lines: readonly IniLine[]): string {
  const sections = [...new Set(lines.map(({ section }) => section))].sort(
    (a, b) => Number(a !== '') - Number(b !== ''),
  );
  const blocks = sections.map((section) =>
    [
      ...(section === '' ? [] : [`[${section}]`]),
      ...lines
        .filter((line) => line.section === section)
        .flatMap(({ key, value, why, secret }) => [
          ...(why ? [`; ${why}`] : []),
          ...(secret ? [secretMark] : []),
          `${key} = ${iniWord(value)}`.trimEnd(),
        ]),
    ].join('\n'),
  );
  return `${[head, ...blocks].join('\n\n')}\n`;
}

/** A value as it must be written. In backticks nothing has a meaning; the last backtick of the line ends it. */
export function iniWord(value: string): string {
  const problem = iniValueProblem(value);
  if (problem) throw new Error(`a value of app.ini ${problem}`);
  return value.trim() !== value || /^[`'"]|[#;]|[\u0085\ufeff]/.test(value) ? `\`${value}\`` : value;
}

/** What is wrong with a value that go-ini could not give back, or undefined. */
export function iniValueProblem(value: string): string | undefined {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) return 'holds a line break or another control character';
  if (/[\ud800-\udfff]/u.test(value)) return 'holds half a character (a lone surrogate)';
  const reference = /%\([^)]+\)s/.exec(value)?.[0];
  return reference && `holds ${reference}, which Gitea would replace by another setting's value`;
}

/** Reads what Gitea reads. Lines that it would refuse are left out: this is for showing what a file says. */
export function readIni(text: string): Ini {
  return read(text).ini;
}

/** What the text says, and which of its values ("section.KEY") it marks as secrets. */
function read(text: string): { readonly ini: Ini; readonly marked: readonly string[] } {
  const ini = new Map<string, Map<string, string>>();
  const marked: string[] = [];
  let section = '';
  let mark = false;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === secretMark) mark = true;
    if (line === '' || /^[#;]/.test(line)) continue;
    if (line.startsWith('[')) {
      const name = line.slice(1, line.lastIndexOf(']'));
      section = name === 'DEFAULT' ? '' : name;
      continue;
    }
    const at = line.search(/[=:]/);
    if (at <= 0) continue;
    const keys = ini.get(section) ?? new Map<string, string>();
    const key = line.slice(0, at).trim();
    ini.set(section, keys.set(key, readValue(line.slice(at + 1).trim())));
    if (mark) marked.push(`${section}.${key}`);
    mark = false;
  }
  return { ini, marked };
}

function readValue(line: string): string {
  for (const mark of ['"""', '`']) {
    const end = line.lastIndexOf(mark);
    if (line.startsWith(mark) && end >= mark.length) return line.slice(mark.length, end);
  }
  const value = line.replace(/[#;].*$/, '').trim();
  const surrounded = /^(["'])/.exec(value)?.[1];
  return surrounded && value.length > 1 && value.indexOf(surrounded, 1) === value.length - 1
    ? value.slice(1, -1)
    : value;
}

/** Names of settings that hold credentials, in any section: also those that only an older file may have. */
const secretName =
  /PASS|SECRET|TOKEN|PRIVATE|CREDENTIAL|CONN_STR|PROVIDER_CONFIG|(^|_)(ACCESS|ACCOUNT|API)_KEY|PROXY_URL/;

/**
 * Two versions as texts that can be compared line by line and shown to anybody: no comments, no secrets. Secret is what
 * either of them marks, what `names` has ("section.KEY"), and what is called or looks like one.
 */
export function shownIni(before: string, after: string, names: ReadonlySet<string>): { before: string; after: string } {
  const [first, second] = [read(before), read(after)];
  const [old, wanted] = [first.ini, second.ini];
  const hidden = new Set([...names, ...first.marked, ...second.marked]);
  const secrets = new Set([...hidden].flatMap((id) => [old, wanted].flatMap((ini) => lookUp(ini, id) ?? [])));
  const order = [...new Set([...wanted.keys(), ...old.keys()])];
  const show = (ini: Ini, other?: Ini) =>
    order
      .flatMap((section) => {
        const keys = ini.get(section);
        if (!keys || keys.size === 0) return [];
        const names = [...new Set([...(wanted.get(section)?.keys() ?? []), ...keys.keys()])].filter((key) =>
          keys.has(key),
        );
        return [
          ...(section === '' ? [] : [`[${section}]`]),
          ...names.map((key) => {
            const value = keys.get(key)!;
            const ours = hidden.has(`${section}.${key}`);
            const known = !ours && wanted.get(section)?.get(key) === value;
            const secret = ours || secretName.test(key.toUpperCase()) || looksSecret(value, secrets);
            if (!secret || known || value === '') return `${key} = ${value}`.trimEnd();
            return `${key} = ${other && other.get(section)?.get(key) !== value ? '<another secret>' : '<secret>'}`;
          }),
        ];
      })
      .join('\n')
      .concat('\n');
  return { before: show(old), after: show(wanted, old) };
}

const lookUp = (ini: Ini, id: string) => {
  const at = id.lastIndexOf('.');
  return ini.get(id.slice(0, at))?.get(id.slice(at + 1));
};

/** A value that carries a credential within: an address with a password, a connection string, one of our secrets. */
const looksSecret = (value: string, secrets: ReadonlySet<string>) =>
  /:\/\/[^/]*@|passw(or)?d\s*=/i.test(value) ||
  [...secrets].some((secret) => secret.length > 5 && value.includes(secret));
