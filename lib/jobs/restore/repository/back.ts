import { counted } from '../../../core/counted.ts';
import { RunbookError } from '../../../core/errors.ts';
import { dataPaths, giteaData } from '../../../phases/layout.ts';
import { byteString, readRefs, repositoryPath } from '../../backup/index.ts';
import { fullName } from './choice.ts';
import { lay } from './git.ts';
import { tellOfRefs } from './hook.ts';
import { branchRows, type Live, repositories } from './live.ts';
import { prepare, type Sought } from './prepare.ts';
import { type Back, backTo, hookLines, keptUnder, sentenceOf, titleOf, updates } from './refs.ts';
import { begun, done, note, type Work } from './work.ts';

const directoryOf = ({ config }: Work, live: Live) =>
  `${dataPaths(config).giteaData}/${giteaData.repositories}/${repositoryPath(live)}`;

const liveRefs = (work: Work, live: Live) => readRefs(byteString(directoryOf(work, live))).refs;

/** The repository in use whose refs are meant. Throws `refused` where it is gone. */
export function mustLive({ live, other, source, found }: Sought): Live {
  if (live) return live;
  throw new RunbookError('refused', {
    what: other
      ? `the ${fullName(other)} in use is another one than ${found.manifest.id} has: it was made, or brought back, after the one of the generation was deleted`
      : `Gitea has ${fullName(source.row)} no more, so there are no refs to set back`,
    next: 'without --refs-only it comes back whole, under a name of its own',
  });
}

/** What would be done to the refs of the repository in use. */
export function lookBack(work: Work, sought: Sought): Back {
  return backTo(sought.refs.refs, liveRefs(work, mustLive(sought)));
}

/** The same as lines for people. */
export function backLines({ changes, newer, blocked }: Back): string[] {
  return [
    ...changes.map(sentenceOf),
    ...blocked.map(({ ref }) => `${titleOf(ref)} cannot come back: another ref has its name as a folder`),
    ...(newer.length > 0 ? [`newer than the generation, and stay: ${newer.map(titleOf).join(', ')}`] : []),
    ...(changes.length === 0
      ? ['all its branches and tags are there, as the generation has them; --to takes an older one']
      : []),
  ];
}

/** Sets branches and tags of the repository in use back. Gives what it came to, in a sentence. */
export async function setBack(work: Work, sought: Sought): Promise<string> {
  const { config, host, tell } = work;
  const live = mustLive(sought);
  const back = lookBack(work, sought);
  for (const line of backLines(back)) tell(line);
  const stamp = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  if (back.changes.length > 0) {
    const prepared = await prepare(work, sought, 'same');
    const lines = hookLines(back.changes);
    note(config, { kind: 'refs', repository: live.id, lines });
    const git = { image: config.images.gitea, container: 'gitea-repository-git' };
    await lay(host, git, { live: directoryOf(work, live), kept: prepared.code }, updates(back.changes, stamp));
    await tellOfRefs(host, config.domain, live, lines);
    done(config);
  }
  await mustAgree(work, live);
  const was = back.changes.some(({ from }) => from !== undefined)
    ? `; where they were is kept in ${keptUnder}/${stamp}`
    : '';
  return `${fullName(live)}: ${back.changes.length} branches and tags are back where ${sought.found.manifest.id} has them${was}`;
}

/** Gitea knows its branches by rows. */
async function mustAgree(work: Work, live: Live): Promise<void> {
  const rows = await branchRows(work.host, live.id);
  const refs = liveRefs(work, live);
  const apart = [...rows].filter(([name, commit]) => refs.get(name) !== commit).map(([name]) => titleOf(name));
  if (apart.length > 0)
    work.tell(`Gitea has other commits for ${apart.join(', ')}: a push of somebody is under way, or look at doctor`);
}

/** What a call that was cut off has changed and not told. */
export async function tellAfterCut(work: Work): Promise<void> {
  const { config, host, tell } = work;
  const before = begun(config);
  if (before?.kind !== 'refs') return;
  const live = (await repositories(host)).find(({ id }) => id === before.repository);
  if (live) {
    const refs = liveRefs(work, live);
    const changed = before.lines.filter((line) => {
      const [, to, ref = ''] = line.split(' ');
      return refs.get(ref) === to;
    });
    if (changed.length > 0)
      tell(`telling Gitea of ${counted(changed.length, 'ref')} of ${fullName(live)} that a call before has set back`);
    await tellOfRefs(host, config.domain, live, changed);
  }
  done(config);
}
