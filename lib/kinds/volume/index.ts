export { volume } from './volume.ts';
