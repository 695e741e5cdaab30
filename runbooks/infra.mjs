#!/usr/bin/env zx
// The machine on AWS and all around it: look, make, take away. What holds data goes only when it is named.
import {
  formatProblem,
  infraApply,
  infraDestroy,
  infraOutput,
  infraPlan,
  loadConfig,
  RunbookError,
  renderCost,
  renderInfra,
  runbook,
} from 'gitea-runbooks';

const seconds = (took) => `${(took / 1000).toFixed(1)} s`;

const commands = {
  async plan(loaded, { flags, options, color }) {
    const report = await infraPlan(loaded, options);
    const changes = report.summary.changes.length > 0;
    const exit = flags['exit-code'] && changes ? 'planHasChanges' : 'done';
    return { text: renderInfra(report.place, report.summary, { color }), json: report, exit };
  },
  async apply(loaded, { flags, options, approval }) {
    const report = await infraApply(loaded, { ...options, ...approval, replaceHost: flags['replace-host'] });
    const lines = [
      report.outcome === 'converged'
        ? `${report.place}: nothing to do (${seconds(report.took)})`
        : `${report.place}: ${report.summary.changes.length} changes made in ${seconds(report.took)}`,
      ...report.written.map((path) => `Written: ${path}`),
      `The host: ${report.inventory.user}@${report.inventory.address}. Next: npx zx runbooks/deploy.mjs`,
    ];
    return { text: lines.join('\n'), json: report };
  },
  async destroy(loaded, { flags, options, approval }) {
    const report = await infraDestroy(loaded, { ...options, ...approval, withData: flags['with-data'] });
    const lines = [
      report.outcome === 'converged'
        ? `${report.place}: nothing to destroy (${seconds(report.took)})`
        : `${report.place}: ${report.summary.changes.length} things destroyed in ${seconds(report.took)}`,
    ];
    if (report.kept.length > 0)
      lines.push(
        `What holds data stays, for ${renderCost(report.keptCost)} plus what is stored in the backup bucket:`,
        ...report.kept.map((address) => `  ${address}`),
        'The next apply uses it again. To be rid of it: npx zx runbooks/infra.mjs destroy --with-data',
      );
    return { text: lines.join('\n'), json: report };
  },
  async output(loaded, { options }) {
    const report = await infraOutput(loaded, options);
    const lines = [...report.written.map((path) => `Written: ${path}`), JSON.stringify(report.inventory, null, 2)];
    return { text: lines.join('\n'), json: report };
  },
};

await runbook({
  name: 'infra',
  purpose:
    'Make, show and take away what host.provider: aws needs: network, host, disk, bucket, DNS record, role, secrets.',
  words: { show: 'plan|apply|destroy|output', most: 1, choices: Object.keys(commands) },
  flags: {
    confirm: { value: 'WORDS', describe: 'confirm beforehand what is replaced or destroyed, by its words' },
    'replace-host': { describe: 'with apply: make the host anew from the newest image; the data volume stays' },
    'with-data': { describe: 'with destroy: data volume, backup bucket and secrets as well' },
    'exit-code': { describe: 'with plan: end with 2 when there are changes' },
  },
  examples: [
    'npx zx runbooks/infra.mjs plan',
    'npx zx runbooks/infra.mjs apply',
    "npx zx runbooks/infra.mjs apply --replace-host --confirm 'host'",
    'npx zx runbooks/infra.mjs destroy',
  ],
  exitCodes: [
    'planHasChanges',
    'configInvalid',
    'locked',
    'hostKeyMismatch',
    'credentialsRefused',
    'changeFailed',
    'refused',
  ],
  async main({ words, flags, signal, onEvent, hide, confirm, confirmTyped, color }) {
    const command = commands[words[0]];
    if (!command)
      throw new RunbookError('unexpected', {
        what: 'a word is missing: npx zx runbooks/infra.mjs plan|apply|destroy|output [flags]',
        next: 'see --help',
      });
    const loaded = loadConfig(flags.config, flags.overlay);
    for (const warning of loaded.warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const approval = {
      approve: ({ changes }) => confirm(`Make these ${changes.length} changes in AWS?`),
      approveLoss: (question, loss) => confirmTyped(question, loss, flags.confirm),
    };
    return command(loaded, { flags, options: { onEvent, signal, hide }, approval, color });
  },
});
