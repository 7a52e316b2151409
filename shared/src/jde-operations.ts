/** What a relay may ask of an agent about JD Edwards: reading through the AIS data service, nothing that writes (facts/jde-ais.md). */
import { z } from 'zod';

const systemName = z.string().min(1).max(40).describe('Name of the system in agent.yaml');
/** `F0101`, `V4311JO`. */
const jdeTable = z.string().regex(/^[FV][A-Z0-9]{1,9}$/, 'must be a table (F0101) or a business view (V4311JO)');
/** A data item by its alias, without the two letters of the database: `AN8`; in a view with its table, `F4311.DOCO`. */
const jdeField = z.string().regex(/^([FV][A-Z0-9]{1,9}\.)?[A-Z][A-Z0-9]{1,9}$/, 'must be an alias such as AN8');

const jdeComparison = z.union([
  z.strictObject({ field: jdeField, op: z.enum(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE']), value: z.string() }),
  /** Any of these; the agent splits what is too long for one request only where the caller does not. */
  z.strictObject({ field: jdeField, op: z.literal('IN'), values: z.array(z.string()).min(1).max(200) }),
  /** From so many days before the server's today on: dates need no format of the user then (facts/jde-ais.md 0, 5). */
  z.strictObject({ field: jdeField, op: z.literal('SINCE_DAYS_AGO'), days: z.int().min(0).max(36_500) }),
  /** A date, `YYYYMMDD`, which the agent writes in the format of the signed-on user. */
  z.strictObject({ field: jdeField, op: z.enum(['ON_OR_AFTER', 'ON_OR_BEFORE']), date: z.string().regex(/^\d{8}$/) }),
]);
export type JdeComparison = z.infer<typeof jdeComparison>;
/** `anyOf`: one of the comparisons is enough. */
const jdeCondition = z.union([jdeComparison, z.strictObject({ anyOf: z.array(jdeComparison).min(1).max(50) })]);
export type JdeCondition = z.infer<typeof jdeCondition>;

/**
 * Reads a table or view in key order, page by page above the last key. Answers in chunks of `JdeChunk`, then `JdeQueryEnd`.
 * Values: numbers as plain decimal text with AIS's own digits, dates `YYYYMMDD`, times `HHMMSS` in six digits, text without blanks at both
 * ends (MCU comes right-justified); nothing there is `''`.
 */
export const jdeQuery = z.strictObject({
  system: systemName,
  table: jdeTable,
  fields: z.array(jdeField).min(1).max(60),
  /** Fields that together are unique, the order of reading; all of them must be in `fields`. Paging goes by the first one. */
  key: z.array(jdeField).min(1).max(8),
  /** Combined with AND. */
  where: z.array(jdeCondition).max(50).default([]),
  /** Only rows whose first key field is above this. */
  afterFirstKey: z.string().optional(),
  maxRows: z.int().positive().optional(),
});
export type JdeQuery = z.infer<typeof jdeQuery>;
export interface JdeChunk {
  /** Those asked for that AIS delivers; column security drops others without a word (facts/jde-ais.md 2.5). */
  fields: string[];
  rows: string[][];
}
export interface JdeQueryEnd {
  rows: number;
  /** Requests made. */
  calls: number;
}

/** What a flow needs besides rows. Reads only. */
export const jdeCall = z.discriminatedUnion('service', [
  /** Who is logged on where, and how the server sees time. Answers `JdeInfo`. */
  z.strictObject({ system: systemName, service: z.literal('info') }),
  /** Answers `{ count }`. */
  z.strictObject({ system: systemName, service: z.literal('count'), table: jdeTable, where: z.array(jdeCondition).max(50).default([]) }),
  /** An orchestration the policy allows by name; answers its output with numbers as text. */
  z.strictObject({
    system: systemName,
    service: z.literal('orchestration'),
    name: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
    inputs: z.record(z.string(), z.string()).default({}),
  }),
]);
export type JdeCall = z.infer<typeof jdeCall>;

export interface JdeInfo {
  environment: string;
  role: string;
  user: string;
  aisVersion: string;
  /** `UTC-05:00`, as the user's profile says; '' where it says nothing. */
  timeZoneOffset: string;
  dateFormat: string;
  decimalFormat: string;
  /** True where AIS answers reads from a cache by default. */
  cachesByDefault: boolean;
}
export interface JdeCount {
  count: number;
}
