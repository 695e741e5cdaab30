export { generations } from './generations.ts';
export { owned } from './owned.ts';
