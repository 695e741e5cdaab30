/**
 * The one door: what the runbooks use, and what other people's scripts import.
 *
 *     import { loadConfig, connect, deploy } from 'gitea-runbooks';
 *     const { config } = loadConfig('gitea.config.yaml');
 *     const host = await connect(config);
 *     try { await deploy(config, host); } finally { await host.close(); }
 *
 * Everything that fails in an expected way throws a RunbookError with an exit code and a next step. Times are milliseconds.
 */
export { type Delegation, delegation, type NameServers } from './aws/delegation.ts';
export { checkAccount, type Identity } from './aws/identity.ts';
export type { Aws } from './aws/settings.ts';
export { ensureStateBucket, type StateLock, stateBucket, stateKey, stateLock } from './aws/state-bucket.ts';
export { type SyncOptions, waitInSync } from './aws/zone-sync.ts';
export { findZone, upsertAddress, type Zone } from './aws/zones.ts';
export { type Run, type Runbook, type RunResult, runbook } from './cli/runbook.ts';
export type { Config, ConfigInput } from './config/config.types.ts';
export { type LoadedConfig, loadConfig, type ParseResult, parseConfig } from './config/load.ts';
export { formatProblem, type Problem } from './config/problem.ts';
export type { Action, Change } from './core/change.ts';
export type { Drill, ListedDrill } from './core/drill.ts';
export { type ExitName, exitCodes, type FailureParts, RunbookError } from './core/errors.ts';
export type { CheckResult, CheckStatus, OnEvent, Outcome, RunEvent } from './core/event.ts';
export type { ListedGeneration, Manifest } from './core/generation.ts';
export type { InfraChange, InfraSummary, MonthlyCost } from './core/infra.ts';
export type { PrunePlan } from './core/prune.ts';
export { Secret } from './core/secret.ts';
export { type SecretName, secretNames } from './core/secrets.ts';
export type { Impact } from './core/spec.ts';
export type { RecordLine, ServiceStatus, StatusReport } from './core/status.ts';
export type { ComponentUpdate, Release, UpdateReport } from './core/update.ts';
export { connect, trustHostKey } from './host/connect.ts';
export type { Command, FilePut, Held, Host, Output, Reconnectable } from './host/port.ts';
export { type Call, readOnly, recording } from './host/wrappers.ts';
export {
  type BackupNowOptions,
  backupNow,
  generations,
  type PruneOptions,
  type PruneReport,
  prune,
  prunePlan,
  type VerifyNowOptions,
  verifyBackups,
} from './jobs/backup/index.ts';
export { type DeployOptions, type DeployReport, deploy } from './jobs/deploy/index.ts';
export { doctor, testMail } from './jobs/doctor/index.ts';
export { drill, drills } from './jobs/drill/index.ts';
export {
  type InfraApplyOptions,
  type InfraApplyReport,
  type InfraDestroyOptions,
  type InfraDestroyReport,
  type InfraOptions,
  type InfraOutputReport,
  type InfraPlanReport,
  infraApply,
  infraDestroy,
  infraOutput,
  infraPlan,
} from './jobs/infra/index.ts';
export { type RecoveryKit, recoveryKit, writeNew } from './jobs/kit/index.ts';
export { type PlanReport, plan } from './jobs/plan/index.ts';
export {
  type RestoreOptions,
  type RestoreReport,
  type RestoreRepositoryOptions,
  restore,
  restorePreview,
  restoreRepository,
  restoreRepositoryPreview,
} from './jobs/restore/index.ts';
export { type RotateOptions, type RotateReport, rotate } from './jobs/rotate/index.ts';
export { type DrillOnOptions, drillOn, noteDrill } from './jobs/spare/index.ts';
export { status } from './jobs/status/index.ts';
export type { Following } from './jobs/unit/index.ts';
export { type CheckOptions, checkUpdates } from './jobs/update/index.ts';
export { spareOf } from './phases/spare.ts';
export { renderChecks } from './report/checks.ts';
export { renderDrills } from './report/drills.ts';
export { renderGenerations } from './report/generations.ts';
export { renderCost, renderInfra } from './report/infra.ts';
export { renderPlan } from './report/plan.ts';
export { renderPrune } from './report/prune.ts';
export { renderStatus } from './report/status.ts';
export { renderUpdates } from './report/updates.ts';
export { storeOf } from './secrets/index.ts';
export type { SecretStore } from './secrets/store.ts';
