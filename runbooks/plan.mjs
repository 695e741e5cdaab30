#!/usr/bin/env zx
// What would a deploy change? Looks only: nothing on the host is touched.
import { connect, formatProblem, loadConfig, plan, renderPlan, runbook } from 'gitea-runbooks';

await runbook({
  name: 'plan',
  purpose: 'Show what a deploy would change on the host: each change with its reason, its cost and the file diff.',
  flags: { 'exit-code': { describe: 'end with 2 when there are changes' } },
  examples: ['npx zx runbooks/plan.mjs', 'npx zx runbooks/plan.mjs --exit-code --json > plan.json'],
  exitCodes: ['planHasChanges', 'configInvalid', 'hostUnreachable', 'hostKeyMismatch', 'credentialsRefused', 'refused'],
  showPlan: false,
  async main({ flags, onEvent, askPassphrase, color }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const host = await connect(config, { askPassphrase });
    try {
      const { changes, unchanged, ...report } = await plan(config, host, { onEvent });
      return {
        text: renderPlan(report.host, changes, unchanged, { color, diffs: true }),
        json: { ...report, changes, unchanged },
        exit: flags['exit-code'] && changes.length > 0 ? 'planHasChanges' : 'done',
      };
    } finally {
      await host.close();
    }
  },
});
