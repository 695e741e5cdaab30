#!/usr/bin/env zx
// What is new, and what of it may be taken? Asks the registries; no host, and changes nothing.
import { checkUpdates, formatProblem, loadConfig, RunbookError, renderUpdates, runbook } from 'gitea-runbooks';

await runbook({
  name: 'update',
  purpose:
    'Ask the registries what is newer than the images of the config, and say what is due by its policy. Changes nothing.',
  flags: {
    check: { describe: 'ask and tell; there is nothing else yet' },
  },
  examples: ['npx zx runbooks/update.mjs --check', 'npx zx runbooks/update.mjs --check --json | jq .components'],
  exitCodes: ['planHasChanges', 'configInvalid', 'credentialsRefused', 'checkFailed', 'refused'],
  async main({ flags, signal, onEvent }) {
    if (!flags.check)
      throw new RunbookError('unexpected', {
        what: 'updates are not made by this runbook yet',
        next: 'npx zx runbooks/update.mjs --check tells what is due; set it in images of the config, then npx zx runbooks/deploy.mjs',
      });
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const report = await checkUpdates(config, { signal });
    onEvent({ type: 'step', text: `asked about ${report.components.length} components` });
    const exit = report.components.some(({ unknown }) => unknown !== undefined)
      ? 'checkFailed'
      : report.components.some(({ due }) => due)
        ? 'planHasChanges'
        : 'done';
    return { text: renderUpdates(report), json: report, exit };
  },
});
