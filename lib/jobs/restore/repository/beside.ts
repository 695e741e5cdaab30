import { chownSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { counted } from '../../../core/counted.ts';
import { RunbookError } from '../../../core/errors.ts';
import { addressesOf } from '../../../phases/addresses.ts';
import { dataPaths, giteaData, users } from '../../../phases/layout.ts';
import { repositoryPath } from '../../backup/index.ts';
import { asAdministrator } from './account.ts';
import { fullName, type Name, targetOf, wikiOf } from './choice.ts';
import { adopt, type Door, giveObjects } from './http.ts';
import { fetchObjects, neededObjects, type Objects } from './lfs.ts';
import { branchRows, ownerNamed, repositoryNamed } from './live.ts';
import { type Prepared, prepare, type Sought } from './prepare.ts';
import { countOf } from './refs.ts';
import { begun, done, note, type RepositoryRequest, type Work } from './work.ts';

/** Gitea's port in the network of the containers. */
const port = 3000;

/**
 * Where a repository goes. Throws `refused` where that name is taken, or its owner is gone. Taken is it also by a directory that
 * Gitea does not know: nobody knows whose it is.
 */
export async function freeTarget(work: Work, sought: Sought, { as }: RepositoryRequest): Promise<Name> {
  const { config, host } = work;
  const { source, live, found } = sought;
  const wanted = targetOf(live ?? source.row, found.manifest.id, as);
  const owner = await ownerNamed(host, wanted.owner);
  if (owner === undefined) {
    throw new RunbookError('refused', {
      what: `Gitea has no ${wanted.owner} any more, to whom ${fullName(wanted)} could belong`,
      next: `--as OWNER/NAME gives it to somebody else`,
    });
  }
  const target = { owner, name: wanted.name };
  const before = begun(config);
  const ours =
    before?.kind === 'placed' &&
    fullName(before.target) === fullName(target) &&
    before.generation === found.manifest.id;
  const root = rootOf(work);
  const path = repositoryPath(target);
  const lies = [path, wikiOf(path)].some((one) => existsSync(`${root}/${one}`));
  const taken = (await repositoryNamed(host, target)) ? 'a repository' : lies ? 'a directory' : undefined;
  if (taken === undefined || ours) return target;
  throw new RunbookError('refused', {
    what: `there is ${taken} ${fullName(target)} already`,
    next: 'delete it or give it another name in Gitea, or choose one with --as NAME',
  });
}

const rootOf = ({ config }: Work) => `${dataPaths(config).giteaData}/${giteaData.repositories}`;

/** Brings a repository of a generation back beside what is in use. Gives what it came to, in a sentence. */
export async function bringBeside(work: Work, sought: Sought, request: RepositoryRequest): Promise<string> {
  const { config, host, tell } = work;
  const left = await afterCut(work);
  const target = await freeTarget(work, sought, request);
  if (left && fullName(left) !== fullName(target)) {
    tell(
      `a call that was cut off has left ${fullName(left)}, and LFS objects of it may be missing: delete it in Gitea`,
    );
  }
  const prepared = await prepare(work, sought, 'new');
  const objects = await fetchObjects(work, sought, await neededObjects(work, sought, prepared));
  const gitea = addressesOf(config.network.subnet).gitea;
  await asAdministrator(host, config, async (authorization) => {
    const door: Door = { address: gitea, port, authorization };
    if (await repositoryNamed(host, target))
      tell(`${fullName(target)} is there of a call that was cut off: going on with it`);
    else await place(work, sought, prepared, target, door);
    const sent = await giveObjects(door, target, objects.objects, objects.fileOf);
    if (objects.objects.length > 0)
      tell(`it has ${counted(objects.objects.length, 'LFS object')}, ${sent} of which were sent to Gitea`);
  });
  await mustBeKnown(work, target, prepared);
  done(config);
  for (const text of lostOf(objects)) tell(text);
  return `${fullName(target)} is there, private, as of ${sought.found.manifest.database.point.at}: ${contentOf(prepared, objects.objects.length)}`;
}

/** What is in it, for people. */
export const contentOf = ({ refs, wiki }: Pick<Prepared, 'refs' | 'wiki'>, objects: number) =>
  `${countOf(refs.refs)}, ${counted(objects, 'LFS object')}${wiki ? ', a wiki' : ''}`;

const lostOf = ({ lost }: Objects) =>
  lost.length === 0
    ? []
    : [
        `neither on the host nor in the generation: ${counted(lost.length, 'LFS object')}, ${lost
          .slice(0, 5)
          .map(({ oid }) => oid)
          .join(', ')}`,
      ];

/**
 * The directories in their places, then Gitea is asked to take them. What lies there without a row would be deleted by Gitea when
 * somebody made a repository of that name, so it lies there for a moment only, under a name that is written down.
 */
async function place(work: Work, { found }: Sought, { code, wiki }: Prepared, target: Name, door: Door): Promise<void> {
  const { config, tell } = work;
  const at = `${rootOf(work)}/${repositoryPath(target)}`;
  const wikiAt = `${rootOf(work)}/${wikiOf(repositoryPath(target))}`;
  note(config, { kind: 'placed', target, generation: found.manifest.id });
  const folder = dirname(at);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    chownSync(folder, users.gitea, users.gitea);
  }
  if (wiki) renameSync(wiki, wikiAt);
  renameSync(code, at);
  tell(`Gitea takes it for ${fullName(target)}`);
  try {
    await adopt(door, target);
  } catch (error) {
    if (await repositoryNamed(work.host, target)) throw error;
    for (const path of [at, wikiAt]) rmSync(path, { recursive: true, force: true });
    done(config);
    throw error;
  }
}

/** What Gitea has written down of it is what its refs say. */
async function mustBeKnown({ host }: Work, target: Name, { refs }: Prepared): Promise<void> {
  const row = await repositoryNamed(host, target);
  const rows = row ? await branchRows(host, row.id) : new Map();
  const branches = [...refs.refs].filter(
    ([name, value]) => name.startsWith('refs/heads/') && !value.startsWith('ref: '),
  );
  if (row && branches.every(([name, value]) => rows.get(name) === value)) return;
  throw new RunbookError('changeFailed', {
    where: host.label,
    what: `Gitea does not know all branches of ${fullName(target)}`,
    next: `delete ${fullName(target)} in Gitea and run the same command again`,
  });
}

/**
 * What a call that was cut off has left: directories that Gitea does not know go away again. Gives the repository that it knows
 * already, to which objects of LFS may be missing.
 */
export async function afterCut(work: Work): Promise<Name | undefined> {
  const { config, host } = work;
  const before = begun(config);
  if (before?.kind !== 'placed') return undefined;
  if (await repositoryNamed(host, before.target)) return before.target;
  const path = repositoryPath(before.target);
  for (const one of [path, wikiOf(path)]) rmSync(`${rootOf(work)}/${one}`, { recursive: true, force: true });
  done(config);
  return undefined;
}
