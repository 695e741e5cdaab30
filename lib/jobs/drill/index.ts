export { clearDrill, drillApart, drillHere, drillsHere, leaveSpare, noteHere } from './drill.ts';
export { discardScratch, scratchHere } from './look.ts';
export { drill, drills } from './operator.ts';
