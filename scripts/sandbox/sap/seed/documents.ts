/** A few posted documents with open vendor items, for amounts: local and document currency, none, two and three decimals, both signs. */
import type { Row } from '../dictionary/index.ts';
import { companyCodes, type Tables } from './reference.ts';

/** CURR fields are stored with two decimals whatever the currency: JPY 1000 is `10.00`, KWD 1.234 is `12.34` (facts/sap-ecc.md 3.2). */
const items = [
  ['1000', 'EUR', '119.00', '119.00'],
  ['1000', 'JPY', '61.50', '100.00'],
  ['1000', 'KWD', '303.02', '1001.23'],
  ['1000', 'EUR', '-59.50', '-59.50'],
  ['2000', 'USD', '0.01', '0.01'],
  ['2000', 'USD', '9999999999.99', '9999999999.99'],
  ['3000', 'CHF', '12345.67', '12345.67'],
  ['4000', 'JPY', '12345.00', '12345.00'],
] as const;

export function documentTables(vendors: readonly Row[]): Tables {
  const tables = { BKPF: [] as Row[], BSIK: [] as Row[], BSEG: [] as Row[] };
  for (const [index, [BUKRS, WAERS, DMBTR, WRBTR]] of items.entries()) {
    const vendor = vendors[index % Math.max(1, vendors.length)];
    if (!vendor) return tables;
    const BELNR = String(1_900_000_001 + index);
    const dates = { BLDAT: '20240131', BUDAT: '20240131', CPUDT: '20240201' };
    const common = { BUKRS, BELNR, GJAHR: '2024', BLART: 'KR', MONAT: '01', XBLNR: `RE-${4711 + index}`, WAERS, ...dates };
    tables.BKPF.push({
      ...common,
      CPUTM: '101500',
      USNAM: 'MMUELLER',
      TCODE: 'FB60',
      KURSF: '1.00000',
      HWAER: companyCodes.find((company) => company.BUKRS === BUKRS)?.WAERS ?? '',
      AWTYP: 'BKPFF',
      AWKEY: `${BELNR}${BUKRS}2024`,
    });
    tables.BSIK.push({
      ...common,
      LIFNR: vendor['LIFNR'] ?? '',
      BUZEI: '001',
      BSCHL: DMBTR.startsWith('-') ? '21' : '31',
      SHKZG: DMBTR.startsWith('-') ? 'S' : 'H',
      DMBTR,
      WRBTR,
      SGTXT: index === 0 ? "Rechnung O'Brien | 4711" : '',
      HKONT: '0000160000',
      ZFBDT: '20240131',
      ZTERM: 'NT30',
    });
    const isCredit = DMBTR.startsWith('-');
    const amounts = { DMBTR: DMBTR.replace('-', ''), WRBTR: WRBTR.replace('-', '') };
    const key = { BUKRS, BELNR, GJAHR: '2024', ...amounts };
    const vendorSide = { SHKZG: isCredit ? 'S' : 'H', BSCHL: isCredit ? '21' : '31', KOART: 'K', LIFNR: vendor['LIFNR'] ?? '' };
    tables.BSEG.push({ ...key, ...vendorSide, BUZEI: '001', HKONT: '0000160000' });
    tables.BSEG.push({ ...key, BUZEI: '002', SHKZG: isCredit ? 'H' : 'S', BSCHL: isCredit ? '50' : '40', KOART: 'S', HKONT: '0000476000' });
  }
  return tables;
}
