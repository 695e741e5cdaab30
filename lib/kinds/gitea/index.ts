export { account, awaitsPassword } from './account.ts';
export { sources } from './sources.ts';
