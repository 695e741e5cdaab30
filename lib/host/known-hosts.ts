import { createHash, createHmac } from 'node:crypto';

/** A public key in SSH wire format with its type, for example "ssh-ed25519". */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** What a known_hosts file says about one host. */
export interface Pins {
  readonly trusted: readonly HostKey[];
  readonly revoked: readonly HostKey[];
}

interface Line {
  readonly text: string;
  readonly marker?: string;
  readonly names?: string;
  readonly key?: HostKey;
}

/** The name under which OpenSSH keeps a host: bare for port 22, else "[address]:port". */
export function knownName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** "SHA256:…" as ssh and ssh-keygen print it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key type that stands at the start of a key in wire format. */
export function hostKey(blob: Buffer): HostKey {
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  return { type: blob.subarray(4, 4 + length).toString('latin1'), blob };
}

/** The pins of a host in the text of a known_hosts file. Certificate authorities are not used: ssh2 knows no host certificates. */
export function findPins(text: string, name: string): Pins {
  const lines = parse(text).filter((line) => line.names !== undefined && matches(line.names, name));
  const keys = (marker: string | undefined) =>
    lines.flatMap((line) => (line.key && line.marker === marker ? [line.key] : []));
  return { trusted: keys(undefined), revoked: keys('@revoked') };
}

/** The text with exactly this key trusted for the name: older pins of the name go, other lines stay as they are. */
export function withPin(text: string, name: string, key: HostKey): string {
  const kept = parse(text).flatMap((line) => {
    if (line.marker || !line.names || !line.key || !namesExactly(line.names, name)) return [line.text];
    const others = line.names
      .split(',')
      .filter((pattern) => pattern.toLowerCase() !== name && !hashMatches(pattern, name));
    return others.length > 0 ? [[others.join(','), ...line.text.trim().split(/\s+/).slice(1)].join(' ')] : [];
  });
  while (kept.at(-1) === '') kept.pop();
  return `${[...kept, `${name} ${key.type} ${key.blob.toString('base64')}`].join('\n')}\n`;
}

/** The algorithms to offer, best first, with those of the pinned keys before all others. SHA-1 signatures are not offered. */
export function serverHostKeyAlgorithms(trusted: readonly HostKey[]): string[] {
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ];
  const pinned = all.filter((algorithm) =>
    trusted.some(
      (key) => (key.type === 'ssh-rsa' ? 'rsa-sha2-' : key.type) === algorithm.replace(/(?<=^rsa-sha2-)\d+$/, ''),
    ),
  );
  return [...pinned, ...all.filter((algorithm) => !pinned.includes(algorithm))];
}

function parse(text: string): Line[] {
  return text.split('\n').map((raw) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const words = line.trim().split(/\s+/);
    if (line.trim() === '' || line.trim().startsWith('#')) return { text: line };
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
    const [names, type, base64] = words;
    if (!names || !type || !base64) return { text: line };
    const key = hostKey(Buffer.from(base64, 'base64'));
    // A line whose key is of another type than it says is damaged: it must not become a pin.
    return { text: line, names, ...(marker && { marker }), ...(key.type === type && { key }) };
  });
}

function matches(names: string, name: string): boolean {
  const patterns = names.split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && globMatches(pattern.slice(1), name))) return false;
  return patterns.some((pattern) =>
    pattern.startsWith('|') ? hashMatches(pattern, name) : globMatches(pattern, name),
  );
}

function namesExactly(names: string, name: string): boolean {
  return names.split(',').some((pattern) => pattern.toLowerCase() === name || hashMatches(pattern, name));
}

/** "|1|salt|HMAC-SHA1 of the name", as `HashKnownHosts yes` writes it. */
function hashMatches(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|');
  if (version !== '1' || !salt || !hash) return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === hash;
}

/** `*` is any text, `?` any character. One way back at most for each character: a file may hold any number of stars. */
function globMatches(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < name.length; ) {
    if (wanted[at] === '*') {
      star = at++;
      resume = index;
    } else if (wanted[at] === '?' || wanted[at] === name[index]) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}
