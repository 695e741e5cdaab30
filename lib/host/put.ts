import { posix } from 'node:path';
import { RunbookError } from '../core/errors.ts';
import { bytesOf, execute, lastLines } from './execute.ts';
import type { FilePut } from './port.ts';
import type { Start } from './process.ts';

const exits = { refused: 101, directory: 102, short: 103 } as const;

/** Shell pattern of the name that a put which was cut off leaves in the folder of the file that it was to become. */
export const leftBy = (name: string) => `.${name}.gitea-runbooks.??????`;

/**
 * Runs on the machine; the content comes by standard input. Killed anywhere it leaves the old file, and at most a
 * temporary one that the next put of the same file removes. Words: directory, name, mode, owner, bytes, check.
 */
const script = `set -eu
dir=$1 name=$2 mode=$3 owner=$4 size=$5 check=$6 tmp=
umask 077
trap '[ -z "$tmp" ] || rm -f -- "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
[ ! -d "$dir/$name" ] || exit ${exits.directory}
rm -f -- "$dir/.$name.gitea-runbooks."??????
tmp=$(mktemp -- "$dir/.$name.gitea-runbooks.XXXXXX")
cat >"$tmp"
[ "$(stat -c %s -- "$tmp")" = "$size" ] || exit ${exits.short}
chown -- "$owner" "$tmp"
chmod -- "$mode" "$tmp"
[ -z "$check" ] || sh -c "$check" sh "$tmp" </dev/null >&2 || exit ${exits.refused}
sync -- "$tmp"
mv -fT -- "$tmp" "$dir/$name"
tmp=
sync -- "$dir"
`;

/** Puts a whole file in place on the machine that `start` reaches. */
export async function putFile(start: Start, label: string, file: FilePut): Promise<void> {
  if (!posix.isAbsolute(file.path) || file.path.endsWith('/'))
    throw new TypeError(`not an absolute file path: ${file.path}`);
  const content = bytesOf(file.content);
  const dir = posix.dirname(file.path);
  const words = [dir, posix.basename(file.path), file.mode, `${file.uid}:${file.gid}`, `${content.length}`];
  const argv = ['sh', '-c', script, 'put', ...words, file.validate ?? ''];
  // A dead connection is noticed by the keep-alive; this limit only has to allow for a slow line (64 KiB/s).
  const timeout = 120 + Math.ceil(content.length / 65_536);
  const command = { argv, stdin: content, timeout, ...(file.guard && { guard: file.guard }) };
  const output = await execute(start, label, command, `writing ${file.path}`);
  if (output.code === 0) return;
  const said = lastLines(output.stderr);
  throw new RunbookError('changeFailed', {
    where: label,
    ...(said && { cause: said }),
    ...explain(output.code, file.path, dir),
  });
}

function explain(code: number, path: string, dir: string): { what: string; next: string } {
  if (code === exits.refused) {
    return {
      what: `the new ${path} did not pass its check; the old file, if there was one, is still in place`,
      next: 'correct what the lines above name in gitea.config.yaml, then run the same command again',
    };
  }
  if (code === exits.directory) {
    return {
      what: `${path} is a directory, a file was to be written there`,
      next: `look into it on the host (\`ls -la ${path}\`), move it away, then run the same command again`,
    };
  }
  const what = code === exits.short ? `the content of ${path} did not arrive as a whole` : `cannot write ${path}`;
  return {
    what: `${what} (exit code ${code}); the old file, if there was one, is still in place`,
    next: `check the folder and its disk on the host (\`ls -ld ${dir}; df -h ${dir}\`), then run the same command again`,
  };
}
