export { beingCopied, offHost, shipNow } from './off-host.ts';
export { shipWal } from './wal-job.ts';
