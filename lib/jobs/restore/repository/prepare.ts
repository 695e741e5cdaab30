import { chownSync, existsSync, readFileSync } from 'node:fs';
import { RunbookError } from '../../../core/errors.ts';
import { giteaData, users } from '../../../phases/layout.ts';
import { overlay, type RepositoryRefs } from '../../backup/index.ts';
import { type Found, wantedOf } from '../finding/index.ts';
import { askedName, chosen, fullName, liveOf, type Source, sourceOf, wantedOfLayers, wikiOf } from './choice.ts';
import { fetchLists, fetchPaths, generationFor, inRepositories, type Reader, refsIn, sizeOf } from './fetch.ts';
import { type LfsObject, look } from './git.ts';
import { type Live, repositories } from './live.ts';
import { refsForNew } from './refs.ts';
import { folderOf, type RepositoryRequest, type Work } from './work.ts';

/** A repository of a generation, found in its lists. Nothing of its files is there yet. */
export interface Sought {
  readonly reader: Reader;
  readonly found: Found;
  readonly source: Source;
  readonly refs: RepositoryRefs;
  readonly wiki: RepositoryRefs | undefined;
  /** The same repository in the database in use, under whatever name. */
  readonly live: Live | undefined;
  /** Another one in use that has its name today. */
  readonly other: Live | undefined;
}

/** Throws `refused` where there is no such generation or repository, `changeFailed`. */
export async function seek(work: Work, what: 'repository' | 'preview', request: RepositoryRequest): Promise<Sought> {
  const { config, host, restic } = work;
  const reader: Reader = { host, restic, from: request.from, what, folder: folderOf(config, what) };
  const found = await generationFor(reader, wantedOf(request.to));
  const rows = await fetchLists(reader, found);
  const now = await repositories(host);
  const row = chosen(rows, askedName(request.repo), new Map(now.map((one) => [one.id, one])));
  const source = sourceOf(row, found.manifest.files);
  const { code, wiki } = refsIn(reader.folder, source.path, source.below);
  if (!code) {
    throw new RunbookError('changeFailed', {
      what: `the generation ${found.manifest.id} has ${fullName(row)} in its database, and no files of it`,
      next: 'take another generation: npx zx runbooks/backup.mjs --list',
    });
  }
  return { reader, found, source, refs: code, wiki, ...liveOf(row, now) };
}

/** A repository of a generation in a folder, whole: every ref, and all that the refs lead to. */
export interface Prepared {
  /** Its directory, and that of its wiki. */
  readonly code: string;
  readonly wiki: string | undefined;
  readonly refs: RepositoryRefs;
  /** Bytes that were fetched for it. */
  readonly bytes: number;
  /** What its files point to. */
  readonly pointers: readonly LfsObject[];
}

const owner = { uid: users.gitea, gid: users.gitea };

/** Fetches it and lays its refs over it. `as`: with those of pull requests out of the way, for a repository of its own. */
export async function prepare(work: Work, sought: Sought, as: 'new' | 'same'): Promise<Prepared> {
  const { config, host, tell } = work;
  const { reader, found, source } = sought;
  tell(`getting ${source.path.replace(/\.git$/, '')} of ${found.manifest.id}`);
  const wanted = wantedOfLayers(source, found.manifest).map(inRepositories);
  const bytes = await sizeOf(reader, found, wanted);
  await fetchPaths(reader, found, wanted, bytes);
  const root = `${reader.folder}/generation/data/${giteaData.repositories}`;
  const place = source.places.find((path) => existsSync(`${root}/${path}`));
  if (place === undefined) {
    throw new RunbookError('changeFailed', {
      where: host.label,
      what: `the generation ${found.manifest.id} has no files of ${source.path}`,
      next: 'take another generation: npx zx runbooks/backup.mjs --list',
    });
  }
  const wikiPlace = existsSync(`${root}/${wikiOf(place)}`) ? wikiOf(place) : undefined;
  const refs = as === 'new' ? refsForNew(sought.refs) : sought.refs;
  const laid = [{ ...refs, path: place }, ...(wikiPlace && sought.wiki ? [{ ...sought.wiki, path: wikiPlace }] : [])];
  await overlay(root, laid, owner);
  for (const path of [root, `${root}/${place}`]) chownSync(path, owner.uid, owner.gid);
  const git = { image: config.images.gitea, container: `gitea-${reader.what}-git` };
  const pointers = await look(host, git, `${root}/${place}`);
  if (wikiPlace) await look(host, git, `${root}/${wikiPlace}`);
  mustStandAlone(`${root}/${place}`, source.path);
  return { code: `${root}/${place}`, wiki: wikiPlace && `${root}/${wikiPlace}`, bytes, refs, pointers };
}

/** Objects that a repository borrows from another one are not its own. Gitea makes none that does. */
function mustStandAlone(directory: string, path: string): void {
  const borrowed = `${directory}/objects/info/alternates`;
  if (!existsSync(borrowed) || readFileSync(borrowed, 'utf8').trim() === '') return;
  throw new RunbookError('refused', {
    what: `${path} takes objects from another repository (objects/info/alternates), and so cannot come back alone`,
    next: 'restore the whole generation: npx zx runbooks/restore.mjs',
  });
}
