import { readFileSync } from 'node:fs';

// The compiler leaves specs out of the build; here they are what is to be compiled.
const { jsc, module, sourceMaps } = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));

/** What takes minutes: faults, whole histories, pictures, tables of forty years. `npm run test:long` runs these alone. */
export const LONG = [
  '/test/faults/',
  '/test/replay/',
  '/test/vectors/',
  '/test/e2e/(demo|first-key|programme|surface|library|blueprints-.*)\\.',
  '/templates/(layout|threads|threads-stopped|versions\\.db)\\.',
  '/deliveries/misbehaving-servers\\.',
  '/embedded/postgres\\.',
];

/** Native ESM. Unit specs stand beside their source; *.db.spec.ts and test/e2e use a real PostgreSQL and NATS. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testRegex: ['\\.spec\\.ts$', '\\.e2e-spec\\.ts$'],
  testPathIgnorePatterns: ['/node_modules/', ...LONG],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc, module, sourceMaps, swcrc: false }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.mjs'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60_000,
};
