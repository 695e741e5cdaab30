#!/usr/bin/env zx
// A generation back onto the host, whole: database and files of one moment. What was in use before is kept.
import {
  connect,
  deploy,
  formatProblem,
  loadConfig,
  RunbookError,
  restore,
  restorePreview,
  restoreRepository,
  restoreRepositoryPreview,
  runbook,
} from 'gitea-runbooks';

await runbook({
  name: 'restore',
  purpose:
    'Bring the host back to a generation of the backups, or to a moment. What is in use is kept until it is discarded.',
  flags: {
    to: {
      value: 'WHAT',
      describe: 'latest (default), end-of-log, the name of a generation, or a moment such as "2026-11-29 22:15" (UTC)',
    },
    from: { value: 'PLACE', describe: 'which copy: local (default, on the host) or remote' },
    into: {
      value: 'WHERE',
      describe: 'host (default), or scratch: a Gitea of its own beside the one in use, to look at',
    },
    repo: {
      value: 'OWNER/NAME',
      describe: 'one repository: it comes back beside the one in use, which is not touched',
    },
    as: { value: 'NAME', describe: 'with --repo: what it shall be called, NAME or OWNER/NAME' },
    'refs-only': { describe: 'with --repo: set branches and tags of the one in use back instead' },
    preview: { describe: 'only tell what would come back and what is newer than that' },
    undo: { describe: 'put what was in use before the last restore back' },
    'discard-old': { describe: 'delete what earlier restores have set aside, and what is there to be looked at' },
    confirm: { value: 'TEXT', describe: 'type the confirmation beforehand: the domain of the host, or OWNER/NAME' },
  },
  examples: [
    'npx zx runbooks/restore.mjs --preview',
    'npx zx runbooks/restore.mjs --to latest --from remote',
    'npx zx runbooks/restore.mjs --to "2026-11-29 22:15"',
    'npx zx runbooks/restore.mjs --repo alice/work',
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
  async main({ flags, signal, onEvent, confirmTyped, askPassphrase }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const { to = 'latest', from = 'local', into = 'host' } = flags;
    if (!['local', 'remote'].includes(from))
      throw new RunbookError('unexpected', { what: `--from ${from}: it is local or remote`, next: 'see --help' });
    if (!['host', 'scratch'].includes(into))
      throw new RunbookError('unexpected', { what: `--into ${into}: it is host or scratch`, next: 'see --help' });
    if (flags.repo ? flags.undo || flags['discard-old'] || flags.into : flags.as || flags['refs-only'])
      throw new RunbookError('unexpected', {
        what: '--as and --refs-only go with --repo, and --undo, --discard-old and --into do not',
        next: 'see --help',
      });
    const one = { repo: flags.repo, to, from, as: flags.as, refsOnly: flags['refs-only'] };
    const show = (lines) => {
      for (const line of lines) onEvent({ type: 'step', text: line });
    };
    const host = await connect(config, { askPassphrase, signal });
    try {
      if (flags.preview) {
        const lines = await (flags.repo ? restoreRepositoryPreview(host, one) : restorePreview(host, { to, from }));
        return { text: lines.join('\n'), json: { lines } };
      }
      if (flags.repo) {
        const approve = (lines) => {
          show(lines);
          return confirmTyped('Branches and tags in use go back; where they were is kept.', flags.repo, flags.confirm);
        };
        const report = await restoreRepository(config, host, { ...one, onEvent, signal, approve });
        return { text: report.result, json: report };
      }
      const instead = flags.undo ? 'undo' : flags['discard-old'] ? 'discard-old' : undefined;
      const goes = {
        undo: 'The restored data go aside, and those of before come back.',
        'discard-old': 'What earlier restores have set aside is deleted, and what is there to be looked at.',
      };
      const approve = (lines) => {
        show(lines);
        const what = instead ? goes[instead] : 'All that is newer than that goes out of use; Gitea is away meanwhile.';
        return confirmTyped(what, config.domain, flags.confirm);
      };
      const report = await restore(config, host, {
        to,
        from,
        into,
        ...(instead ? { instead } : {}),
        onEvent,
        signal,
        approve,
      });
      if (instead === 'discard-old' || (into === 'scratch' && !instead)) return { text: report.result, json: report };
      // Secrets, settings and accounts are those of now, whatever the generation has.
      const deployed = await deploy(config, host, { onEvent, signal });
      return { text: report.result, json: { ...report, deploy: deployed.outcome } };
    } finally {
      await host.close();
    }
  },
});
