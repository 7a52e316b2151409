export { databaseKinds, openTestDatabase, openTestStore, usualKind, type DatabaseKind, type TestDatabase } from './databases.ts';
