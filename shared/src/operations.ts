/**
 * The operations a relay may ask of an agent: their names, requests and answers (DESIGN.md section 5, "Calls").
 * Both ends check with these schemas; values travel as JSON, decimals and long integers as strings.
 */
import { z } from 'zod';
import { jdeCall, jdeQuery } from './jde-operations.ts';
import { sapUnit } from './sap-units.ts';

const systemName = z.string().min(1).max(40).describe('Name of the system in agent.yaml');
/** Of a table, field or function module: SAP's have 30 characters. */
const sapName = z.string().max(60);

/** One comparison of a WHERE clause. Values are in SAP's internal format (zero-padded, YYYYMMDD). */
const comparison = z.union([
  z.strictObject({ field: sapName, op: z.enum(['EQ', 'NE', 'LT', 'LE', 'GT', 'GE', 'LIKE']), value: z.string() }),
  z.strictObject({ field: sapName, op: z.literal('IN'), values: z.array(z.string()).min(1) }),
]);
export type Comparison = z.infer<typeof comparison>;
export type Condition = Comparison | { anyOf: Condition[] } | { allOf: Condition[] };
export const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([comparison, z.strictObject({ anyOf: z.array(condition).min(1) }), z.strictObject({ allOf: z.array(condition).min(1) })]),
);

/**
 * Reads a table by key, in key order. Answers in chunks of `TableChunk`, then `TableReadEnd`.
 * Numbers come as plain decimal strings in real units (CURR fields shifted by TCURX), CHAR without trailing blanks, dates as
 * YYYYMMDD with `00000000` for initial.
 */
export const sapTableRead = z.strictObject({
  system: systemName,
  table: sapName,
  fields: z.array(sapName).min(1).max(2000),
  /** Combined with AND. */
  where: z.array(condition).default([]),
  /** Currency key field per amount field where the dictionary does not say. */
  currencyFields: z.record(sapName, sapName).optional(),
  /**
   * `stored`: CURR fields come with the two decimals they are stored with, whatever the currency; for tables whose currency stands elsewhere
   * (BSEG: in BKPF and T001).
   */
  amounts: z.enum(['real', 'stored']).optional(),
  /** Read only rows whose key is above this one: values of all key fields (without client), in key order; all of them must be in `fields`. */
  afterKey: z.array(z.string()).optional(),
  maxRows: z.int().positive().optional(),
});
export type SapTableRead = z.infer<typeof sapTableRead>;
export interface TableChunk {
  fields: string[];
  rows: string[][];
}
export interface TableReadEnd {
  rows: number;
  /** Function module that read, and how many calls it took. */
  reader: string;
  calls: number;
}

export const sapDescribe = z.strictObject({
  system: systemName,
  functions: z.array(sapName).max(100).default([]),
  tables: z.array(sapName).max(100).default([]),
});
export type SapDescribe = z.infer<typeof sapDescribe>;
export interface FunctionParameter {
  name: string;
  direction: 'IMPORT' | 'EXPORT' | 'CHANGING' | 'TABLES' | 'EXCEPTION';
  type: string;
  optional: boolean;
}
export interface TableField {
  name: string;
  isKey: boolean;
  /** DDIC data type: CHAR, NUMC, DATS, CURR ... */
  dataType: string;
  /** Length in characters as the dictionary counts (LENG). */
  length: number;
  decimals: number;
  conversionExit: string;
  referenceTable: string;
  referenceField: string;
  text: string;
}
export interface SapDescribeAnswer {
  /** null where the module does not exist. */
  functions: Record<string, { parameters: FunctionParameter[] } | null>;
  /** null where the table does not exist. */
  tables: Record<string, { fields: TableField[] } | null>;
}

/** Hands the agent a password that was sealed to its key (JWE compact, ECDH-ES to the agent's X25519 key). */
export const storeCredential = z.strictObject({ system: systemName, sealed: z.string() });
export type StoreCredential = z.infer<typeof storeCredential>;

export const doctor = z.strictObject({ systems: z.array(systemName).optional() });
export type DoctorRequest = z.infer<typeof doctor>;
export interface DoctorFinding {
  /** Stable name: `relay.tls`, `sap.logon:PRD`. */
  check: string;
  result: 'ok' | 'warning' | 'failed' | 'skipped';
  detail: string;
  /** What to do about it; empty when ok. */
  fix: string;
  ms: number;
}
export interface DoctorAnswer {
  findings: DoctorFinding[];
}

/** Streams log lines (JSON objects) until cancelled, or ends after the last `lines` when `follow` is false. */
export const logTail = z.strictObject({
  lines: z.int().min(0).max(10_000).default(100),
  follow: z.boolean().default(false),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).optional(),
  system: z.string().optional(),
  recordId: z.string().optional(),
});
export type LogTail = z.infer<typeof logTail>;

export const setLogLevel = z.strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']) });
export type SetLogLevel = z.infer<typeof setLogLevel>;

export const capabilities = z.strictObject({});
export interface CapabilitiesAnswer {
  version: string;
  systems: { name: string; type: 'sap-ecc' | 'jde'; details: Record<string, string> }[];
  operations: string[];
}

export const operations = {
  SapTableRead: sapTableRead,
  SapUnit: sapUnit,
  SapDescribe: sapDescribe,
  JdeQuery: jdeQuery,
  JdeCall: jdeCall,
  StoreCredential: storeCredential,
  Doctor: doctor,
  LogTail: logTail,
  SetLogLevel: setLogLevel,
  Capabilities: capabilities,
} as const;
export type OperationName = keyof typeof operations;

/** Who asks and for which record; joins the logs of both sides. */
export interface CallContext {
  recordId?: string | undefined;
  runId?: string | undefined;
  flowId?: string | undefined;
}
