export type { Draft } from './finding.ts';
export { nameless } from './owned-settings.ts';
export { checkTogether, checkValues } from './rules.ts';
export { isReference, namesGiven } from './secret-names.ts';
