export { type Arranged, arrange, asideIn, listed, type Tree } from './files.ts';
export { type Git, inGit } from './git.ts';
