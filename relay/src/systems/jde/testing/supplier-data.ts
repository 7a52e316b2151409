import type { JdeTables } from './fake-jde.ts';

type Fields = Record<string, string>;

/** A supplier by what is unusual about it; every row was last changed long ago, unless it says otherwise. */
export interface SampleSupplier {
  number: string;
  /** False: a customer or an employee. */
  isSupplier?: boolean;
  master?: Fields;
  addressBook?: Fields;
  names?: Fields[];
  addresses?: Fields[];
  phones?: Fields[];
  electronicAddresses?: Fields[];
}

const longAgo = { UPMJ: '20200115', UPMT: '101500' };

export function supplierTables(suppliers: SampleSupplier[]): JdeTables {
  const tables: JdeTables = { F0101: [], F0111: [], F0116: [], F0115: [], F01151: [], F0401: [], F0014: [] };
  for (const supplier of suppliers) addSupplier(tables, supplier);
  return tables;
}

export function addSupplier(tables: JdeTables, { number, isSupplier = true, ...rows }: SampleSupplier): void {
  const AN8 = number;
  const add = (table: string, ...added: Fields[]) => void tables[table]?.push(...added.map((row) => ({ AN8, ...longAgo, ...row })));
  if (isSupplier) add('F0401', { TRAP: 'N30', CRRP: 'USD', HDPY: 'N', APC: 'TRAD', ...rows.master });
  add('F0101', { ALPH: `Supplier ${number}`, AT1: isSupplier ? 'V' : 'C', LNGP: 'E', ...rows.addressBook });
  add('F0111', ...(rows.names ?? [{ IDLN: '0', MLNM: `Supplier ${number} Inc.` }]));
  add('F0116', ...(rows.addresses ?? [{ EFTB: '20200101', ADD1: '1 Main Street', CTY1: 'Denver', ADDS: 'CO', ADDZ: '80202', CTR: 'US' }]));
  add('F0115', ...(rows.phones ?? []));
  add('F01151', ...(rows.electronicAddresses ?? []));
}
