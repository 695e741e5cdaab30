export { addBase, type Chain, chainNow, dropOthers, keepChain } from './bases.ts';
export { gapBehind } from './gap.ts';
export { type Marked, mark, type Row, received, receives, rowsNow, streamAnew, streams } from './point.ts';
export { beginOf, gapIn, gapText, segmentOf, segmentsIn, trim } from './wal.ts';
