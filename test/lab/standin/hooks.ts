/** The hooks in every repository. They name the program and its config by path, so a move of either breaks them. */
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './db.ts';
import { log } from './log.ts';
import { repoPath, type Settings } from './values.ts';

/** What Gitea takes for its own path: that of the wrapper in the image. */
const APP_PATH = '/usr/local/bin/gitea';
const STATE = 'runtime-state';

const shellWord = (word: string): string =>
  /^[-\w./=:@%+,]*$/.test(word) ? word : `"${word.replace(/[$`"\\]/g, '\\$&')}"`;

/** Runs every program of the folder beside it; the first that fails gives the exit code. */
const delegate = (input: boolean): string => `#!/usr/bin/env bash
# written by gitea, and written anew at times
${input ? 'refs=$(cat)\n' : ''}name=$(basename "$0")
for program in "\${GIT_DIR:-$(dirname "$0")/..}/hooks/$name.d"/*; do
  [ -x "$program" ] && [ -f "$program" ] || continue
  ${input ? `printf '%s\\n' "$refs" | "$program"` : '"$program" "$1" "$2" "$3"'} || code=\${code:-$?}
done
exit "\${code:-0}"
`;

/** Each hook: the file that git runs, and gitea's own program in the folder beside it. */
export function hookFiles(config: string): Record<string, string> {
  const own = (call: string): string =>
    `#!/usr/bin/env bash\n# written by gitea, and written anew at times\n${APP_PATH} hook --config=${shellWord(config)} ${call}\n`;
  return {
    'pre-receive': delegate(true),
    'pre-receive.d/gitea': own('pre-receive'),
    update: delegate(false),
    'update.d/gitea': own('update $1 $2 $3'),
    'post-receive': delegate(true),
    'post-receive.d/gitea': own('post-receive'),
    'proc-receive': own('proc-receive'),
    'proc-receive.d/gitea': '',
  };
}

/** Puts the hooks into a repository; makes its folder where there is none, as Gitea does. */
export function writeHooks(path: string, config: string): void {
  for (const [name, text] of Object.entries(hookFiles(config))) {
    const file = join(path, 'hooks', name);
    if (name.endsWith('/gitea')) mkdirSync(join(file, '..'), { recursive: true });
    else mkdirSync(join(path, 'hooks'), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o777 });
    chmodSync(file, 0o755);
  }
}

/** `admin regenerate hooks`: those of every repository that has a row. */
export async function syncHooks(db: Database, s: Settings): Promise<void> {
  const rows = await db.query('SELECT owner_name, lower_name FROM repository ORDER BY id');
  for (const row of rows) writeHooks(repoPath(s, String(row.owner_name), String(row.lower_name)), s.file);
}

/** Writes all hooks where this program or its config has another path than at the last start. */
export async function syncAppPaths(db: Database, s: Settings): Promise<void> {
  const [row] = await db.query('SELECT content FROM app_state WHERE id = $1', [STATE]);
  const last = JSON.parse(String(row?.content || '{}')) as { last_app_path?: string; last_custom_conf?: string };
  const where = 'routers/init.go:85:syncAppConfForGit()';
  const moved = [
    ['AppPath', last.last_app_path ?? '', APP_PATH],
    ['CustomConf', last.last_custom_conf ?? '', s.file],
  ].filter(([, before, after]) => before !== after);
  if (moved.length === 0) return;
  for (const [what, before, after] of moved) log('I', where, `${what} changed from '${before}' to '${after}'`);
  log('I', where, 're-sync repository hooks ...');
  await syncHooks(db, s);
  log('I', where, 're-write ssh public keys ...');
  const content = JSON.stringify({ last_app_path: APP_PATH, last_custom_conf: s.file });
  await db.run(
    `INSERT INTO app_state (id, revision, content) VALUES ($1, 0, $2)
     ON CONFLICT (id) DO UPDATE SET revision = app_state.revision + 1, content = $2`,
    [STATE, content],
  );
}
