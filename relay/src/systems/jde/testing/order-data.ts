import type { JdeTables } from './fake-jde.ts';

type Fields = Record<string, string>;

/** Header and lines of an order by what is unusual about it; the key fields apply to both. */
export interface SampleOrder {
  number: string;
  type?: string;
  company?: string;
  suffix?: string;
  header?: Fields;
  lines?: Fields[];
}

const longAgo = { UPMJ: '20241115', TDAY: '101500' };
const ordinaryHeader = { AN8: '6001', MCU: '30', TRDJ: '20241101', CRRM: 'D', CRCD: 'USD', BCRC: 'USD', CRR: '0' };
const ordinaryLine = {
  LNID: '1',
  LNTY: 'S',
  ITM: '60011',
  UOM: 'EA',
  UORG: '10',
  UOM3: 'EA',
  PRRC: '2.5',
  AEXP: '25.00',
  LTTR: '220',
  NXTR: '280',
};

export function orderTables(orders: SampleOrder[]): JdeTables {
  const tables: JdeTables = { F4301: [], F4311: [] };
  for (const order of orders) addOrder(tables, order);
  return tables;
}

export function addOrder(tables: JdeTables, { number, type = 'OP', company = '00200', suffix = '000', ...more }: SampleOrder): void {
  const key = { DOCO: number, DCTO: type, KCOO: company, SFXO: suffix };
  tables['F4301']?.push({ ...ordinaryHeader, ...longAgo, ...more.header, ...key });
  tables['F4311']?.push(...(more.lines ?? [{}]).map((line) => ({ ...ordinaryLine, ...longAgo, ...line, ...key })));
}
