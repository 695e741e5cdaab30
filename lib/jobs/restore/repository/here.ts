import type { Config } from '../../../config/config.types.ts';
import { RunbookError } from '../../../core/errors.ts';
import { lock } from '../../../engine/lock.ts';
import { operator } from '../../../engine/record.ts';
import type { Host } from '../../../host/port.ts';
import { resticFor } from '../../backup/index.ts';
import { openRecord } from '../../converge/run-record.ts';
import { removeAccount } from './account.ts';
import { backLines, lookBack, setBack, tellAfterCut } from './back.ts';
import { bringBeside, contentOf, freeTarget } from './beside.ts';
import { fullName } from './choice.ts';
import { bytesOf, neededObjects } from './lfs.ts';
import { prepare, type Sought, seek } from './prepare.ts';
import { type Back, titleOf } from './refs.ts';
import { dropFolder, type RepositoryRequest, type RepositoryWay, type Work } from './work.ts';

/**
 * What the host's own program is told behind `restore repository`: `preview` or not, the way, the repository, which generation,
 * of which copy, the name it shall have.
 */
export async function repositoryJob(
  config: Config,
  machine: Host,
  words: readonly string[],
  tell: (text: string) => void,
): Promise<string> {
  const preview = words[0] === 'preview';
  const [way = '', repo = '', to = 'latest', from, as] = preview ? words.slice(1) : words;
  if (way !== 'beside' && way !== 'refs') {
    throw new RunbookError('unexpected', {
      what: `there is no "restore repository ${way}"`,
      next: 'one of: beside, refs',
    });
  }
  const request = { repo, to, from: from === 'remote' ? ('remote' as const) : ('local' as const), as };
  if (preview) return (await repositoryPreviewHere(config, machine, way, request)).join('\n');
  return repositoryHere(config, machine, way, request, tell);
}

/**
 * One repository of a generation, on the host that this runs on, while people work. What is in use stays in use, so the lock is
 * shared with backups and renewals; a deploy or a whole restore keeps out. Cut off anywhere, the next call takes away what was
 * left, or ends it. Throws `refused`, `locked`, `changeFailed`.
 */
async function repositoryHere(
  config: Config,
  machine: Host,
  way: RepositoryWay,
  request: RepositoryRequest,
  tell: (text: string) => void,
): Promise<string> {
  const started = performance.now();
  const held = await lock(machine, { who: operator(), what: 'restore', mode: 'shared', tell });
  const { host } = held;
  const record = openRecord(host, 'restore');
  try {
    const work: Work = { config, host, restic: await resticFor(config, host), tell };
    dropFolder(config, 'repository');
    await removeAccount(host, config);
    await tellAfterCut(work);
    const sought = await seek(work, 'repository', request);
    const result = way === 'refs' ? await setBack(work, sought) : await bringBeside(work, sought, request);
    await record.end({ outcome: 'changed', changes: 1, took: performance.now() - started });
    return result;
  } catch (error) {
    await record.fail(error, performance.now() - started);
    throw error;
  } finally {
    dropFolder(config, 'repository');
    await held.release();
  }
}

/** What would come back, as lines. Changes nothing, but fetches the repository to look into it. Throws as `repositoryHere` does. */
async function repositoryPreviewHere(
  config: Config,
  host: Host,
  way: RepositoryWay,
  request: RepositoryRequest,
): Promise<string[]> {
  dropFolder(config, 'preview');
  try {
    const work: Work = { config, host, restic: await resticFor(config, host), tell: () => {} };
    const sought = await seek(work, 'preview', request);
    const { manifest } = sought.found;
    const first = `${fullName(sought.source.row)} of the generation ${manifest.id}, ${request.from}: the state of ${manifest.database.point.at}`;
    if (way === 'refs')
      return [
        first,
        ...backLines(lookBack(work, sought)),
        'its issues, pull requests, wiki and settings stay as they are',
      ];
    return [first, ...(await besideLines(work, sought, request))];
  } finally {
    dropFolder(config, 'preview');
  }
}

async function besideLines(work: Work, sought: Sought, request: RepositoryRequest): Promise<string[]> {
  const { live } = sought;
  const target = await freeTarget(work, sought, request);
  const prepared = await prepare(work, sought, 'new');
  const { all, away } = await neededObjects(work, sought, prepared);
  const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;
  return [
    `comes back as ${fullName(target)}, private: ${contentOf(prepared, all.length)}`,
    `${megabytes(prepared.bytes)} of git, ${megabytes(bytesOf(all))} of LFS objects${away.length > 0 ? `, ${away.length} of which are only in the generation` : ''}`,
    ...(live
      ? [`${fullName(live)} stays as it is, with its issues and pull requests`, ...apartLines(lookBack(work, sought))]
      : ['Gitea has it no more: code, wiki and LFS objects come back; issues, pull requests and settings do not']),
  ];
}

/** What the one in use has and the generation has not. */
function apartLines({ changes, newer }: Back): string[] {
  const moved = changes.flatMap(({ ref, from }) =>
    from === undefined ? [] : [`  ${titleOf(ref)} at ${from.slice(0, 10)}`],
  );
  const lines = [...moved, ...newer.map((ref) => `  ${titleOf(ref)}`)];
  return lines.length > 0
    ? ['it has, and the generation has not:', ...lines]
    : ['the generation has all its branches and tags as they are'];
}
