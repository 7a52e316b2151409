import { sapBaseNeeds, sapPresets, type SapNeeds, type SapPreset } from '@ml-connector/shared';
import { customerReads, customerWrites, materialReads, postingFunctions, postingReads } from './index.ts';

type Reads = Readonly<Record<string, readonly string[]>>;
interface Needed {
  reads: Reads;
  functions: readonly string[];
  writes: readonly string[];
}

/** What `readGlAccounts` reads for value maps. */
const accountReads: Reads = {
  T001: ['BUKRS', 'BUTXT', 'LAND1', 'WAERS', 'KTOPL'],
  SKB1: ['BUKRS', 'SAKNR', 'MITKZ'],
  SKAT: ['SPRAS', 'KTOPL', 'SAKNR', 'TXT20', 'TXT50'],
};

const postings: Needed = { reads: postingReads, functions: postingFunctions.reads, writes: postingFunctions.writes };

test.each<[SapPreset, Needed]>([
  ['bigcommerce-orders-to-sap-ar', postings],
  ['bigcommerce-refunds-to-sap-ar', postings],
  ['bigcommerce-customers-to-sap-customers', { reads: customerReads, functions: [], writes: customerWrites }],
  ['sap-materials-to-bigcommerce-products', { reads: materialReads, functions: [], writes: [] }],
])('the policy preset of %s allows everything that is asked of SAP, and nothing more', (flow, { reads, functions, writes }) => {
  const needs: SapNeeds = sapPresets[flow];
  const allowed = (table: string): string[] => [...(needs.tables[table] ?? []), ...(sapBaseNeeds.tables[table] ?? [])];
  const missing = Object.entries(reads).flatMap(([table, fields]) =>
    fields.filter((field) => !allowed(table).includes(field)).map((field) => `${table}-${field}`),
  );
  const unused = Object.entries(needs.tables).flatMap(([table, fields]) =>
    fields
      .filter((field) => ![...(reads[table] ?? []), ...(accountReads[table] ?? [])].includes(field))
      .map((field) => `${table}-${field}`),
  );
  expect({ missing, unused }).toEqual({ missing: [], unused: [] });
  expect(functions.filter((name) => !needs.functions.includes(name))).toEqual([]);
  expect(writes.filter((name) => !needs.writes?.includes(name))).toEqual([]);
});
