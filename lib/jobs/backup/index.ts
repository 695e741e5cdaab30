export { backup } from './backup.ts';
export { verify } from './checking/index.ts';
export { beginOf, gapIn, gapText, segmentOf, segmentsIn } from './database/index.ts';
export * from './files/index.ts';
export { shipNow, shipWal } from './off-host/index.ts';
export { type BackupNowOptions, backupNow, generations, type VerifyNowOptions, verifyBackups } from './operator.ts';
export { type PruneOptions, type PruneReport, prune, prunePlan } from './prune-operator.ts';
export { namingFullDisk, sizesOf } from './space/index.ts';
export {
  generationRoot,
  lastWords,
  listGenerations,
  manifestsIn,
  type Place,
  progressOf,
  type Restic,
  readJson,
  resticExit,
  resticFor,
  stateOf,
  writeJson,
  writeWhole,
} from './store/index.ts';
export { pruneHere, prunePreview } from './thinning/index.ts';
