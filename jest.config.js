/** Native ES modules, as in production; TypeScript is stripped by swc. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{agent,relay,proto,shared,scripts}/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.build/'],
  modulePathIgnorePatterns: ['/dist/', '/.build/'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } },
        module: { type: 'es6' },
      },
    ],
  },
  // A PostgreSQL server for the tests that ask for one.
  globalSetup: '<rootDir>/scripts/postgres/jest-setup.config.ts',
  globalTeardown: '<rootDir>/scripts/postgres/jest-teardown.config.ts',
  testTimeout: 30_000,
  // Tests that start processes mostly wait for them.
  maxWorkers: 2,
};
