import { RunbookError } from '../../../core/errors.ts';
import type { Host } from '../../../host/port.ts';
import { lastLines } from '../../../kinds/text.ts';
import { type Git, inGit } from '../files/index.ts';
import { keptUnder } from './refs.ts';

/** An object of LFS, as a pointer in a repository names it. */
export interface LfsObject {
  readonly oid: string;
  readonly size: number;
}

/** Seconds: all objects of a large repository. */
const limit = 6 * 3600;

/**
 * Walks over all that can be reached from a ref, in the folder that is the first word, and prints `OID SIZE` for each pointer of
 * LFS. A pointer is smaller than a kilobyte, and Gitea takes nothing larger for one. Fails, in git's words, at what is not there.
 */
export const lookScript = (folder: string) => `cd ${folder} || exit
{ git rev-list --objects --all || echo "$?" > /tmp/failed; } | cut -d ' ' -f 1 |
  git cat-file --batch-check='%(objectname) %(objecttype) %(objectsize)' |
  awk '$2 == "blob" && $3 >= 100 && $3 <= 1024 { print $1 }' |
  git cat-file --batch --buffer | LC_ALL=C awk '
    /^version https:\\/\\/git-lfs\\.github\\.com\\/spec\\/v1$/ { oid = "seen"; next }
    oid != "" && /^oid sha256:[0-9a-f]*$/ { oid = substr($2, 8); next }
    length(oid) == 64 && /^size [0-9]+$/ { print oid " " $2; oid = ""; next }
    /^[0-9a-f]+ blob [0-9]+$/ { oid = "" }' | sort -u
[ ! -e /tmp/failed ]`;

/** What it printed; pure. */
export const readLook = (text: string): readonly LfsObject[] =>
  text.split('\n').flatMap((line) => {
    const [oid = '', size] = line.split(' ');
    return /^[0-9a-f]{64}$/.test(oid) ? [{ oid, size: Number(size) }] : [];
  });

/** Whether all that the refs lead to is there, and which objects of LFS it names. Throws `changeFailed`. */
export async function look(host: Host, git: Git, directory: string): Promise<readonly LfsObject[]> {
  const output = await inGit(host, git, {
    script: lookScript('/repository'),
    mounts: [{ source: directory, target: '/repository' }],
    timeout: limit,
  });
  if (output.code === 0) return readLook(output.stdout);
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: 'the restored repository is not whole',
    cause: lastLines(output, 3),
    next: 'nothing in use was touched. Take the other copy (--from) or another generation: npx zx runbooks/backup.mjs --list',
  });
}

const fetched = 'refs/restoring';

/**
 * Brings the objects of a restored repository (second folder) into the one in use (first), then changes refs as standard input
 * says, all or none. What was is hidden from clients before it is there. Ends with 3 where a ref is not where it was any more.
 */
export const layScript = (live: string, kept: string) => `cd ${live} || exit
cat > /tmp/updates
for name in ${keptUnder} ${fetched}; do
  git config --get-all transfer.hideRefs | grep -qx "$name" || git config --add transfer.hideRefs "$name" || exit
done
tidy() { git for-each-ref --format='delete %(refname)' ${fetched} | git update-ref --stdin; }
git -c gc.auto=0 -c maintenance.auto=false fetch --quiet --no-tags --no-write-fetch-head ${kept} '+refs/heads/*:${fetched}/heads/*' '+refs/tags/*:${fetched}/tags/*' || { tidy; exit 1; }
git update-ref -m 'set back by a restore' --stdin < /tmp/updates || { tidy; exit 3; }
tidy`;

/** Sets refs of a repository in use. Throws `changeFailed`; nothing has changed then. */
export async function lay(
  host: Host,
  git: Git,
  folders: { readonly live: string; readonly kept: string },
  changes: Buffer,
): Promise<void> {
  const output = await inGit(host, git, {
    script: layScript('/live', '/kept'),
    mounts: [
      { source: folders.live, target: '/live', writable: true },
      { source: folders.kept, target: '/kept' },
    ],
    stdin: changes,
    timeout: limit,
  });
  if (output.code === 0) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: output.code === 3 ? 'somebody has pushed meanwhile: no ref was changed' : 'no ref was changed',
    cause: lastLines(output),
    next: 'the same command again looks anew',
  });
}
