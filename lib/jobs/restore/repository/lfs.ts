import { existsSync, statSync } from 'node:fs';
import { counted } from '../../../core/counted.ts';
import { dataPaths, giteaData } from '../../../phases/layout.ts';
import { generationRoot } from '../../backup/index.ts';
import { fetchPaths } from './fetch.ts';
import type { LfsObject } from './git.ts';
import { lfsRows } from './live.ts';
import type { Prepared, Sought } from './prepare.ts';
import type { Work } from './work.ts';

/** Below the folder of LFS objects, as Gitea has it. */
const pathOf = ({ oid }: LfsObject) => `${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid.slice(4)}`;

const isThere = (path: string, size: number) => existsSync(path) && statSync(path).size === size;

/** What a repository needs of LFS, and what of that the host has no more. */
export interface Needed {
  readonly all: readonly LfsObject[];
  readonly away: readonly LfsObject[];
}

const inUse = ({ config }: Work, object: LfsObject) =>
  `${dataPaths(config).giteaData}/${giteaData.lfs}/${pathOf(object)}`;

/** What its files point to, and what the one in use has without pointing to it. */
export async function neededObjects(work: Work, { live }: Sought, { pointers }: Prepared): Promise<Needed> {
  const rows = live ? await lfsRows(work.host, live.id) : [];
  const all = [...new Map([...rows, ...pointers].map((object) => [object.oid, object])).values()];
  return { all, away: all.filter((object) => !isThere(inUse(work, object), object.size)) };
}

export const bytesOf = (objects: readonly LfsObject[]) => objects.reduce((sum, { size }) => sum + size, 0);

/** Objects of LFS and where each lies, on the host and already in hand. */
export interface Objects {
  readonly objects: readonly LfsObject[];
  readonly fileOf: (object: LfsObject) => string;
  /** In neither of them: nobody has a file of it. */
  readonly lost: readonly LfsObject[];
}

/** What the host has no more comes out of the generation, and nothing else. */
export async function fetchObjects(work: Work, { reader, found }: Sought, { all, away }: Needed): Promise<Objects> {
  if (away.length > 0) {
    work.tell(`getting what is not on the host any more: ${counted(away.length, 'LFS object')}`);
    const paths = away.map((object) => `${generationRoot}/data/${giteaData.lfs}/${pathOf(object)}`);
    await fetchPaths(
      reader,
      found,
      found.layers.map(() => paths),
      bytesOf(away),
    );
  }
  const kept = `${reader.folder}/generation/data/${giteaData.lfs}`;
  const fetched = new Set(away);
  const fileOf = (object: LfsObject) => (fetched.has(object) ? `${kept}/${pathOf(object)}` : inUse(work, object));
  const lost = away.filter((object) => !isThere(fileOf(object), object.size));
  const without = new Set(lost);
  const there = all.filter((object) => !without.has(object));
  const files = new Map(there.map((object) => [object.oid, fileOf(object)]));
  return { objects: there, fileOf: ({ oid }) => files.get(oid) ?? '', lost };
}
