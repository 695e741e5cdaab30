export { mend, mended } from './mend.ts';
export { verify } from './verify.ts';
