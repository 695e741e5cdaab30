export { cluster } from './cluster.ts';
export { ask, askAll, inOneStep, psql } from './database.ts';
export { login } from './login.ts';
export { replication } from './replication.ts';
