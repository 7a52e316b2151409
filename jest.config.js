/** Native ES modules, as in production; TypeScript is stripped by swc. */
const common = {
  testEnvironment: 'node',
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
};

/** Suites that go through much of the relay's SQL: they run a second time, on PostgreSQL. */
const alsoOnPostgres = [
  'http/*.integration.test.ts',
  'cli/*.integration.test.ts',
  'gateway/{agent-directory,enrollment}.test.ts',
  'store/secrets.test.ts',
  'engine/posting/{posting,holds,predecessors}.test.ts',
  'engine/extraction/{extraction,event-runs}.test.ts',
  'webhooks/*.integration.test.ts',
  'engine/subscriptions.test.ts',
];

export default {
  projects: [
    { ...common, displayName: 'all', testMatch: ['<rootDir>/{agent,relay,proto,shared,scripts}/**/*.test.ts'] },
    {
      ...common,
      displayName: 'on PostgreSQL',
      testMatch: alsoOnPostgres.map((suites) => `<rootDir>/relay/src/${suites}`),
      setupFiles: ['<rootDir>/scripts/postgres/jest-on-postgres.config.ts'],
    },
  ],
  testTimeout: 30_000,
  // Tests that start processes mostly wait for them.
  maxWorkers: 2,
};
