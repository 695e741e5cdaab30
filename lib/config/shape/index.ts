export { checkStructure, type StructureProblem } from './structure.ts';
export { didYouMean, nearest } from './suggest.ts';
