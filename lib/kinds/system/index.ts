export { patiently } from './apt.ts';
export { packages } from './packages.ts';
export { runtime } from './runtime.ts';
export { swap, swapLabel } from './swap.ts';
export { parseTimestamp, unit } from './unit.ts';
