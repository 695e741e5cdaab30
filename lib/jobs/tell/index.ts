export { tellFailed } from './failed.ts';
export { writeMetrics } from './metrics.ts';
export { watch } from './watch.ts';
