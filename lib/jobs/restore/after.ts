import { quoteAll } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { containers } from '../../phases/layout.ts';

/**
 * Gitea's own checks that only look. With `--fix` most of them would delete what the database does not know of, or migrate it:
 * never that. Which of them there are depends on the version.
 */
export const looking = [
  ...['check-db-version', 'check-db-consistency', 'check-user-type', 'hooks', 'synchronize-repo-heads'],
  ...['storage-attachments', 'storage-lfs', 'storage-avatars', 'storage-packages'],
];

/** Seconds; Gitea works meanwhile. */
const limit = 1800;
/** Complaints that are shown; the rest is a number. */
const shown = 20;

const gitea = (...words: readonly string[]) => ({ argv: ['docker', 'exec', containers.gitea, 'gitea', ...words] });

/**
 * What a Gitea that was started on restored data has to be told, and what it finds: hooks are written for the paths of this host,
 * and its own checks are asked. SSH keys need nothing, its server reads them from the database. The restore is done by then, so
 * nothing here makes it fail; what there is to know is told.
 */
export async function tellGitea(host: Host, tell: (text: string) => void): Promise<void> {
  const hooks = await host.run({ ...gitea('admin', 'regenerate', 'hooks'), timeout: limit });
  if (hooks.code !== 0) {
    const command = quoteAll(gitea('admin', 'regenerate', 'hooks').argv);
    tell(`the hooks of the repositories could not be written anew (${lastLines(hooks, 1)}); on the host: ${command}`);
  }
  const list = await host.query(gitea('doctor', 'check', '--list'));
  const checks = namesIn(list.stdout).filter((name) => looking.includes(name));
  if (checks.length === 0) return tell(`Gitea's own checks could not be asked: ${lastLines(list, 1)}`);
  const run = checks.flatMap((name) => ['--run', name]);
  const output = await host.run({ ...gitea('doctor', 'check', ...run), timeout: limit });
  const complaints = complaintsIn(output.stdout);
  if (output.code !== 0) tell(`Gitea's own checks have ended with ${output.code}: ${lastLines(output, 1)}`);
  else if (complaints.length === 0) tell(`Gitea's own checks find nothing: ${checks.join(', ')}`);
  for (const text of complaints.slice(0, shown)) tell(`Gitea's own checks: ${text}`);
  if (complaints.length > shown)
    tell(`and ${complaints.length - shown} more: ${quoteAll(gitea('doctor', 'check', ...run).argv)}`);
}

/** Names in the table that `doctor check --list` prints: default, name, title; pure. */
export const namesIn = (table: string): string[] =>
  table
    .split('\n')
    .slice(1)
    .flatMap((line) => line.split('\t')[1]?.trim() || []);

/** What checks complain of, each behind the title of its check; pure. Its exit code is 0 whatever they find. */
export function complaintsIn(text: string): string[] {
  let title = '';
  return text.split('\n').flatMap((line) => {
    title = /^\[\d+\] (.+)$/.exec(line)?.[1] ?? title;
    const said = /^ - \[[WEC]\] (.+)$/.exec(line)?.[1];
    return said === undefined ? [] : [`${title}: ${said}`];
  });
}
