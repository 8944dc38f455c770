import usual, { LONG } from './jest.config.mjs';

/** The tests that the usual run leaves out. */
export default {
  ...usual,
  testPathIgnorePatterns: ['/node_modules/'],
  testRegex: LONG.map((path) => `${path}.*spec\\.ts$`),
};
