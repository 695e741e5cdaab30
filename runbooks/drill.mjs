#!/usr/bin/env zx
// A restore for the sake of it: the newest generation beside what is in use, looked at, and taken away again.
import { connect, drill, drills, formatProblem, loadConfig, renderDrills, runbook } from 'gitea-runbooks';

await runbook({
  name: 'drill',
  purpose: 'Have the host restore its newest backup beside what is in use, look at everything and take it away again.',
  flags: {
    list: { describe: 'list the drills that there were, and whether their record is as it was written' },
  },
  examples: ['npx zx runbooks/drill.mjs', 'npx zx runbooks/drill.mjs --list'],
  exitCodes: [
    'configInvalid',
    'hostUnreachable',
    'hostKeyMismatch',
    'credentialsRefused',
    'changeFailed',
    'checkFailed',
    'refused',
  ],
  async main({ flags, signal, onEvent, askPassphrase }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const host = await connect(config, { askPassphrase, signal });
    try {
      if (!flags.list) {
        const done = await drill(config, host, { onEvent, signal });
        return { text: renderDrills([{ line: 1, drill: done }]), json: { drill: done } };
      }
      const found = await drills(config, host);
      const changed = found.some(({ trouble }) => trouble);
      return { text: renderDrills(found), json: { drills: found }, ...(changed ? { exit: 'checkFailed' } : {}) };
    } finally {
      await host.close();
    }
  },
});
