import { RunbookError } from '../../core/errors.ts';
import { quote } from '../../core/quote.ts';
import type { Host } from '../../host/port.ts';
import { lastLines } from '../../kinds/text.ts';
import { users } from '../../phases/layout.ts';

/** Reads `path hash hash…` line by line and prints `path hash type size`, or `path hash missing`. */
const ask = `git config --global safe.directory '*'
while read -r path commits; do
  printf '%s\\n' $commits | git --git-dir="/repositories/$path" cat-file --batch-check 2>/dev/null | sed "s|^|$path |"
done`;

/** git out of Gitea's image, in a container that nobody else runs under the same name. */
export interface Git {
  readonly image: string;
  readonly container: string;
}

/**
 * Which of these commits are among the objects of their repositories, below a folder. `wanted`: path of a repository to the
 * hashes that are asked for. git itself looks, out of Gitea's image and with nothing within reach but the folder, which it
 * cannot change. Throws `changeFailed`.
 */
export async function commitsIn(
  host: Host,
  { image, container }: Git,
  folder: string,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<(path: string, commit: string) => boolean> {
  const found = new Set<string>();
  if (wanted.size > 0) {
    const words = [
      ...['docker', 'run', '--rm', '-i', '--name', container, '--pull', 'never', '--network', 'none'],
      ...['--user', `${users.gitea}:${users.gitea}`, '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
      ...['--read-only', '--tmpfs', '/tmp:mode=1777', '-e', 'HOME=/tmp'],
      ...['--mount', `type=bind,source=${folder},target=/repositories,readonly`],
      ...['--entrypoint', 'sh', image, '-c', ask],
    ];
    const lines = [...wanted].map(([path, commits]) => `${path} ${[...commits].join(' ')}\n`);
    await host.run({ script: `docker rm -f ${quote(container)} >/dev/null 2>&1 || true` });
    const output = await host.run({ argv: words, stdin: lines.join(''), timeout: 3600 });
    if (output.code !== 0) {
      throw new RunbookError('changeFailed', {
        where: host.label,
        what: 'git could not be asked which commits there are',
        cause: lastLines(output),
        next: 'nothing in use was touched; the same command again goes on',
      });
    }
    for (const line of output.stdout.split('\n')) {
      const [path, commit, type] = line.split(' ');
      if (type === 'commit') found.add(`${path} ${commit}`);
    }
  }
  return (path, commit) => found.has(`${path} ${commit}`);
}
