/**
 * Mutation testing: `npm run test:mutation [-- ROOM or lib/ROOM/FILES.ts ...]`. Faults are put into the code one at a time, and a test
 * has to notice each. Not part of CI: all faults of a room take from minutes to hours, a sample of 100 takes minutes. The report of
 * each is in .stryker/; what was not noticed is printed too.
 *
 * MUTATION_SAMPLE       so many faults of a room, drawn from those in code that a test runs; all unless set. What no test runs is
 *                       known without trying, and counts as not noticed. Those not drawn are "CompileError" in Stryker's report.
 * MUTATION_SEED         which ones are drawn, 1 unless set
 * MUTATION_TESTS        names below test in place of those of the room, with commas between them
 * MUTATION_CONCURRENCY  tests at a time, 1 unless set
 */
import { readdirSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';
import { buildSync } from 'esbuild';
import { type Room, rooms, unfit } from './rooms.ts';
import { interval } from './sample.ts';

const bundled = (file: string) => file.replace(/\.ts$/, '.mutation.mjs');
const size = Number(process.env.MUTATION_SAMPLE ?? 0);

const shared = { bundle: true, platform: 'node', format: 'esm', packages: 'external', outbase: '.' } as const;
const plugins = '.stryker/plugins.mjs';

function filesOf(name: string): string[] {
  if (!name.endsWith('/*')) return [`test/${name}.test.ts`];
  const folder = `test/${name.slice(0, -2)}`;
  return readdirSync(folder).flatMap((file) => (file.endsWith('.test.ts') ? `${folder}/${file}` : []));
}

async function run(room: Room, what: string) {
  const names = process.env.MUTATION_TESTS?.split(',') ?? room.tests;
  const tests = names.flatMap(filesOf).filter((file) => process.env.MUTATION_TESTS || !unfit.includes(file));
  process.env.MUTATION_FILES = tests.map(bundled).join(',');
  const started = Date.now();
  const results = await new Stryker({
    mutate: [what, '!**/*.generated.ts', '!**/*.types.ts'],
    testRunner: 'here',
    checkers: size > 0 ? ['sample'] : [],
    plugins: [`${process.cwd()}/${plugins}`],
    // One file a test, with a root of ours for tap's, and without the time that a loader takes to read the same modules for each fault anew.
    buildCommand: `esbuild ${tests.join(' ')} --bundle --platform=node --format=esm --packages=external --alias:tap=./test/mutation/root.ts --outbase=. --outdir=. --out-extension:.js=.mutation.mjs --log-level=error`,
    coverageAnalysis: 'perTest',
    ignorePatterns: ['/biome.json', '/docs', '/.lab', '/.tap', '/coverage', '/.stryker'],
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
    // A file stays in memory for each time it was loaded.
    maxTestRunnerReuse: 25,
    // Milliseconds on top of what the tests take: what a busy machine makes slow must not pass for a fault that was noticed.
    timeoutMS: 60_000,
    disableTypeChecks: false,
    tempDirName: '.stryker/tmp',
    reporters: ['progress-append-only', 'json', 'clear-text'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
    jsonReporter: { fileName: `.stryker/${what.replace(/[^a-z.-]+/g, '_')}.json` },
  }).runMutationTest();
  const count = (...status: string[]) => results.filter((result) => status.includes(result.status)).length;
  const [noticed, timedOut, survived, unrun] = [
    count('Killed'),
    count('Timeout'),
    count('Survived'),
    count('NoCoverage'),
  ];
  const tried = noticed + timedOut + survived;
  const covered = tried + count('CompileError');
  // Of all faults: a fault in code that no test runs is known not to be noticed, the others are judged by those tried.
  const ofAll = (percent: number) => ((percent * covered) / (covered + unrun)).toFixed(1);
  const share = (noticed + timedOut) / tried;
  const [low, high] = interval(share, tried);
  return [
    `${what}: ${ofAll(100 * share)} %${tried < covered ? ` (95 % interval ${ofAll(low)} to ${ofAll(high)})` : ''}`,
    `${covered + unrun} faults, ${unrun} of them in code that no test ran, ${tried} of the others tried`,
    `${noticed} noticed, ${timedOut} timed out, ${survived} not noticed, ${count('RuntimeError')} came to no end`,
    `${Math.round((Date.now() - started) / 1000)} s`,
  ].join('; ');
}

/** That of the innermost folder. */
function roomOf(file: string): Room | undefined {
  const folder = ({ files }: Room) => files.replace(/[*!].*/, '');
  const found = Object.values(rooms).filter((room) => file.startsWith(folder(room)));
  return found.sort((a, b) => folder(b).length - folder(a).length)[0];
}

buildSync({ ...shared, entryPoints: ['test/mutation/plugins.ts'], outfile: plugins });
const words = process.argv.slice(2);
const lines: string[] = [];
for (const word of words.length > 0 ? words : Object.keys(rooms)) {
  const room = rooms[word] ?? roomOf(word);
  if (!room) throw new Error(`${word} is neither one of ${Object.keys(rooms).join(', ')} nor files in them`);
  lines.push(await run(room, word in rooms ? room.files : word));
}
process.stdout.write(`${lines.join('\n')}\n`);
