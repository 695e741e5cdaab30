export { readCaBundle } from './ca-bundle.ts';
export { type Inventory, type ReachableConfig, withInventory } from './inventory.ts';
export { checkOwnFiles } from './own-files.ts';
