export { account, awaitsPassword } from './account.ts';
