export { claim } from './claim.ts';
export { directory } from './directory.ts';
export { file } from './file.ts';
export { leftovers } from './leftovers.ts';
export { symlink } from './symlink.ts';
