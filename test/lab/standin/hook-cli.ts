/** `gitea hook`: what git runs before and after it takes a push. It asks the server, and without its word nothing goes in. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { HookOptions } from './hook-api.ts';
import { loadSettings } from './settings.ts';
import { bool, boolOf, type Settings, text } from './values.ts';

const BATCH = 500;
const NO_ENVIRONMENT =
  'Rejecting changes as Gitea environment not set.\nIf you are pushing over SSH you must push with a key managed by\nGitea or set your environment appropriately.';

/** Says no in the words that the client sees. */
function fail(message: string): number {
  process.stdout.write('\n');
  process.stderr.write(`error:\nerror: ${message || 'Internal Server Error (no specific error)'}\nerror:\n`);
  return 1;
}

interface Answer {
  status: number;
  body: string;
}

function ask(s: Settings, path: string, body: unknown): Promise<Answer> {
  const base = text(s, 'server', 'LOCAL_ROOT_URL', `http://localhost:${s.httpPort}/`);
  const headers = { 'X-Gitea-Internal-Auth': `Bearer ${s.internalToken}`, 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(`${base}api/internal/hook/${path}`, { method: 'POST', headers }, (res) => {
      const parts: Buffer[] = [];
      res.on('data', (part: Buffer) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
    });
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}

function userMessage({ body }: Answer): string {
  try {
    const said = JSON.parse(body) as { user_msg?: string };
    return said.user_msg || 'Internal Server Error (no message for end users)';
  } catch {
    return 'Internal Server Error Decoding Failed';
  }
}

/** Lines of `old new ref`, in batches. */
export function batches(input: string, user: number, size = BATCH): HookOptions[] {
  const refs = input
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields.length === 3) as [string, string, string][];
  const made: HookOptions[] = [];
  for (let at = 0; at < refs.length; at += size) {
    const some = refs.slice(at, at + size);
    made.push({
      OldCommitIDs: some.map(([old]) => old),
      NewCommitIDs: some.map(([, now]) => now),
      RefFullNames: some.map(([, , ref]) => ref),
      UserID: user,
    });
  }
  return made;
}

/** Runs one hook; gives its exit code. */
export async function hook(config: string, name: string): Promise<number> {
  if (name === 'update') return 0;
  if (name !== 'pre-receive' && name !== 'post-receive') return fail('No proc-receive support');
  const { env } = process;
  const s = loadSettings(config);
  if (name === 'post-receive') execFileSync('git', ['update-server-info']);
  if (boolOf(env.GITEA_INTERNAL_PUSH, false)) return 0;
  if (!env.SSH_ORIGINAL_COMMAND)
    return bool(s, 'repository', 'ONLY_ALLOW_PUSH_IF_GITEA_ENVIRONMENT_SET', true) ? fail(NO_ENVIRONMENT) : 0;
  const at = `${name}/${encodeURIComponent(env.GITEA_REPO_USER_NAME ?? '')}/${encodeURIComponent(env.GITEA_REPO_NAME ?? '')}`;
  for (const batch of batches(readFileSync(0, 'utf8'), Number(env.GITEA_PUSHER_ID ?? 0))) {
    const answer = await ask(s, at, batch).catch((error: Error) => error);
    if (answer instanceof Error) return fail('Internal Server Connection Error');
    if (answer.status !== 200) return fail(userMessage(answer));
  }
  return 0;
}
