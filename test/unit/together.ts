import { readdirSync } from 'node:fs';

/** Folders whose files work on values alone, and so can share a process: to start one for each takes longer than they do. */
export const together = {
  config: ['config'],
  values: ['core', 'jobs', 'kinds', 'phases', 'render', 'report', 'secrets', 'standin'],
} as const;

/** Runs the tests of these folders here, one file after the other. */
export async function runHere(folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    for (const name of testsIn(folder)) await import(new URL(`${folder}/${name}`, import.meta.url).href);
}

/** Names of the test files in a folder beside this file. */
export const testsIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith('.test.ts'));
