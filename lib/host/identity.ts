import type { AuthenticationType, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { RunbookError } from '../core/errors.ts';
import { quote } from '../core/quote.ts';
import { readRegularFile } from '../core/read-regular-file.ts';
import { fingerprint } from './known-hosts.ts';

/** Asks a person for the passphrase of a key file; undefined when nobody can be asked or the person gives up. */
export type AskPassphrase = (keyPath: string) => Promise<string | undefined>;

/** A way to log in, as ssh2's authHandler takes it, with the names of the keys for messages. */
export interface Credentials {
  readonly method:
    | { type: AuthenticationType & 'publickey'; key: ParsedKey }
    | { type: AuthenticationType & 'agent'; agent: string };
  readonly keys: readonly string[];
}

const tries = 3;

/** The identity file when one is set, else the keys of the running agent. Fails as `credentialsRefused`. */
export async function loadCredentials(identityFile: string | undefined, ask?: AskPassphrase): Promise<Credentials> {
  return identityFile === undefined ? fromAgent() : fromFile(identityFile, ask);
}

/** Whether a private key file needs a passphrase, read off its format (OpenSSH, PEM, PuTTY). */
export function isEncrypted(text: string): boolean {
  const openssh = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1];
  if (openssh === undefined)
    return /^Proc-Type:.*ENCRYPTED|^Encryption: (?!none)|BEGIN ENCRYPTED PRIVATE KEY/m.test(text);
  const bytes = Buffer.from(openssh, 'base64');
  const start = 'openssh-key-v1\0'.length;
  return (
    bytes.length > start + 4 && bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start)).toString() !== 'none'
  );
}

async function fromFile(path: string, ask: AskPassphrase | undefined): Promise<Credentials> {
  const text = readKey(path);
  if (!isEncrypted(text)) return fromKey(path, parse(text));
  if (!ask) {
    const agent = `eval "$(ssh-agent)" && ssh-add ${quote(path)}`;
    throw refused(
      `the SSH key ${path} has a passphrase and there is no terminal to ask for it`,
      undefined,
      `load it into an agent (${agent}) and leave host.identityFile out, or run this in a terminal`,
    );
  }
  for (let left = tries; left > 0; left--) {
    const passphrase = await ask(path);
    if (passphrase === undefined) break;
    const key = parse(text, passphrase);
    if (!(key instanceof Error) || left === 1) return fromKey(path, key);
  }
  throw refused(
    `no passphrase was given for the SSH key ${path}`,
    undefined,
    'run the same command again and type the passphrase',
  );
}

function readKey(path: string): string {
  try {
    return readRegularFile(path).toString('utf8');
  } catch (error) {
    throw refused(
      `cannot read the SSH key ${path}`,
      (error as Error).message,
      'correct host.identityFile, or the permissions of the file',
    );
  }
}

function fromKey(path: string, key: ParsedKey | Error): Credentials {
  if (!(key instanceof Error) && key.isPrivateKey()) {
    return { method: { type: 'publickey', key }, keys: [`${key.type} ${fingerprint(key.getPublicSSH())} (${path})`] };
  }
  const cause = key instanceof Error ? key.message : 'it is a public key; the private one is the file without .pub';
  throw refused(
    `the SSH key ${path} cannot be used`,
    cause,
    `check it with \`ssh-keygen -yf ${quote(path)}\`; a key in another format becomes usable by \`ssh-keygen -p -f ${quote(path)}\``,
  );
}

function parse(text: string, passphrase?: string): ParsedKey | Error {
  try {
    const parsed = ssh2.utils.parseKey(text, passphrase) as ParsedKey | ParsedKey[] | Error;
    return Array.isArray(parsed) ? (parsed[0] ?? new Error('the file holds no key')) : parsed;
  } catch (error) {
    return error as Error;
  }
}

async function fromAgent(): Promise<Credentials> {
  const agent = process.env.SSH_AUTH_SOCK;
  const next = 'set host.identityFile to a private key, or start an agent and load one: eval "$(ssh-agent)" && ssh-add';
  if (!agent)
    throw refused('no SSH key: host.identityFile is not set and no ssh-agent runs (SSH_AUTH_SOCK)', undefined, next);
  const keys = await new Promise<string[]>((resolve, reject) => {
    ssh2.createAgent(agent).getIdentities((error, found = []) => {
      if (error) reject(refused(`the ssh-agent at ${agent} does not answer`, error.message, next));
      else resolve(found.map(describeAgentKey));
    });
  });
  if (keys.length === 0)
    throw refused(
      `the ssh-agent at ${agent} holds no key`,
      undefined,
      'load one with `ssh-add`, or set host.identityFile',
    );
  return { method: { type: 'agent', agent }, keys };
}

function describeAgentKey(found: unknown): string {
  const key = ssh2.utils.parseKey((found as { pubKey?: Buffer }).pubKey ?? (found as Buffer)) as ParsedKey | Error;
  return key instanceof Error
    ? 'a key that is not understood (agent)'
    : `${key.type} ${fingerprint(key.getPublicSSH())} (agent)`;
}

function refused(what: string, cause: string | undefined, next: string): RunbookError {
  return new RunbookError('credentialsRefused', { what, ...(cause && { cause }), next });
}
