export { readBounce } from './read.js';
export type { BounceKind, BounceReading } from './reading.js';
