import { runHere, together } from './together.ts';

await runHere(together.world);
