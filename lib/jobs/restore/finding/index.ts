export { findAsked } from './asked.ts';
export { endOfLog, type Found, find, type Wanted, wantedOf } from './catalog.ts';
export { early, fits, mustBeSound } from './check.ts';
export { fetchFiles } from './fetch.ts';
export { fetchLog, holeBehind, type Log, mustLeadOn, namesOf } from './log.ts';
export { databaseNow, lostSince } from './lost.ts';
export { mustFit } from './space.ts';
