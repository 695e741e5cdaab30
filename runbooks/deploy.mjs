#!/usr/bin/env zx
// Bring the host to what the config says. Safe to run again at any time: what is as wanted is left alone.
import { connect, deploy, formatProblem, loadConfig, renderChecks, runbook } from 'gitea-runbooks';

await runbook({
  name: 'deploy',
  purpose: 'Bring the host to what the config says, phase by phase, then check the service from outside.',
  flags: { verify: { describe: 'clone, push and move files from outside even when nothing had to be changed' } },
  examples: ['npx zx runbooks/deploy.mjs', 'npx zx runbooks/deploy.mjs --config prod.yaml --yes'],
  exitCodes: [
    'configInvalid',
    'locked',
    'hostUnreachable',
    'hostKeyMismatch',
    'credentialsRefused',
    'changeFailed',
    'checkFailed',
    'refused',
  ],
  async main({ flags, signal, onEvent, confirm, askPassphrase, color }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const host = await connect(config, { askPassphrase, signal });
    try {
      const approve = (changes) => confirm(`Make these ${changes.length} changes on ${host.label}?`);
      const report = await deploy(config, host, {
        onEvent,
        signal,
        // With --yes the plan need not wait for anybody.
        ...(flags.yes ? {} : { approve }),
        ...(flags.verify ? { checks: 'full' } : {}),
      });
      const lines = [
        report.outcome === 'converged'
          ? `${report.host}: nothing to do (${(report.took / 1000).toFixed(1)} s)`
          : `${report.host}: ${report.changes.length} changes made in ${(report.took / 1000).toFixed(1)} s`,
        ...(report.outcome === 'converged' ? [] : [renderChecks(report.checks, { color })]),
        ...report.delivered.map((name) => `New in ${report.secretStore}: ${name}`),
        `Gitea: https://${config.domain}/`,
      ];
      return { text: lines.join('\n'), json: report };
    } finally {
      await host.close();
    }
  },
});
