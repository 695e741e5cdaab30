export { compose } from './compose.ts';
export { type Health, idsOf, someContainerIs } from './compose-health.ts';
export { imagesInUse } from './compose-observed.ts';
export { held } from './held.ts';
export { images } from './images.ts';
export { reload } from './reload.ts';
