import { randomBytes } from 'node:crypto';
import { sha256 } from '../core/hash.ts';
import { basic } from './gitea-api.ts';
import { limits } from './limits.ts';
import type { Repository } from './probe.ts';
import { Failed, pass, type Verdict } from './verdict.ts';

/** Above the 1 MiB that Nginx lets through when nobody told it otherwise. Bytes. */
const size = 2 * 1024 * 1024;
const type = 'application/vnd.git-lfs+json';
const next = 'npx zx runbooks/status.mjs, then docker logs --tail 50 of the proxy and the gitea container';

interface Action {
  readonly href: string;
  readonly header?: Readonly<Record<string, string>>;
}
type Actions = Readonly<Partial<Record<'upload' | 'download' | 'verify', Action>>>;

/** Upload and download of a large-file object by the LFS batch API, as git-lfs does it. */
export async function lfs(repository: Repository): Promise<Verdict> {
  const content = randomBytes(size);
  const object = { oid: sha256(content), size };
  const up = await batch(repository, 'upload', object);
  if (!up.upload) throw new Failed('the LFS server names no place to upload to', next);
  await follow(repository, up.upload, 'PUT', content, 'application/octet-stream');
  if (up.verify) await follow(repository, up.verify, 'POST', Buffer.from(JSON.stringify(object)), type);
  const down = await batch(repository, 'download', object);
  if (!down.download) throw new Failed('the uploaded LFS object is not there to download', next);
  const received = await follow(repository, down.download, 'GET');
  if (sha256(received) !== object.oid)
    throw new Failed('the downloaded LFS object differs from the uploaded one', 'check the disk of the host');
  return pass(`${size / 1048576} MiB up and down: the same content`);
}

async function batch(
  { site, probe, fullName }: Repository,
  operation: 'upload' | 'download',
  object: object,
): Promise<Actions> {
  const path = `/${fullName}.git/info/lfs/objects/batch`;
  const { status, body } = await site.trusted({
    method: 'POST',
    path,
    headers: { authorization: basic(probe), accept: type, 'content-type': type },
    body: JSON.stringify({ operation, transfers: ['basic'], objects: [object] }),
  });
  if (status !== 200) throw new Failed(`POST ${path} answers ${status}: ${body.toString().trim().slice(0, 300)}`, next);
  const { objects } = JSON.parse(body.toString()) as {
    objects?: { actions?: Actions; error?: { message?: string } }[];
  };
  const [first] = objects ?? [];
  if (first?.error) throw new Failed(`the LFS server refuses: ${first.error.message}`, next);
  return first?.actions ?? {};
}

/** Follows an address that the server gave; one that leads elsewhere would send the credentials elsewhere. */
async function follow(
  { site }: Repository,
  action: Action,
  method: string,
  body?: Buffer,
  contentType?: string,
): Promise<Buffer> {
  const url = URL.canParse(action.href) ? new URL(action.href) : undefined;
  if (url?.origin !== site.origin) {
    throw new Failed(
      `the LFS server sends clients to ${action.href}, outside ${site.origin}`,
      'npx zx runbooks/deploy.mjs puts ROOT_URL of Gitea and the headers of the proxy right',
    );
  }
  const headers = { ...(contentType ? { 'content-type': contentType } : {}), ...action.header };
  const answer = await site.trusted({
    method,
    path: `${url.pathname}${url.search}`,
    headers,
    ...(body ? { body } : {}),
    timeout: limits.upload,
  });
  if (answer.status !== 200)
    throw new Failed(
      `${method} of an LFS object answers ${answer.status}: ${answer.body.toString().trim().slice(0, 200)}`,
      answer.status === 413 ? 'raise proxy.maxUploadSize' : next,
    );
  return answer.body;
}
