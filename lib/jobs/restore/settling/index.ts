export { settle, settleAhead } from './settle.ts';
