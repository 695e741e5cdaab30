export { generationRoot, partialList, sources, storages } from './content.ts';
export { listGenerations, manifestsIn, resticFor, rowOf } from './list.ts';
export { progressOf } from './progress.ts';
export { type Place, type Restic, resticExit } from './restic.ts';
export { type Snapshot, takeSnapshot } from './snapshot.ts';
export { readJson, shippedFull, stateOf, tellState, writeJson, writeWhole } from './state.ts';
export { lastWords } from './words.ts';
export type { Work } from './work.ts';
