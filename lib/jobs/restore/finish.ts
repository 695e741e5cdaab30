import { rmSync } from 'node:fs';
import { probeTokenFile } from '../../phases/accounts.ts';
import { tellGitea } from './after.ts';
import type { Work } from './bring.ts';
import { endOfLog } from './finding/index.ts';
import { closeJournal, foldersOf, type Journal, note } from './journal.ts';
import { startAll, switchBack, switchOver } from './switch.ts';

/** Puts what was restored in the place of what is in use, from wherever that was cut off, and starts Gitea on it. */
export async function finish({ config, host, tell }: Pick<Work, 'config' | 'host' | 'tell'>, journal: Journal) {
  if (journal.phase !== 'starting') {
    await switchOver(host, config, journal);
    forgetToken();
    // From here on all is of one state, and may be started by others as well.
    note(config, { ...journal, phase: 'starting' });
  }
  tell('the restored data are in place: starting the containers');
  await startAll(host, config.gitea.startTimeout + 120);
  await tellGitea(host, tell);
  const { work, before, aside } = foldersOf(config, journal);
  rmSync(work, { recursive: true, force: true });
  closeJournal(config);
  return `${saidOf(journal)} is back. What was in use before is kept in ${before} and ${aside} until --discard-old`;
}

const saidOf = ({ id, time, log }: Journal) =>
  log === undefined ? (time ?? id) : `${id}, with the database as of ${log === endOfLog ? 'the end of its log' : log},`;

/** Puts what was in use before a restore back in its place, from wherever that was cut off, and starts Gitea on it. */
export async function finishUndo({ config, host }: Pick<Work, 'config' | 'host'>, journal: Journal) {
  await switchBack(host, config, journal);
  forgetToken();
  await startAll(host, config.gitea.startTimeout + 120);
  closeJournal(config);
  return `what was in use before the restore is back; what was restored lies in ${foldersOf(config, journal).work} until --discard-old`;
}

/** The checks sign in with a token that another database may not know: without its file the next deploy makes one. */
const forgetToken = () => rmSync(probeTokenFile, { force: true });
