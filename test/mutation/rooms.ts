/** Folders of code that faults are put into, each with the tests that are there to notice them, as names below test/. */
export interface Room {
  readonly files: string;
  readonly tests: readonly string[];
}

/** A fault that only a test elsewhere, a golden file or a real host notices counts as one that nobody noticed. */
export const rooms: Readonly<Record<string, Room>> = {
  kinds: { files: 'lib/kinds/**/*.ts', tests: ['unit/kinds/*', 'unit/engine/*', 'unit/phases/*'] },
  engine: { files: 'lib/engine/**/*.ts', tests: ['unit/engine/*', 'unit/jobs/*', 'unit/report/*'] },
  host: { files: 'lib/host/**/*.ts', tests: ['unit/host/*'] },
  jobs: { files: 'lib/jobs/!(infra)/**/*.ts', tests: ['unit/jobs/*', 'unit/engine/*', 'unit/phases/*'] },
  infra: { files: 'lib/jobs/infra/**/*.ts', tests: ['infra/*'] },
  config: { files: 'lib/config/**/*.ts', tests: ['unit/config/*'] },
  core: {
    files: 'lib/core/**/*.ts',
    tests: ['unit/core/*', 'unit/secrets/*', 'unit/report/*', 'unit/kinds/*', 'unit/phases/*', 'unit/engine/*'],
  },
  secrets: {
    files: 'lib/secrets/**/*.ts',
    tests: ['unit/secrets/*', 'unit/jobs/*', 'unit/aws/errors', 'unit/config/no-file'],
  },
};

/**
 * Left out: what looks for a module by its own place, which a bundle does not keep, what reads the stack of an error, and
 * what takes seconds, many times over for each fault.
 */
export const unfit: readonly string[] = [
  'test/unit/config/fuzz.test.ts',
  'test/unit/config/generated.test.ts',
  'test/unit/config/overlay-fuzz.test.ts',
  'test/unit/config/together.test.ts',
  'test/unit/jobs/rotate.test.ts',
  'test/unit/report/failure.test.ts',
];
