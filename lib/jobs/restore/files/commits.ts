import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { type Git, inGit } from './git.ts';

/** Reads `path hash hash…` line by line and prints `path hash type size`, or `path hash missing`. */
const ask = `while read -r path commits; do
  printf '%s\\n' $commits | git --git-dir="/repositories/$path" cat-file --batch-check 2>/dev/null | sed "s|^|$path |"
done`;

/**
 * Which of these commits are among the objects of their repositories, below a folder. `wanted`: path of a repository to the
 * hashes that are asked for. git itself looks, out of Gitea's image and with nothing within reach but the folder, which it
 * cannot change. Throws `changeFailed`.
 */
export async function commitsIn(
  host: Host,
  git: Git,
  folder: string,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<(path: string, commit: string) => boolean> {
  const found = new Set<string>();
  if (wanted.size > 0) {
    const lines = [...wanted].map(([path, commits]) => `${path} ${[...commits].join(' ')}\n`);
    const output = await inGit(host, git, {
      script: ask,
      mounts: [{ source: folder, target: '/repositories' }],
      stdin: lines.join(''),
      timeout: 3600,
    });
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
