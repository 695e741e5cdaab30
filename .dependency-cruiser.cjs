const { readdirSync } = require('node:fs');

/**
 * The layers and their arrow: core <- config, render, host, report <- aws, kinds, phases <- engine <- jobs <- index <- runbooks.
 * A folder may see those that its row names, and itself.
 */
const layers = {
  core: [],
  config: ['core'],
  render: ['core'],
  host: ['core'],
  report: ['core'],
  secrets: ['core', 'config', 'aws'],
  outside: ['core', 'config'],
  aws: ['core', 'config'],
  cli: ['core', 'report'],
  kinds: ['core', 'host'],
  phases: ['core', 'config', 'render'],
  engine: ['core', 'host', 'kinds'],
  jobs: ['core', 'config', 'render', 'host', 'kinds', 'phases', 'engine', 'secrets', 'outside', 'aws'],
};

const arrows = Object.entries(layers).map(([folder, sees]) => ({
  name: `${folder}-sees-only-${sees.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^lib/${folder}/` },
  to: { path: '^lib/', pathNot: `^lib/(${[folder, ...sees].join('|')})/` },
}));

// Folders with rooms: each room has one door, its index.ts. What the jobs share is in converge and has none.
const roomed = ['lib/jobs', 'lib/jobs/backup', 'lib/jobs/restore', 'lib/config', 'lib/kinds'];
const doors = roomed.flatMap((folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'converge')
    .map(({ name }) => ({
      name: `${folder.slice(4)}-${name}-is-entered-by-its-door`,
      severity: 'error',
      from: { path: '^lib/', pathNot: `^${folder}/${name}/` },
      to: { path: `^${folder}/${name}/`, pathNot: `^${folder}/${name}/index\\.ts$` },
    })),
);

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphan', severity: 'error', from: { orphan: true, path: '^lib/' }, to: {} },
    {
      name: 'specs-are-entered-by-their-door',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/core/spec' },
      to: { path: '^lib/core/spec/' },
    },
    { name: 'lib-knows-no-test', severity: 'error', from: { path: '^lib/' }, to: { path: '^test/' } },
    { name: 'runbooks-use-the-one-door', severity: 'error', from: { path: '^runbooks/' }, to: { path: '^lib/(?!index)' } },
    {
      name: 'aws-sdk-is-loaded-by-its-first-use',
      comment: 'each of its packages costs a fifth of a second, and most runs need none',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '@aws-sdk/', dynamic: false, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'what-runs-on-the-host-brings-no-aws-sdk',
      severity: 'error',
      from: { path: '^lib/host-main' },
      to: { path: '@aws-sdk/', reachable: true },
    },
    ...doors,
    ...arrows,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
