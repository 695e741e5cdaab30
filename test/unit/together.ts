import { readdirSync } from 'node:fs';

/**
 * Folders whose files leave each other alone, and so can share a process: to start one for each takes longer than many of
 * them do. What stays alone reads standard input, takes signals, changes what all of a process see, or waits more than it works.
 */
export const together = {
  config: ['config'],
  values: ['core', 'jobs', 'kinds', 'phases', 'render', 'report', 'secrets', 'standin'],
  world: ['aws', 'docs', 'engine', 'terraform'],
} as const;

/** Those that try texts by the thousand: they take as long as the rest, and so have a process of their own. */
export const isFuzz = (name: string) => name.endsWith('fuzz.test.ts');

/** Runs the tests of these folders here, one file after the other. */
export async function runHere(
  folders: readonly string[],
  which: (name: string) => boolean = () => true,
): Promise<void> {
  for (const folder of folders)
    for (const name of testsIn(folder).filter(which)) await import(new URL(`${folder}/${name}`, import.meta.url).href);
}

/** Names of the test files in a folder beside this file. */
export const testsIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith('.test.ts'));
