#!/usr/bin/env zx
// New values for secrets, without a failed login. Cut off anywhere, the same command goes on; a deploy goes back.
import { connect, formatProblem, loadConfig, renderChecks, rotate, runbook, secretNames } from 'gitea-runbooks';

await runbook({
  name: 'rotate-secrets',
  purpose: 'Give secrets new values without a failed login: all that can be rotated, or those that are named.',
  words: { show: '[name...]', most: secretNames.length, choices: secretNames },
  examples: ['npx zx runbooks/rotate-secrets.mjs', 'npx zx runbooks/rotate-secrets.mjs postgres_password --yes'],
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
  async main({ flags, words, signal, onEvent, confirm, askPassphrase, color }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const host = await connect(config, { askPassphrase, signal });
    try {
      const approve = (_changes, names) =>
        confirm(`Rotate ${names.join(', ')} on ${host.label}? Gitea restarts once, which takes some seconds.`);
      const report = await rotate(config, host, { names: words, onEvent, signal, ...(flags.yes ? {} : { approve }) });
      const lines = [
        report.rotated.length === 0
          ? 'The rotation before is finished; nothing was rotated anew.'
          : `New values in ${report.secretStore}: ${report.rotated.join(', ')}`,
        ...(report.resumed && report.rotated.length > 0 ? ['An earlier rotation had not come to its end.'] : []),
        ...(report.checks.length > 0 ? [renderChecks(report.checks, { color })] : []),
      ];
      return { text: lines.join('\n'), json: report };
    } finally {
      await host.close();
    }
  },
});
