export { canonicalAddress } from './address.js';
export { decodePage } from './decode.js';
export type { FeedItem } from './item.js';
export { readPage } from './page.js';
export type { PageCard } from './page.js';
export { readFeed } from './read.js';
export type { FeedReading } from './read.js';
