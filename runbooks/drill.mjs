#!/usr/bin/env zx
// A restore for the sake of it: the newest generation beside what is in use, looked at, and taken away again.
import {
  connect,
  drill,
  drillOn,
  drills,
  formatProblem,
  loadConfig,
  noteDrill,
  RunbookError,
  renderDrills,
  runbook,
  spareOf,
} from 'gitea-runbooks';

await runbook({
  name: 'drill',
  purpose: 'Have the host restore its newest backup beside what is in use, look at everything and take it away again.',
  flags: {
    on: {
      value: 'MACHINE',
      describe:
        'on another machine, which gets what it needs and keeps neither data nor secrets: [USER@]ADDRESS[:PORT]',
    },
    list: { describe: 'list the drills that there were, and whether their record is as it was written' },
  },
  examples: [
    'npx zx runbooks/drill.mjs',
    'npx zx runbooks/drill.mjs --on root@192.0.2.20',
    'npx zx runbooks/drill.mjs --list',
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
  async main({ flags, signal, onEvent, confirm, askPassphrase, askToEnd }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    if (flags.on) {
      if (flags.list) throw new RunbookError('unexpected', { what: '--list goes without --on', next: 'see --help' });
      const spare = spareOf(config, flags.on);
      const there = await connect(spare, { askPassphrase, signal });
      const approve = (changes) => confirm(`Make these ${changes.length} changes on ${there.label}?`);
      const done = await drillOn(spare, there, {
        onEvent,
        signal,
        endToo: askToEnd,
        ...(flags.yes ? {} : { approve }),
      }).finally(() => there.close());
      // The host may be what was lost: then this is no failure of the drill.
      const noted = await connect(config, { askPassphrase, signal })
        .then((host) => noteDrill(host, done).finally(() => host.close()))
        .then(
          () => true,
          (error) => {
            onEvent({ type: 'warning', text: `it is not in the record of the host: ${error.message}` });
            return false;
          },
        );
      const text = renderDrills([{ line: 1, drill: done }]);
      return { text, json: { drill: done, noted }, ...(done.result === 'failed' ? { exit: 'checkFailed' } : {}) };
    }
    const host = await connect(config, { askPassphrase, signal });
    try {
      if (!flags.list) {
        const done = await drill(config, host, { onEvent, signal, endToo: askToEnd });
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
