export { clearAway, fullDisk, mustHaveReserve, namingFullDisk, saysFull } from './full-disk.ts';
export { mustHaveRoom } from './room.ts';
export { measureHere, measureThere, sizesOf } from './sizes.ts';
