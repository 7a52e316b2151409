import type { FakeSap } from '../../../systems/sap-ecc/testing/fake-sap.ts';

export interface SampleMaterial {
  /** `4711` or `BH-0042`. */
  number: string;
  description?: string;
  stock?: string;
  /** Empty: no condition record. */
  price?: string;
  currency?: string;
  general?: Record<string, string>;
}

/** Into the tables of SAP: description in German, stock in plant 1000, a price in A304. */
export function addMaterial(
  { tables }: FakeSap,
  { number, description = `Werkzeug ${number}`, stock = '10.000', price = '19.90', currency = 'EUR', general }: SampleMaterial,
): void {
  const MATNR = storedNumber(number);
  tables['MARA']?.push({
    MATNR,
    MTART: 'HAWA',
    MATKL: '001',
    MEINS: 'ST',
    EAN11: '',
    BRGEW: '1.500',
    NTGEW: '1.200',
    GEWEI: 'KG',
    ERSDA: '20230101',
    LAEDA: '00000000',
    LVORM: '',
    ...general,
  });
  tables['MAKT']?.push({ MATNR, SPRAS: 'E', MAKTX: description });
  tables['MARD']?.push({ MATNR, WERKS: '1000', LGORT: '0001', LVORM: '', LABST: stock });
  if (price === '') return;
  const KNUMH = `K${number}`.padStart(10, '0');
  const record = { KAPPL: 'V', KSCHL: 'PR00', VKORG: '1000', VTWEG: '10', MATNR, KFRST: '', DATAB: '20240101', DATBI: '99991231', KNUMH };
  tables['A304']?.push(record);
  tables['KONP']?.push({
    KNUMH,
    KOPOS: '01',
    KSCHL: 'PR00',
    KRECH: 'C',
    KBETR: price,
    KONWA: currency,
    KPEIN: '1',
    KMEIN: 'ST',
    LOEVM_KO: '',
  });
}

export function storedNumber(number: string): string {
  return /^\d+$/.test(number) ? number.padStart(18, '0') : number;
}

/** The row of a material in one of the tables. */
export function rowOf({ tables }: FakeSap, table: 'MARA' | 'MAKT' | 'MARD' | 'A304', number: string): Record<string, string> {
  const row = tables[table]?.find(({ MATNR }) => MATNR === storedNumber(number));
  if (!row) throw new Error(`${table} has no material ${number}`);
  return row;
}
