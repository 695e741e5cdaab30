export { type PruneOrder, pruneHere, prunePreview } from './prune.ts';
export { upkeep } from './upkeep.ts';
