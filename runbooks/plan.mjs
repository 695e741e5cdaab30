#!/usr/bin/env zx
// What would infra apply and a deploy change? Looks only: nothing is touched, on AWS or on the host.
import { connect, formatProblem, infraPlan, loadConfig, plan, renderInfra, renderPlan, runbook } from 'gitea-runbooks';

await runbook({
  name: 'plan',
  purpose:
    'Show what would change: on AWS where the host is made there, then on the host, with reasons, cost and file diffs.',
  flags: {
    'exit-code': { describe: 'end with 2 when there are changes' },
    'host-only': { describe: 'leave the infrastructure out, and so need no Terraform' },
  },
  examples: ['npx zx runbooks/plan.mjs', 'npx zx runbooks/plan.mjs --exit-code --json > plan.json'],
  exitCodes: [
    'planHasChanges',
    'configInvalid',
    'locked',
    'hostUnreachable',
    'hostKeyMismatch',
    'credentialsRefused',
    'refused',
  ],
  showPlan: false,
  async main({ flags, signal, hide, onEvent, askPassphrase, color }) {
    const loaded = loadConfig(flags.config, flags.overlay);
    const { config, warnings } = loaded;
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const onAws = config.host.provider === 'aws' && !flags['host-only'];
    const infra = onAws ? await infraPlan(loaded, { onEvent, signal, hide }) : undefined;
    const noHostYet = infra !== undefined && config.host.address === '';
    const host = noHostYet ? { host: null, changes: [], unchanged: 0 } : await planHost();
    const texts = [
      infra && renderInfra(infra.place, infra.summary, { color }),
      noHostYet
        ? 'There is no host yet: what a deploy would do there follows after npx zx runbooks/infra.mjs apply'
        : renderPlan(host.host, host.changes, host.unchanged, { color, diffs: true }),
    ];
    const changes = host.changes.length + (infra?.summary.changes.length ?? 0);
    return {
      text: texts.filter(Boolean).join('\n\n'),
      json: { ...(infra ? { infrastructure: infra } : {}), ...host },
      exit: flags['exit-code'] && changes > 0 ? 'planHasChanges' : 'done',
    };

    async function planHost() {
      const host = await connect(config, { askPassphrase, signal });
      try {
        return await plan(config, host, { onEvent });
      } finally {
        await host.close();
      }
    }
  },
});
