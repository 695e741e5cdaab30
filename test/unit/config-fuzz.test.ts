import { isFuzz, runHere, together } from './together.ts';

await runHere(together.config, isFuzz);
