export * from './read.js';
export { canonicalAddress, plainText, webAddress } from './text.js';
