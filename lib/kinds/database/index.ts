export { cluster } from './cluster.ts';
export { ask, askAll } from './database.ts';
export { login } from './login.ts';
