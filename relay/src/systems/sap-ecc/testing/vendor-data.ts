import type { TableData } from './fake-sap.ts';

/** A small but awkward landscape: company codes 1000 (EUR) and 2000 (JPY), and vendors to add to. */
export function vendorTables(vendors: SampleVendor[] = []): TableData {
  const tables: TableData = {
    T001: [
      { BUKRS: '1000', BUTXT: 'Nordhafen GmbH', LAND1: 'DE', WAERS: 'EUR', KTOPL: 'INT' },
      { BUKRS: '2000', BUTXT: 'Nordhafen KK', LAND1: 'JP', WAERS: 'JPY', KTOPL: 'INT' },
    ],
    T005T: [
      { SPRAS: 'E', LAND1: 'DE', LANDX: 'Germany' },
      { SPRAS: 'D', LAND1: 'DE', LANDX: 'Deutschland' },
      { SPRAS: 'E', LAND1: 'CN', LANDX: 'China' },
      { SPRAS: 'E', LAND1: 'IE', LANDX: 'Ireland' },
    ],
    LFA1: [],
    LFB1: [],
    LFM1: [],
    ADRC: [],
    ADR6: [],
    CDHDR: [],
  };
  for (const vendor of vendors) addVendor(tables, vendor);
  return tables;
}

export interface SampleVendor {
  number: string;
  general?: Record<string, string>;
  company?: Record<string, string>[];
  purchasing?: Record<string, string>[];
  /** Fields of ADRC; without, the vendor has only what LFA1 holds. */
  address?: Record<string, string>;
  emails?: Record<string, string>[];
}

export function addVendor(tables: TableData, sample: SampleVendor): void {
  const { number, general, company = [{}], purchasing = [], address, emails = [] } = sample;
  const addressNumber = address ? `9${number.slice(1)}` : '';
  tables['LFA1']?.push({
    LIFNR: number,
    NAME1: `Vendor ${number}`,
    LAND1: 'DE',
    ORT01: 'Köln',
    PSTLZ: '50667',
    STRAS: 'Hauptstr. 1',
    KTOKK: 'KRED',
    ERDAT: '20190102',
    SPRAS: 'D',
    ADRNR: addressNumber,
    ...general,
  });
  for (const row of company) tables['LFB1']?.push({ LIFNR: number, BUKRS: '1000', AKONT: '0000160000', ZTERM: 'ZB30', ...row });
  for (const row of purchasing) tables['LFM1']?.push({ LIFNR: number, EKORG: '1000', WAERS: 'EUR', ZTERM: 'ZB14', ...row });
  if (!address) return;
  tables['ADRC']?.push({ ADDRNUMBER: addressNumber, DATE_FROM: '00010101', NATION: '', COUNTRY: 'DE', ...address });
  for (const [index, row] of emails.entries())
    tables['ADR6']?.push({ ADDRNUMBER: addressNumber, DATE_FROM: '00010101', CONSNUMBER: `00${index + 1}`, ...row });
}

/** `padded(7)` is `0000000007`. */
export function padded(number: number): string {
  return String(number).padStart(10, '0');
}
