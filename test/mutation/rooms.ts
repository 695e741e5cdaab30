/**
 * The folders of lib that faults are put into, each with the tests that are there to notice them. All of `npm test` for
 * each fault would take days; a fault that only a test elsewhere notices counts as one that nobody noticed.
 */
export const rooms: Readonly<Record<string, readonly string[]>> = {
  core: [
    'core/*',
    'secrets/*',
    'report/redact',
    'report/text',
    'report/plan',
    'kinds/parsers',
    'kinds/cluster',
    'phases/accounts',
    'phases/compose',
  ],
  config: ['config/*'],
  engine: ['engine/*', 'jobs/settle'],
  host: ['host/*'],
  kinds: ['kinds/*', 'engine/converge'],
  jobs: ['jobs/*', 'phases/newcomer'],
  secrets: ['secrets/*', 'aws/errors', 'config/no-file'],
};
