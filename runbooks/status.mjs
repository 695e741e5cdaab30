#!/usr/bin/env zx
// How is it doing? Looks only: services, certificate, disks, drift, last runs.
import { connect, loadConfig, renderStatus, runbook, status } from 'gitea-runbooks';

await runbook({
  name: 'status',
  purpose: 'Tell how the instance is: services, certificate, disks, drift from the config, last runs. Changes nothing.',
  examples: ['npx zx runbooks/status.mjs', 'npx zx runbooks/status.mjs --json | jq .healthy'],
  exitCodes: ['configInvalid', 'hostUnreachable', 'hostKeyMismatch', 'credentialsRefused', 'checkFailed', 'refused'],
  async main({ flags, signal, onEvent, askPassphrase, color }) {
    const { config } = loadConfig(flags.config, flags.overlay);
    const host = await connect(config, { askPassphrase, signal });
    try {
      const report = await status(config, host, { onEvent });
      return { text: renderStatus(report, { color }), json: report, exit: report.healthy ? 'done' : 'checkFailed' };
    } finally {
      await host.close();
    }
  },
});
