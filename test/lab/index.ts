// The lab as the rehearse runbook and other scripts use it; bundled to dist/lab.js.
export type { Lab, LabEvent, LabOptions, LabStatus } from './lab.ts';
export { LabError, lower, open, raise, status } from './lab.ts';
export { type Rehearsal, rehearse, renderRehearsal } from './rehearse.ts';
