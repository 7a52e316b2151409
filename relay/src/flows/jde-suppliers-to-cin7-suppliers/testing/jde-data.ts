import type { JdeTables } from '../../../systems/jde/testing/fake-jde.ts';

type Row = Record<string, string>;

export interface SampleSupplier {
  AN8: string;
  book?: Row;
  master?: Row;
  MLNM?: string;
  address?: Row;
  emails?: string[];
}

const stamp = { UPMJ: '20240105', UPMT: '093015' };

/** Tables of the address book with these suppliers, last changed long ago, and the payment terms of F0014. */
export function supplierTables(suppliers: SampleSupplier[]): JdeTables {
  const tables: JdeTables = {
    F0101: [],
    F0111: [],
    F0115: [],
    F0116: [],
    F01151: [],
    F0401: [],
    F0014: [
      { PTC: 'N30', PTD: 'Net 30 Days', NDTP: '30', DCP: '0' },
      { PTC: '214', PTD: '2/14, Net 30', NDTP: '30', DCP: '2' },
      { PTC: 'IMM', PTD: 'Payable immediately', NDTP: '0', DCP: '0' },
    ],
  };
  for (const supplier of suppliers) addSupplier(tables, supplier);
  return tables;
}

export function addSupplier(tables: JdeTables, { AN8, book, master, MLNM, address, emails = [] }: SampleSupplier): void {
  const name = `Supplier ${AN8}`;
  tables['F0101']!.push({ AN8, ALPH: name, ALKY: '', TAX: '', LNGP: '', AT1: 'V', TX2: '', ...stamp, ...book });
  tables['F0401']!.push({
    AN8,
    APC: 'TRAD',
    CRRP: 'EUR',
    TXA2: 'DE19',
    EXR2: 'V',
    HDPY: 'N',
    TRAP: 'N30',
    HOLD: '',
    ...stamp,
    ...master,
  });
  if (MLNM !== undefined) tables['F0111']!.push({ AN8, IDLN: '0', MLNM, ...stamp });
  tables['F0116']!.push({
    AN8,
    EFTB: '20200101',
    ADD1: 'Hauptstraße 1',
    ADD2: '',
    ADD3: '',
    ADD4: '',
    ADDZ: '50667',
    CTY1: 'Köln',
    COUN: '',
    ADDS: '',
    CTR: 'DE',
    ...stamp,
    ...address,
  });
  emails.forEach((EMAL, index) =>
    tables['F01151']!.push({ AN8, IDLN: '0', RCK7: String(index + 1), ETP: 'E', EMAL, EHIER: String(index + 1), ...stamp }),
  );
}
