import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import type { Drill, ListedDrill, RecordedDrill } from '../../core/drill.ts';
import { RunbookError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';

/** What a signature is for, so that it is good for nothing else. */
const namespace = 'gitea-runbooks-drill';
const keys = ['ed25519', 'ecdsa', 'rsa'].map((kind) => `/etc/ssh/ssh_host_${kind}_key`);

export interface RecordPlace {
  /** One line a drill, oldest first. */
  readonly path: string;
  /** A private key of SSH, its public half beside it. Default: that of the host. */
  readonly key?: string;
}

/**
 * Append a drill to the record: with the hash of the line before it, and signed. Whoever changes a line or takes one away in the
 * middle is noticed when it is read. Throws `changeFailed`.
 */
export async function recordDrill(host: Host, { path, key = hostKey() }: RecordPlace, drill: Drill): Promise<void> {
  const text = textOf(path);
  const unsigned = { ...drill, before: hashOf(linesOf(text).at(-1)) };
  const argv = ['ssh-keygen', '-Y', 'sign', '-q', '-n', namespace, '-f', key];
  const output = await host.run({ argv, stdin: JSON.stringify(unsigned) });
  if (output.code !== 0) {
    throw new RunbookError('changeFailed', {
      where: host.label,
      what: 'the drill could not be signed',
      cause: lastLines(output),
      next: `on the host: ls -l ${key}; ssh-keygen -A makes keys that are missing`,
    });
  }
  const signature = output.stdout.replace(/-----[A-Z ]+-----/g, '').replaceAll(/\s/g, '');
  const line = `${JSON.stringify({ ...unsigned, signature } satisfies RecordedDrill)}\n`;
  const file = openSync(path, 'a', 0o600);
  // A line that was cut off by the end of the power stays one of its own.
  writeSync(file, text === '' || text.endsWith('\n') ? line : `\n${line}`);
  fsyncSync(file);
  closeSync(file);
}

/** The drills of the record, oldest first, each with what is wrong with its line. Changes nothing. */
export async function readDrills(host: Host, { path, key = hostKey() }: RecordPlace): Promise<readonly ListedDrill[]> {
  const lines = linesOf(textOf(path));
  const folder = mkdtempSync(`${tmpdir()}/gitea-drills-`);
  try {
    writeFileSync(`${folder}/signers`, `drill ${readFileSync(`${key}.pub`, 'utf8')}`);
    const found: ListedDrill[] = [];
    for (const [at, line] of lines.entries()) {
      const { trouble, recorded } = chained(line, lines[at - 1]);
      if (!recorded) {
        found.push({ line: at + 1, ...(trouble ? { trouble } : {}) });
        continue;
      }
      const { before: _, signature, ...drill } = recorded;
      const unsigned = JSON.stringify({ ...drill, before: recorded.before });
      const signed = await isSigned(host, folder, unsigned, signature);
      const wrong = trouble ?? (signed ? undefined : 'its signature is not one of this host for what it says');
      found.push({ line: at + 1, drill, ...(wrong ? { trouble: wrong } : {}) });
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isSigned(host: Host, folder: string, text: string, signature: string): Promise<boolean> {
  const armoured = `-----BEGIN SSH SIGNATURE-----\n${signature}\n-----END SSH SIGNATURE-----\n`;
  writeFileSync(`${folder}/signature`, armoured);
  const words = [
    '-Y',
    'verify',
    '-n',
    namespace,
    '-f',
    `${folder}/signers`,
    '-I',
    'drill',
    '-s',
    `${folder}/signature`,
  ];
  return (await host.query({ argv: ['ssh-keygen', ...words], stdin: text })).code === 0;
}

/** A line as what was written into it, and whether it follows the one before; pure. */
export function chained(line: string, before: string | undefined): { recorded?: RecordedDrill; trouble?: string } {
  let recorded: RecordedDrill;
  try {
    recorded = JSON.parse(line) as RecordedDrill;
  } catch {
    return { trouble: 'it is no line of the record, or half of one' };
  }
  if (JSON.stringify(recorded) !== line || recorded.format !== 1 || typeof recorded.signature !== 'string')
    return { trouble: 'it is no line of the record' };
  if (recorded.before === hashOf(before)) return { recorded };
  return { recorded, trouble: 'the line before it is another one than when it was written' };
}

const hashOf = (line: string | undefined) => (line === undefined ? '' : sha256(line));
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
const hostKey = () => keys.find((path) => existsSync(path)) ?? keys[0]!;
