export { type CheckOptions, checkUpdates } from './check.ts';
