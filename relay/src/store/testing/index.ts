export { databaseKinds, openTestDatabase, type DatabaseKind, type TestDatabase } from './databases.ts';
