export * from './content.js';
export * from './engagement.js';
export * from './envelope.js';
export * from './notification.js';
export * from './programme.js';
export * from './requests.js';
export * from './subjects.js';
