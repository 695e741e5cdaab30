#!/usr/bin/env zx
// One file for the safe: everything that is needed when the host, the laptop and the account are gone.
import { loadConfig, RunbookError, recoveryKit, runbook, writeNew } from 'gitea-runbooks';

await runbook({
  name: 'recovery-kit',
  purpose:
    'Write one file with all that brings the instance back: configuration, secrets, where the backups are, the commands. It opens everything.',
  flags: {
    out: {
      value: 'FILE',
      describe: 'write the kit there, for its owner alone; "-" is standard output, not a terminal',
    },
    page: { value: 'FILE', describe: 'write the page to be printed as a file of its own as well' },
    'inside-git': { describe: 'write it also where git could commit it' },
  },
  examples: [
    'npx zx runbooks/recovery-kit.mjs --out /media/safe/gitea.kit.txt',
    'npx zx runbooks/recovery-kit.mjs --out - | gpg --encrypt --recipient you@example.com > gitea.kit.gpg',
  ],
  exitCodes: ['configInvalid', 'credentialsRefused', 'refused'],
  async main({ flags, onEvent }) {
    const { out, page } = flags;
    const wrong = (what) => new RunbookError('unexpected', { what, next: 'see --help' });
    if (out === undefined) throw wrong('--out FILE is missing');
    if (out === '-' && process.stdout.isTTY)
      throw wrong('--out - is for a pipe: on a terminal the secrets would stay in its history');
    if (out === '-' && flags.json) throw wrong('--out - and --json both want standard output');
    const { config } = loadConfig(flags.config, flags.overlay);
    const kit = await recoveryKit(config);
    for (const text of kit.doubts) onEvent({ type: 'warning', text });
    const how = { insideGit: flags['inside-git'] };
    if (page !== undefined) await writeNew(page, kit.page, how);
    if (out === '-') return { text: kit.text.reveal(), json: {} };
    await writeNew(out, kit.text, how);
    const written = page === undefined ? out : `${out} and ${page}`;
    return {
      text: `Written: ${written}. Whoever has it has everything: put it into the safe, and remove it here.`,
      json: { kit: out, ...(page === undefined ? {} : { page }), doubts: kit.doubts },
    };
  },
});
