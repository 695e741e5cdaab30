export type { Recovered } from './database.ts';
export { databaseData, removeScript } from './database-script.ts';
export { type AtPoint, dropPoint, schema, type Table, takePoint } from './kept.ts';
export { recoverTo } from './moment.ts';
export { recoverOnwards } from './onwards.ts';
export { readRows } from './read-rows.ts';
export { bringUpToDate, rolesInUse } from './roles.ts';
