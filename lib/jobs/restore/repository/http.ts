import { createReadStream } from 'node:fs';
import { request } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { RunbookError } from '../../../core/errors.ts';
import type { LfsObject } from './git.ts';

/** Gitea's own port, past the proxy: what goes there is as large as it is. */
export interface Door {
  readonly address: string;
  readonly port: number;
  readonly authorization: string;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  /** Path of a file that is sent. */
  readonly file?: string;
}

/** Milliseconds of silence: it looks at all branches and tags of a large repository. */
const patience = 1800_000;

function ask({ address, port, authorization }: Door, { method, path, headers, body, file }: Asked) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request({
      ...{ host: address, port, method, path, agent: false, timeout: patience },
      headers: { authorization, 'user-agent': 'gitea-runbooks', ...length, ...headers },
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer for ${patience / 1000} s`)));
    sent.on('error', reject);
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
    });
    if (file === undefined) sent.end(body);
    else pipeline(createReadStream(file), sent).catch(reject);
  });
}

async function must(door: Door, asked: Asked, what: string): Promise<string> {
  const { status, text } = await ask(door, asked).catch((error: Error) => ({ status: 0, text: error.message }));
  if (status >= 200 && status <= 299) return text;
  throw new RunbookError('changeFailed', {
    what,
    cause: `${asked.method} ${asked.path}: ${status || ''} ${text.slice(0, 300)}`.trim(),
    next: 'the same command again begins anew, or goes on where it was',
  });
}

/** Has Gitea take a directory for a repository: private, with its branches, tags and size in the database. */
export async function adopt(
  door: Door,
  { owner, name }: { readonly owner: string; readonly name: string },
): Promise<void> {
  await must(
    door,
    { method: 'POST', path: `/api/v1/admin/unadopted/${owner}/${name}` },
    `Gitea does not take ${owner}/${name} for a repository`,
  );
}

const media = 'application/vnd.git-lfs+json';
const atOnce = 100;

interface Offered extends LfsObject {
  readonly error?: { readonly message?: string };
  readonly actions?: { readonly upload?: { readonly href: string } };
}

/**
 * Gives objects of LFS to a repository, as a client would who pushes: Gitea tells which it has to be sent. `fileOf`: where an
 * object lies. Gitea looks at size and hash itself. Gives the number of those that were sent.
 */
export async function giveObjects(
  door: Door,
  { owner, name }: { readonly owner: string; readonly name: string },
  objects: readonly LfsObject[],
  fileOf: (object: LfsObject) => string,
): Promise<number> {
  let sent = 0;
  for (let at = 0; at < objects.length; at += atOnce) {
    const body = JSON.stringify({ operation: 'upload', transfers: ['basic'], objects: objects.slice(at, at + atOnce) });
    const headers = { accept: media, 'content-type': media };
    const what = `Gitea does not take the LFS objects of ${owner}/${name}`;
    const path = `/${owner}/${name}.git/info/lfs/objects/batch`;
    const said = JSON.parse(await must(door, { method: 'POST', path, headers, body }, what)) as { objects?: Offered[] };
    for (const { oid, size, error, actions } of said.objects ?? []) {
      if (error)
        throw new RunbookError('changeFailed', {
          what,
          cause: `${oid}: ${error.message ?? ''}`,
          next: 'look at gitea.settings, section lfs',
        });
      if (!actions?.upload) continue;
      // By the address that is reached from here, whatever Gitea is called outside.
      const { pathname } = new URL(actions.upload.href);
      const file = fileOf({ oid, size });
      await must(
        door,
        {
          method: 'PUT',
          path: pathname,
          headers: { 'content-type': 'application/octet-stream', 'content-length': size },
          file,
        },
        what,
      );
      sent += 1;
    }
  }
  return sent;
}
