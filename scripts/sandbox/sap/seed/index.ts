import { tableDefinitions } from '../dictionary/index.ts';
import { accountingTables } from './accounting.ts';
import { documentTables } from './documents.ts';
import { ledgerAccountTables } from './ledger-accounts.ts';
import { referenceTables, type Tables } from './reference.ts';
import { vendorTables } from './vendors.ts';

export type { Tables } from './reference.ts';

/** Everything the invented system holds. */
export function seedTables(vendors: number, seed: number): Tables {
  const vendorRows = vendorTables(vendors, seed);
  return {
    ...referenceTables(),
    ...ledgerAccountTables(),
    ...accountingTables(),
    ...vendorRows,
    ...documentTables(vendorRows['LFA1'] ?? []),
    DD02L: dictionaryRows(),
  };
}

/** Tables that SAP delivers filled, so that they need no extract. */
export function standardTables(): Tables {
  const { T005 = [], T005T = [], TCURX = [] } = referenceTables();
  return { T005, T005T, TCURX };
}

/** DD02L knows the tables of the catalogue. */
export function dictionaryRows(): Tables[string] {
  return [...tableDefinitions.values()].map((one) => ({
    TABNAME: one.name,
    AS4LOCAL: 'A',
    TABCLASS: one.class,
    CLIDEP: one.fields[0]?.type === 'CLNT' ? 'X' : '',
    CONTFLAG: 'A',
  }));
}
