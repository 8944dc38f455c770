export * from './read.js';
export { canonicalAddress, plainText } from './text.js';
