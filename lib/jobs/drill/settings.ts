/** Section to key to value; undefined takes the key away. */
type Changes = Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;

/**
 * The app.ini in use for a Gitea that nobody knows of; pure. It sends no mail, calls no webhook and mirrors nothing: its network
 * has no way out, and should it ever have one. A generation of before an update is brought up to date.
 */
export const scratchSettings = (text: string, rootUrl: string) =>
  changed(text, {
    server: { ROOT_URL: rootUrl, DISABLE_SSH: 'true', START_SSH_SERVER: 'false' },
    database: { AUTO_MIGRATION: 'true' },
    mailer: { ENABLED: 'false' },
    // An address that is nobody's.
    webhook: { ALLOWED_HOST_LIST: '192.0.2.1' },
    mirror: { ENABLED: 'false' },
    // It is reached without TLS, by whoever is on the host already.
    session: { COOKIE_SECURE: 'false' },
    security: { TWO_FACTOR_AUTH: undefined },
  });

/** The text with other values, in the sections where they belong; pure. */
export function changed(text: string, changes: Changes): string {
  const left = new Map(Object.entries(changes));
  let section = '';
  const out: string[] = [];
  const wanted = (name: string) => {
    const values = Object.entries(left.get(name) ?? {});
    left.delete(name);
    return values.flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}`]));
  };
  for (const line of text.trimEnd().split('\n')) {
    const header = /^\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      section = header;
      out.push(line, ...wanted(header));
      continue;
    }
    const key = /^([A-Za-z0-9_]+)\s*=/.exec(line)?.[1];
    if (key === undefined || !(key in (changes[section] ?? {}))) out.push(line);
  }
  for (const name of [...left.keys()]) {
    const lines = wanted(name);
    if (lines.length > 0) out.push('', `[${name}]`, ...lines);
  }
  return `${out.join('\n')}\n`;
}
