export { failureOf, resultOf } from './failure.ts';
export { type Following, followUnit } from './follow.ts';
export { runUnit, type UnitRun, unitState } from './run.ts';
export { saidBy } from './said.ts';
