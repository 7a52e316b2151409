import { tableDefinitions } from '../dictionary/index.ts';
import { accountingTables } from './accounting.ts';
import { customerTables } from './customers.ts';
import { documentTables } from './documents.ts';
import { ledgerAccountTables } from './ledger-accounts.ts';
import { materialTables } from './materials.ts';
import { referenceTables, type Tables } from './reference.ts';
import { salesTables } from './sales.ts';
import { firstAddress, vendorTables } from './vendors.ts';

export type { Tables } from './reference.ts';

export interface Amounts {
  /** Default 300, beside reference and one-time customers. */
  customers?: number;
  /** Default 500. */
  materials?: number;
}

/** Everything the invented system holds. */
export function seedTables(vendors: number, seed: number, { customers = 300, materials = 500 }: Amounts = {}): Tables {
  const vendorRows = vendorTables(vendors, seed);
  return joined([
    referenceTables(),
    ledgerAccountTables(),
    accountingTables(),
    salesTables(),
    vendorRows,
    customerTables({ count: customers, seed, firstAddress: firstAddress + vendors }),
    materialTables(materials, seed),
    documentTables(vendorRows['LFA1'] ?? []),
    { DD02L: dictionaryRows() },
  ]);
}

/** Several may have rows of one table: addresses, conditions. */
function joined(parts: readonly Tables[]): Tables {
  const tables: Tables = {};
  for (const [name, rows] of parts.flatMap((part) => Object.entries(part))) tables[name] = [...(tables[name] ?? []), ...rows];
  return tables;
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
