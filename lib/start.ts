// What dist/index.js is: the door, behind which the library is loaded with the compiled code of the last run where Node can
// keep it. All that is imported in the usual way would be compiled before the first line here runs.
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Only for our own runbooks: what another program keeps, and where, is its own business. Never fails: it is no more than quick. */
function keepCompiled(): void {
  if (!process.argv.slice(1, 3).some((word) => /(^|[/\\])runbooks[/\\][a-z-]+\.mjs$/.test(word))) return;
  try {
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    // From Node 22.1 on.
    module.enableCompileCache?.(join(cache, 'gitea-runbooks', 'compiled'));
  } catch {
    // Nobody's home.
  }
}

keepCompiled();
export const {
  backupNow,
  checkAccount,
  checkUpdates,
  connect,
  delegation,
  deploy,
  doctor,
  drill,
  drillOn,
  drills,
  ensureStateBucket,
  exitCodes,
  findZone,
  formatProblem,
  generations,
  infraApply,
  infraDestroy,
  infraOutput,
  infraPlan,
  loadConfig,
  noteDrill,
  parseConfig,
  plan,
  prune,
  prunePlan,
  readOnly,
  recording,
  recoveryKit,
  renderChecks,
  renderCost,
  renderDrills,
  renderGenerations,
  renderInfra,
  renderPlan,
  renderPrune,
  renderStatus,
  renderUpdates,
  restore,
  restorePreview,
  restoreRepository,
  restoreRepositoryPreview,
  rotate,
  runbook,
  RunbookError,
  Secret,
  secretNames,
  stateBucket,
  stateKey,
  stateLock,
  spareOf,
  status,
  storeOf,
  testMail,
  trustHostKey,
  upsertAddress,
  verifyBackups,
  waitInSync,
  writeNew,
} = await import('./index.ts');
