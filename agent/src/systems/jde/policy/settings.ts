import { jdePresets } from '@ml-connector/shared';
import { z } from 'zod';
import { keyOfOthers, presetList } from '../../../policy/index.ts';

const table = z
  .string()
  .regex(/^[FV][A-Z0-9]{1,9}$/, 'must be a table such as F0101 or a business view such as V4311JO, in capital letters');
const field = z
  .string()
  .regex(
    /^([FV][A-Z0-9]{1,9}\.)?[A-Z][A-Z0-9]{1,9}$/,
    'must be a data item by its alias such as AN8; in a view with its table, as in F4311.DOCO',
  );

const rowRule = z.strictObject({
  table: table.describe('Table or view the rule is for'),
  field: field.describe('Data item that every read or count of it must fix to allowed values'),
  allow: z.array(z.string()).min(1).describe('Allowed values as JD Edwards shows them, company codes with their leading zeros'),
});

const insteadOfFunctions = 'is for SAP systems; a JD Edwards system is only read: list tables, rows and orchestrations';

/** What the relay may read from one JD Edwards system; everything that is not listed is denied. */
export const jdePolicySettings = z.strictObject({
  presets: presetList(jdePresets),
  tables: z
    .record(table, z.union([z.literal('*'), z.array(field).min(1)]))
    .default({})
    .describe("Tables and business views that may be read or counted, each with its data items, or '*' for all of them"),
  rows: z.array(rowRule).default([]).describe('Rows of an allowed table that may be read, for instance companies'),
  orchestrations: z
    .array(z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/, 'must be the name of an orchestration'))
    .default([])
    .describe(
      'Orchestrations that may be run, by name; list only those that read, because an orchestration may do whatever is built into it',
    ),
  functions: keyOfOthers(insteadOfFunctions),
  writes: keyOfOthers(insteadOfFunctions),
  parameters: keyOfOthers('is for SAP systems; for JD Edwards restrict what is read with rows'),
});
export type JdePolicySettings = z.output<typeof jdePolicySettings>;
