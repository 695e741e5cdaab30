import { createHash } from 'node:crypto';

/** SHA-256 as lower-case hex, the form that sha256sum prints. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
