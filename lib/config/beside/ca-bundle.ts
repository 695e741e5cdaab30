import { isUtf8 } from 'node:buffer';
import { X509Certificate } from 'node:crypto';
import { RunbookError } from '../../core/errors.ts';
import { readRegularFile } from '../../core/read-regular-file.ts';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/**
 * The certificates of the file that `tls.caBundle` names, as PEM and as nothing but PEM: comments between them stay behind.
 * Throws `configInvalid` when it cannot be read, or holds anything else than certificates.
 */
export function readCaBundle(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    throw unusable(path, 'cannot be read', (error as Error).message, error);
  }
  const found = certificatesOf(isUtf8(bytes) ? bytes.toString('utf8') : '');
  if (typeof found === 'string') throw unusable(path, 'is not a list of certificates', found);
  return found.map((block) => `${block}\n`).join('');
}

/** The blocks of a PEM text, or why they are not certificates. */
function certificatesOf(text: string): string[] | string {
  const blocks: string[] = [];
  let block: { readonly line: number; readonly lines: string[] } | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (block === undefined) {
      if (line === begin) block = { line: index + 1, lines: [line] };
      else if (/^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----$/.test(line))
        return `line ${index + 1} begins a private key, which belongs on no other machine`;
      else if (line.startsWith('-----BEGIN ')) return `line ${index + 1} begins something else than a certificate`;
      continue;
    }
    block.lines.push(line);
    if (line !== end) continue;
    const whole = block.lines.join('\n');
    if (!isCertificate(whole)) return `what begins at line ${block.line} is not a certificate`;
    blocks.push(whole);
    block = undefined;
  }
  if (block !== undefined) return `the certificate that begins at line ${block.line} has no end`;
  return blocks.length > 0 ? blocks : `it holds no line ${begin}`;
}

function isCertificate(block: string): boolean {
  // Node passes over what is no base64; whoever reads the file after us need not.
  const body = block.split('\n').slice(1, -1);
  if (!body.every((line) => /^[A-Za-z0-9+/]*={0,2}$/.test(line))) return false;
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

function unusable(path: string, what: string, cause: string, error?: unknown): RunbookError {
  return new RunbookError(
    'configInvalid',
    {
      what: `the file named by tls.caBundle ${what}`,
      where: path,
      cause,
      next: 'name a PEM file with the root certificates of your ACME server in tls.caBundle, or take the key out of the config',
    },
    { cause: error },
  );
}
