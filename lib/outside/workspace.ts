import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A directory for one run of the probe (mode 0700), taken away whatever happens. */
export async function inTemporary<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'gitea-probe-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

const chunk = 1024 * 1024;

/** Writes so many bytes that nobody can compress; gives their SHA-256. */
export async function writeRandom(path: string, bytes: number, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  function* parts() {
    for (let left = bytes; left > 0; left -= chunk) {
      const part = randomBytes(Math.min(left, chunk));
      hash.update(part);
      yield part;
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(path), signal ? { signal } : {});
  return hash.digest('hex');
}

/** SHA-256 of a file, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
