export { judge } from './judge.js';
export type { Verdict } from './judge.js';
export { readBounce } from './read.js';
export type { BounceKind, BounceReading } from './reading.js';
