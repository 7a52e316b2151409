import { toLayout, type TableLayout } from '../dictionary.ts';

interface FieldSketch {
  name: string;
  type: string;
  length: number;
  key?: boolean;
  decimals?: number;
  reference?: string;
}

/** A layout from the few facts a test is about. */
export function sketchLayout(table: string, fields: FieldSketch[]): TableLayout {
  return toLayout(table, sketchFieldInfo(fields));
}

/** As DFIES_TAB shows it. */
export function sketchFieldInfo(fields: FieldSketch[]): Record<string, string>[] {
  return fields.map(({ name, type, length, key, decimals = 0, reference = '' }) => ({
    FIELDNAME: name,
    KEYFLAG: key ? 'X' : '',
    DATATYPE: type,
    LENG: String(length).padStart(6, '0'),
    OUTPUTLEN: String(isNumber(type) ? length + (decimals > 0 ? 3 : 2) : length).padStart(6, '0'),
    DECIMALS: String(decimals).padStart(6, '0'),
    CONVEXIT: '',
    REFTABLE: reference.split('-')[0] ?? '',
    REFFIELD: reference.split('-')[1] ?? '',
    FIELDTEXT: name,
  }));
}

function isNumber(type: string): boolean {
  return ['CURR', 'DEC', 'QUAN', 'INT4'].includes(type);
}

export const vendorLayout = sketchLayout('LFB1', [
  { name: 'MANDT', type: 'CLNT', length: 3, key: true },
  { name: 'LIFNR', type: 'CHAR', length: 10, key: true },
  { name: 'BUKRS', type: 'CHAR', length: 4, key: true },
  { name: 'AKONT', type: 'CHAR', length: 10 },
  { name: 'NAME1', type: 'CHAR', length: 35 },
  { name: 'ERDAT', type: 'DATS', length: 8 },
  { name: 'BUZEI', type: 'NUMC', length: 3 },
  { name: 'WRBTR', type: 'CURR', length: 13, decimals: 2, reference: 'LFB1-WAERS' },
  { name: 'WAERS', type: 'CUKY', length: 5 },
  { name: 'RATE', type: 'FLTP', length: 16 },
]);
