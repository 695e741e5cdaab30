import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { users } from '../../../phases/layout.ts';
import { removeScript } from '../database/index.ts';
import type { Git } from '../files/index.ts';

/** An empty repository that shall be there: its path, the branch that its HEAD names, and its format of objects. */
export interface Empty {
  readonly path: string;
  readonly branch: string;
  readonly format: string;
}

/** Reads `path<tab>format<tab>branch` line by line. What is there already is left alone. */
const make = `set -e
tab=$(printf '\\t')
while IFS="$tab" read -r path format branch; do
  [ ! -e "/repositories/$path" ] || continue
  git init --quiet --bare --object-format="$format" "/repositories/$path.new"
  git --git-dir="/repositories/$path.new" symbolic-ref HEAD "refs/heads/$branch"
  mv -T "/repositories/$path.new" "/repositories/$path"
done`;

/**
 * Makes empty repositories below a folder, as Gitea's own user and with git of its image: for those that the database has and
 * nobody has a file of. Their hooks Gitea writes itself. Throws `changeFailed`.
 */
export async function makeEmpty(
  host: Host,
  { image, container }: Git,
  folder: string,
  wanted: readonly Empty[],
): Promise<void> {
  if (wanted.length === 0) return;
  const words = [
    ...['docker', 'run', '--rm', '-i', '--name', container, '--pull', 'never', '--network', 'none'],
    ...['--user', `${users.gitea}:${users.gitea}`, '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
    ...['--read-only', '--tmpfs', '/tmp:mode=1777', '-e', 'HOME=/tmp'],
    ...['--mount', `type=bind,source=${folder},target=/repositories`],
    ...['--entrypoint', 'sh', image, '-c', make],
  ];
  const lines = wanted.map(({ path, format, branch }) => `${path}\t${format}\t${branch}\n`);
  await host.run({ script: removeScript(container) });
  const output = await host.run({ argv: words, stdin: lines.join(''), timeout: 3600 });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the repositories that were made after the newest generation could not be made again, empty',
    cause: lastLines(output),
    next: 'nothing in use was touched; the same command again goes on',
  });
}
