#!/usr/bin/env zx
// A generation now: of what has changed, or a whole one. The host makes it; closing the laptop in the middle does no harm.
import {
  backupNow,
  connect,
  formatProblem,
  generations,
  loadConfig,
  prune,
  prunePlan,
  renderGenerations,
  renderPrune,
  runbook,
  verifyBackups,
} from 'gitea-runbooks';

await runbook({
  name: 'backup',
  purpose: 'Have the host make a backup now and follow it, or list the backups that there are.',
  flags: {
    full: { describe: 'read everything, and copy the database anew' },
    verify: { describe: 'read back a part of what is stored, and look whether it is what was written' },
    'all-data': { describe: 'with --verify: read back everything' },
    prune: {
      describe: 'remove whole generations off the host that have served their time, with credentials of your own',
    },
    preview: { describe: 'with --prune: only tell what would go, what stays and why' },
    confirm: { value: 'DOMAIN', describe: 'with --prune: type the confirmation beforehand, the domain of the host' },
    list: { describe: 'list the generations that there are, and where' },
  },
  examples: [
    'npx zx runbooks/backup.mjs',
    'npx zx runbooks/backup.mjs --full',
    'npx zx runbooks/backup.mjs --list',
    'npx zx runbooks/backup.mjs --prune --preview',
  ],
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
  async main({ flags, signal, onEvent, hide, confirmTyped, askPassphrase, askToEnd }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const host = await connect(config, { askPassphrase, signal });
    try {
      if (flags.verify) {
        await verifyBackups(config, host, { all: flags['all-data'], onEvent, signal, endToo: askToEnd });
        return { text: 'All that was read back is what was stored.', json: { verified: true } };
      }
      if (flags.prune) {
        if (flags.preview) {
          const plan = await prunePlan(config, host);
          return { text: renderPrune(plan), json: plan };
        }
        const report = await prune(config, host, {
          ...{ environment: process.env, hide, onEvent, signal },
          approve(plan) {
            for (const text of renderPrune(plan).split('\n')) onEvent({ type: 'step', text });
            return confirmTyped('That cannot be undone.', config.domain, flags.confirm);
          },
        });
        return { text: report.result, json: report };
      }
      if (!flags.list) await backupNow(config, host, { full: flags.full, onEvent, signal, endToo: askToEnd });
      const found = await generations(config, host);
      return { text: renderGenerations(flags.list ? found : found.slice(0, 1)), json: { generations: found } };
    } finally {
      await host.close();
    }
  },
});
