import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from './db.ts';
import { parseFlags, UsageError } from './flags.ts';
import { hookFiles } from './hooks.ts';
import { currentVersion, migrate, notUpToDate } from './migrate.ts';
import { currentRelease } from './release.ts';
import { repoPath, type Settings } from './values.ts';

interface Check {
  readonly name: string;
  readonly title: string;
  readonly byDefault: boolean;
  /** Whether it ends without an error. */
  run(s: Settings, fix: boolean): Promise<boolean>;
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Two of Gitea's. */
const checks: readonly Check[] = [
  { name: 'check-db-version', title: 'Check Database Version', byDefault: true, run: version },
  { name: 'hooks', title: 'Check if hook files are up-to-date and executable', byDefault: false, run: hooks },
];

/** `doctor check`; as in Gitea a failed check does not show in the exit code. */
export async function doctor(s: Settings, args: string[]): Promise<void> {
  const f = parseFlags(
    ['list', 'default', 'all', 'fix', 'color']
      .map((one) => ({ names: [one], kind: 'bool' as const }))
      .concat([
        { names: ['run'], kind: 'string' as never },
        { names: ['log-file'], kind: 'string' as never },
      ]),
    // Each --run adds to those before.
    joined(args),
  );
  if (f.isSet('list')) {
    print('Default\tName\t\tTitle');
    for (const { name, title, byDefault } of checks) print(`${byDefault ? '*' : ''}\t${name}\t\t${title}`);
    return;
  }
  const names = f.get('run').split(',').filter(Boolean);
  const unknown = names.filter((one) => !checks.some(({ name }) => name === one));
  if (unknown.length > 0) throw new UsageError(`unknown checks: "${unknown.join(',')}"`);
  const wanted = checks.filter(
    ({ name, byDefault }) =>
      f.on('all') || (names.length === 0 ? byDefault : names.includes(name) || (f.on('default') && byDefault)),
  );
  for (const [at, check] of wanted.entries()) {
    print(`\n[${at + 1}] ${check.title}`);
    print((await check.run(s, f.on('fix'))) ? 'OK' : 'ERROR');
  }
  print(`\nAll done (checks: ${wanted.length}).`);
}

function joined(args: readonly string[]): string[] {
  const names: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word === '--run' && args[at + 1] !== undefined) names.push(args[++at] ?? '');
    else if (word.startsWith('--run=')) names.push(word.slice('--run='.length));
    else rest.push(word);
  }
  return names.length > 0 ? ['--run', names.join(','), ...rest] : rest;
}

async function version(s: Settings, fix: boolean): Promise<boolean> {
  const expected = currentRelease().dbVersion;
  print(` - [I] Expected database version: ${expected}`);
  const db = new Database(s);
  try {
    const current = await currentVersion(db);
    if (current === expected) return true;
    if (!fix) {
      print(` - [C] Error: ${notUpToDate(current, expected)} during ensure up to date`);
      return false;
    }
    print(` - [W] Got Error: ${notUpToDate(current, expected)} during ensure up to date`);
    print(' - [W] Attempting to migrate to the latest DB version to fix this.');
    await migrate(db);
    return true;
  } catch (error) {
    print(` - [C] Error: ${(error as Error).message} during ensure up to date`);
    return false;
  } finally {
    await db.close();
  }
}

async function hooks(s: Settings): Promise<boolean> {
  const db = new Database(s);
  try {
    const rows = await db.query('SELECT owner_name, lower_name FROM repository ORDER BY id');
    for (const row of rows) {
      const folder = join(repoPath(s, String(row.owner_name), String(row.lower_name)), 'hooks');
      for (const [name, text] of Object.entries(hookFiles(s.file))) {
        const file = join(folder, name);
        const kind = name.endsWith('/gitea') ? 'new' : 'old';
        if (!existsSync(file)) print(` - [W] ${kind} hook file ${file} does not exist`);
        else if (readFileSync(file, 'utf8') !== text) print(` - [W] ${kind} hook file ${file} is out of date`);
        else if (!executable(file)) print(` - [W] ${kind} hook file ${file} is not executable`);
      }
    }
    return true;
  } finally {
    await db.close();
  }
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
