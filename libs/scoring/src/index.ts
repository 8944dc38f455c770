export * from './activity.js';
export * from './award.js';
export * from './badges.js';
export * from './boards.js';
export * from './earned-media-value.js';
export * from './metrics.js';
export * from './periods.js';
export * from './rules.js';
