export { dotted, keyOf, namesOf, type Parsed, type Plain, parseText, valueAt, within } from './document.ts';
export { isMap, layered } from './overlay.ts';
export { readBytes } from './read-file.ts';
export { readSource, type Source } from './source.ts';
export { decode } from './text.ts';
