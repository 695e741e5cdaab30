/** What a backup reads and writes of the repositories and files on the host itself, with the repositories in use. */

export { align, sentenceOf } from './align.ts';
export { byteString, printable } from './bytes.ts';
export { moved } from './moved.ts';
export { newerFiles } from './newer-files.ts';
export { overlay } from './overlay.ts';
export { repositoryPath, wikiPath } from './paths.ts';
export { readRefs } from './read-refs.ts';
export { formatRefs, parseRefs, type RepositoryRefs } from './refs-text.ts';
export type { BranchRow, RepositoryRow, Rows } from './rows.ts';
export { type Scan, scan } from './scan.ts';
export type { Before, Seen } from './seen.ts';
export { strangers } from './strangers.ts';
