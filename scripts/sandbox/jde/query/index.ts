export { prefixedColumn, readCondition, type Predicate, type UserView } from './condition.ts';
export { readUserDate, shiftDate, writeUserDate } from './dates.ts';
export { findRows, readOrderBy, type Found, type OrderBy } from './find-rows.ts';
export { readQuery, type Query } from './query.ts';
export { QueryRefusal } from './refusal.ts';
