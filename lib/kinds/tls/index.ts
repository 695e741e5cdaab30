export { certificate, isPlaceholder } from './certificate.ts';
export { obtainScript } from './certificate-script.ts';
export { placeholder } from './placeholder.ts';
