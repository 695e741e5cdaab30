import { createHash } from 'node:crypto';
import { chownSync, mkdirSync } from 'node:fs';
import { RunbookError } from '../../core/errors.ts';
import { quote, quoteAll } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { users } from '../../phases/layout.ts';
import type { Findings } from './findings.ts';
import type { Running } from './stack.ts';
import { bounded, namesOf } from './stack-script.ts';

/** Somebody who is signed in to the restored Gitea. */
export interface Visitor {
  readonly name: string;
  readonly token: string;
  readonly url: string;
}

/** Milliseconds for one answer. */
const patience = 120_000;
/** Bytes of a repository or an object that is fetched. */
const most = 1024 ** 3;

/** Signs in as an administrator, by a token that only the restored Gitea knows. Throws `checkFailed`. */
export async function signIn(host: Host, { who, address, ask }: Running): Promise<Visitor> {
  const names = namesOf(who);
  const [name] = await ask(
    'select name from "user" where is_admin and is_active and not prohibit_login and type = 0 order by id limit 1;',
  );
  if (name === undefined) throw refused('there is no administrator who could sign in');
  // Who has never signed in has to change the password first, and is refused everything else.
  await ask(`update "user" set must_change_password = false where name = '${name.replaceAll("'", "''")}';`);
  const words = ['generate-access-token', '--username', name, '--scopes', 'all', '--raw', '--token-name'];
  const output = await host.run({
    script: `docker exec ${names.gitea} gitea admin user ${quoteAll(words)} drill-$(date +%s)`,
    timeout: 120,
  });
  const token = output.stdout.trim().split('\n').at(-1)?.trim() ?? '';
  if (output.code !== 0 || !/^[0-9a-f]{40}$/.test(token)) throw refused('Gitea made no token', lastLines(output, 3));
  const url = `http://${address}:3000`;
  const answer = await fetch(`${url}/api/v1/user`, {
    headers: { authorization: `token ${token}` },
    signal: AbortSignal.timeout(patience),
  });
  const text = await answer.text();
  if (!answer.ok || (JSON.parse(text) as { login?: string }).login !== name)
    throw refused(`${name} cannot sign in`, `${answer.status} ${text.slice(0, 200)}`);
  return { name, token, url };
}

/**
 * Clones what was pushed to last, over HTTP, as anybody would, and looks whether its branch is what the database says. `missing`:
 * repositories (`owner/name.git`) that have no files, which is told elsewhere.
 */
export async function clone(
  host: Host,
  {
    running,
    visitor,
    image,
    folder,
    missing,
  }: { running: Running; visitor: Visitor; image: string; folder: string; missing: readonly string[] },
  findings: Pick<Findings, 'problem' | 'note' | 'count'>,
): Promise<void> {
  const [row] = await running.ask(lastPushed(missing));
  if (row === undefined) return findings.note('there is no repository with a commit that could be cloned');
  const [owner = '', name = '', branch = '', commit] = row.split('\t');
  mkdirSync(folder, { recursive: true });
  chownSync(folder, users.gitea, users.gitea);
  const { look, network } = namesOf(running.who);
  const words = [
    ...['docker', 'run', '--rm', '-i', '--name', look, ...bounded(users.gitea, 512, network)],
    ...['--tmpfs', '/tmp:mode=1777', '-e', 'HOME=/tmp', '-e', 'GIT_TERMINAL_PROMPT=0', '--pids-limit', '64'],
    ...[`--mount=type=bind,source=${folder},target=/clone`, '--entrypoint', 'sh', image],
  ];
  const path = `${owner}/${name}`;
  const basic = Buffer.from(`${visitor.name}:${visitor.token}`).toString('base64');
  const script = cloneScript(path, branch, basic);
  await host.run({ script: `docker rm -f ${quote(look)} >/dev/null 2>&1 || true` });
  const output = await host.run({ argv: [...words, '-s'], stdin: script, timeout: 3600 });
  findings.count('clones', 1);
  if (output.code !== 0)
    return findings.problem(`${path} cannot be cloned: ${lastLines(output, 3).replaceAll('\n', ' ')}`);
  if (output.stdout.trim() !== commit)
    findings.problem(`${path} ${branch} is ${output.stdout.trim()} in a clone, and ${commit} in the database`);
}

/** SQL: owner, name, branch and commit of what was pushed to last, among those that have files; pure. */
export function lastPushed(missing: readonly string[]): string {
  const names = missing.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  const besides =
    missing.length === 0 ? '' : ` and lower(r.owner_name) || '/' || r.lower_name || '.git' not in (${names})`;
  return `select r.owner_name, r.name, b.name, b.commit_id from repository r join branch b on b.repo_id = r.id and b.name = r.default_branch and not b.is_deleted where not r.is_empty and r.size < ${most}${besides} order by b.updated_unix desc, b.id desc limit 1;`;
}

/**
 * Clones into /clone/it.git and prints the commit of a branch; pure. Who signs in stands in no argument: whoever is on the host
 * sees those, and the token opens all that was restored.
 */
export function cloneScript(path: string, branch: string, basic: string): string {
  const config = { COUNT: '1', KEY_0: 'http.extraHeader', VALUE_0: `Authorization: Basic ${basic}` };
  const exported = Object.entries(config).map(([key, value]) => `GIT_CONFIG_${key}=${quote(value)}`);
  return `export ${exported.join(' ')}
git clone -q --bare ${quote(`http://gitea:3000/${path}.git`)} /clone/it.git || exit
git --git-dir=/clone/it.git rev-parse --verify ${quote(`refs/heads/${branch}`)}`;
}

interface Batch {
  readonly objects?: readonly {
    readonly actions?: { readonly download?: { readonly href: string; readonly header?: Record<string, string> } };
    readonly error?: { readonly message?: string };
  }[];
}

/** Downloads the newest LFS object the way git does: asks where it is, and fetches it from there. */
export async function download(
  { ask }: Running,
  { name, token, url }: Visitor,
  findings: Pick<Findings, 'problem' | 'note' | 'count'>,
): Promise<void> {
  const [row] = await ask(
    `select r.owner_name, r.name, l.oid, l.size from lfs_meta_object l join repository r on r.id = l.repository_id where l.size < ${most} order by l.id desc limit 1;`,
  );
  if (row === undefined) return findings.note('there is no LFS object that could be downloaded');
  const [owner = '', repository = '', oid = '', size] = row.split('\t');
  const type = 'application/vnd.git-lfs+json';
  const answer = await fetch(`${url}/${owner}/${repository}.git/info/lfs/objects/batch`, {
    method: 'POST',
    headers: {
      ...{ accept: type, 'content-type': type },
      authorization: `Basic ${Buffer.from(`${name}:${token}`).toString('base64')}`,
    },
    body: JSON.stringify({ operation: 'download', transfers: ['basic'], objects: [{ oid, size: Number(size) }] }),
    signal: AbortSignal.timeout(patience),
  });
  const text = await answer.text();
  const found = answer.ok ? (JSON.parse(text) as Batch).objects?.[0]?.actions?.download : undefined;
  findings.count('downloads', 1);
  const what = `the LFS object ${oid} of ${owner}/${repository}`;
  if (!found) return findings.problem(`${what} cannot be downloaded: ${answer.status} ${text.slice(0, 200)}`);
  // It says the address that people reach it by.
  const { pathname, search } = new URL(found.href);
  const content = await fetch(`${url}${pathname}${search}`, {
    ...(found.header ? { headers: found.header } : {}),
    signal: AbortSignal.timeout(30 * patience),
  });
  const hash = createHash('sha256');
  const reader = content.body?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) hash.update(part.value);
  if (!content.ok || hash.digest('hex') !== oid)
    findings.problem(`${what} is another one when it is downloaded (${content.status})`);
}

const refused = (what: string, cause?: string) =>
  new RunbookError('checkFailed', {
    what,
    ...(cause ? { cause } : {}),
    next: 'an older generation may be sound: npx zx runbooks/backup.mjs --list',
  });
