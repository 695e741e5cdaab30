import { existsSync, readdirSync } from 'node:fs';
import { counted } from '../../core/counted.ts';
import type { Manifest } from '../../core/generation.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { giteaData, users } from '../../phases/layout.ts';
import type { Brought } from '../restore/index.ts';
import type { Findings } from './findings.ts';
import { bounded, namesOf, type Who } from './stack-script.ts';

/** Reads paths line by line; prints what is wrong with one as `path: words`. */
const ask = `git config --global safe.directory '*'
while read -r path; do
  said=$(git --git-dir="/repositories/$path" fsck --connectivity-only --no-dangling --no-progress 2>&1) ||
    printf '%s: %s\\n' "$path" "$(printf '%s\\n' "$said" | grep -v '^notice: ' | head -n 3 | tr '\\n' ' ')"
done`;

/** Seconds. */
const limit = 12 * 3600;
const memoryMiB = 512;
const named = 10;

interface Sources {
  readonly host: Host;
  readonly who: Who;
  readonly image: string;
  readonly brought: Brought;
  readonly manifest: Manifest;
  /** The database in use. Throws where it does not answer. */
  readonly askInUse: (sql: string) => Promise<readonly string[]>;
}

/** Rows against repositories, and whether each repository has all objects that its refs lead to: git out of Gitea's image says. */
export async function repositories(
  { host, who, image, brought, manifest, askInUse }: Sources,
  findings: Pick<Findings, 'problem' | 'note' | 'count'>,
): Promise<void> {
  const root = `${brought.data}/${giteaData.repositories}`;
  const { missing, rows } = brought;
  if (missing.length > 0) {
    const known = await askInUse("select lower(owner_name) || '/' || lower_name || '.git' from repository").catch(
      () => missing,
    );
    const gone = new Set(manifest.files.moved.deleted.map(({ path }) => path));
    const lost = missing.filter((path) => known.includes(path) && !gone.has(path));
    if (lost.length < missing.length)
      findings.note(
        `${counted(missing.length - lost.length, 'repository', 'repositories')}: deleted while the generation was made`,
      );
    for (const path of lost.slice(0, named)) findings.problem(`${path} is in the database, and has no files`);
    if (lost.length > named) findings.problem(`${lost.length - named} more repositories have no files`);
  }
  const paths = directories(root);
  findings.count('repositories', rows.repositories.length);
  findings.count('fsck', paths.length);
  if (paths.length === 0) return;
  const { look } = namesOf(who);
  const words = [
    ...['docker', 'run', '--rm', '-i', '--name', look, ...bounded(users.gitea, memoryMiB, 'none')],
    ...['--tmpfs', '/tmp:mode=1777', '-e', 'HOME=/tmp', '--pids-limit', '64'],
    ...[`--mount=type=bind,source=${root},target=/repositories,readonly`, '--entrypoint', 'sh', image, '-c', ask],
  ];
  await host.run({ script: `docker rm -f ${quote(look)} >/dev/null 2>&1 || true` });
  const output = await host.run({ argv: words, stdin: paths.map((path) => `${path}\n`).join(''), timeout: limit });
  const wrong = output.stdout.split('\n').filter((line) => line !== '');
  for (const line of wrong.slice(0, named)) findings.problem(`git fsck: ${line.trim().replaceAll(/\s+/g, ' ')}`);
  if (wrong.length > named) findings.problem(`git fsck: ${wrong.length - named} more repositories`);
  if (output.code !== 0) findings.problem(`git fsck could not be run: ${lastLines(output, 3).replaceAll('\n', ' ')}`);
}

/** Wikis too. */
function directories(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  const below = (path: string) =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  return below(root).flatMap((owner) =>
    below(`${root}/${owner}`)
      .filter((name) => name.endsWith('.git'))
      .map((name) => `${owner}/${name}`),
  );
}
