import { sapPresets } from '@ml-connector/shared';
import { z } from 'zod';
import { keyOfOthers, presetList } from '../../../policy/index.ts';

/** These read any table, run any code or any command whatever the other rules say, so a call of them is never allowed. */
const neverAllowed = new Set([
  'RFC_READ_TABLE',
  'BBP_RFC_READ_TABLE',
  '/BODS/RFC_READ_TABLE',
  '/BODS/RFC_READ_TABLE2',
  '/BODS/RFC_STREAM_READ_TABLE',
  '/SAPDS/RFC_READ_TABLE',
  '/SAPDS/RFC_READ_TABLE2',
  '/SAPDS/RFC_STREAM_READ_TABLE',
  'RFC_GET_TABLE_ENTRIES',
  'TABLE_ENTRIES_GET_VIA_RFC',
  'RFC_ABAP_INSTALL_AND_RUN',
  '/BODS/RFC_ABAP_INSTALL_AND_RUN',
  '/SAPDS/RFC_ABAP_INSTALL_AND_RUN',
  'RFC_REMOTE_EXEC',
  'RFC_REMOTE_FILE',
  'RFC_REMOTE_PIPE',
  'SXPG_CALL_SYSTEM',
  'SXPG_COMMAND_EXECUTE',
  'SXPG_COMMAND_EXECUTE_LONG',
  'SXPG_STEP_COMMAND_START',
  'SXPG_STEP_XPG_START',
]);

export function isNeverAllowed(functionName: string): boolean {
  return neverAllowed.has(functionName);
}

/** These end a unit, which the agent does itself: nobody else calls them. */
export function endsUnit(functionName: string): boolean {
  return functionName === 'BAPI_TRANSACTION_COMMIT' || functionName === 'BAPI_TRANSACTION_ROLLBACK';
}

const sapName = /^[A-Z0-9_/]+$/;
const name = (what: string): z.ZodString =>
  z.string().regex(sapName, `must be the name of a ${what} as SAP writes it: capital letters, digits, _ and /`);

const functionName = name('function module')
  .refine((value) => !isNeverAllowed(value), {
    error: 'cannot be allowed, because it reads any table or runs any code; list the tables with their fields under tables instead',
  })
  .refine((value) => !endsUnit(value), {
    error: 'cannot be allowed, because the agent itself commits and rolls back; list the functions that may write under writes instead',
  });
const parameterPath = z
  .string()
  .regex(/^[A-Z0-9_]+(\.[A-Z0-9_/]+)*$/, 'must be a path of parameter and field names such as DOCUMENTHEADER.COMP_CODE');

const parameterRule = z.strictObject({
  function: functionName.describe('Function module the rule is for'),
  parameter: parameterPath.describe('Parameter, with its field after a dot; in a table every line is checked'),
  allow: z
    .array(z.string())
    .min(1)
    .describe("Allowed values; * stands for any characters, '' for an empty value or a parameter that is left out"),
});
export type ParameterRule = z.output<typeof parameterRule>;

const rowRule = z.strictObject({
  table: name('table').describe('Table the rule is for'),
  field: name('field').describe('Field that every read of the table must fix to allowed values'),
  allow: z.array(z.string()).min(1).describe('Allowed values, as SAP stores them (leading zeros kept)'),
});

/** What the relay may do with one SAP system; everything that is not listed is denied. */
export const sapPolicySettings = z.strictObject({
  presets: presetList(sapPresets),
  functions: z
    .array(functionName)
    .default([])
    .describe('Function modules that may be called besides those of the presets; what they do is never committed'),
  writes: z
    .array(functionName)
    .default([])
    .describe('Function modules whose changes may be committed; list none that commits by itself, or a lost answer could post twice'),
  tables: z
    .record(name('table'), z.union([z.literal('*'), z.array(name('field')).min(1)]))
    .default({})
    .describe("Tables that may be read, each with its fields, or '*' for all fields"),
  parameters: z.array(parameterRule).default([]).describe('Values a parameter of an allowed function may have'),
  rows: z.array(rowRule).default([]).describe('Rows of an allowed table that may be read, for instance company codes'),
  orchestrations: keyOfOthers('is for JD Edwards systems; for SAP list function modules under functions or writes'),
});
export type SapPolicySettings = z.output<typeof sapPolicySettings>;
