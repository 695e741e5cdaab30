/**
 * Mutation testing: `npm run test:mutation [-- ROOM or lib/ROOM/FILES.ts ...]`. Faults are put into the code one at a time, and a test
 * has to notice each. Not part of CI: a room takes from minutes to hours. The report of each is in .stryker/.
 *
 * MUTATION_TESTS        names below test/unit in place of those of the room, with commas between them
 * MUTATION_CONCURRENCY  tests at a time, 1 unless set
 */
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import { rooms } from './rooms.ts';

const made = '*.mutation.mjs';
// Seconds for a test: what a busy machine makes slow must not pass for a fault that was noticed.
process.env.TAP_TIMEOUT ??= '300';

async function run(room: string, what: string) {
  const tests = (process.env.MUTATION_TESTS?.split(',') ?? rooms[room]!).map((name) => `test/unit/${name}.test.ts`);
  const started = Date.now();
  const results = await new Stryker({
    mutate: [what, '!**/*.generated.ts', '!**/*.types.ts'],
    testRunner: 'tap',
    plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/tap-runner'))],
    // One file a test, without the time that a loader takes to read the same modules for each fault anew.
    buildCommand: `esbuild ${tests.join(' ')} --bundle --platform=node --format=esm --packages=external --outbase=. --outdir=. --out-extension:.js=.mutation.mjs --log-level=error`,
    tap: { testFiles: [`test/unit/**/${made}`], forceBail: true, nodeArgs: [] },
    coverageAnalysis: 'perTest',
    // What is decided while a module loads concerns every test; constants are what golden files are for.
    ignoreStatic: true,
    ignorePatterns: ['/biome.json', '/docs', '/.lab', '/coverage', '/.stryker'],
    concurrency: Number(process.env.MUTATION_CONCURRENCY ?? 1),
    // For the same reason, in milliseconds on top of what a test takes.
    timeoutMS: 60_000,
    disableTypeChecks: false,
    tempDirName: '.stryker/tmp',
    reporters: ['progress-append-only', 'json', 'clear-text'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
    jsonReporter: { fileName: `.stryker/${what.replace(/[^a-z.-]+/g, '_')}.json` },
  }).runMutationTest();
  const count = (...status: string[]) => results.filter((result) => status.includes(result.status)).length;
  const [killed, timeout, survived] = [count('Killed'), count('Timeout'), count('Survived', 'NoCoverage')];
  const score = (100 * (killed + timeout)) / (killed + timeout + survived);
  return `${what}: ${score.toFixed(1)} %, ${killed} noticed, ${timeout} timed out, ${survived} not noticed (${count('NoCoverage')} in code that no test ran), ${count('Ignored')} left out, ${Math.round((Date.now() - started) / 1000)} s`;
}

const words = process.argv.slice(2);
const lines: string[] = [];
for (const word of words.length > 0 ? words : Object.keys(rooms)) {
  const room = word in rooms ? word : (/^lib\/([a-z]+)\//.exec(word)?.[1] ?? '');
  if (!(room in rooms)) {
    throw new Error(`${word} is neither one of ${Object.keys(rooms).join(', ')} nor files below lib/ROOM`);
  }
  lines.push(await run(room, word === room ? `lib/${room}/**/*.ts` : word));
}
process.stdout.write(`${lines.join('\n')}\n`);
