import type { Row } from '../session.ts';

/** What a vendor is made of, by the names of the dictionary, whether it was read from tables or by BAPI. */
export const generalFields = [
  'LIFNR',
  'KTOKK',
  'NAME1',
  'NAME2',
  'NAME3',
  'NAME4',
  'SORTL',
  'SPRAS',
  'ADRNR',
  'STRAS',
  'ORT01',
  'ORT02',
  'PSTLZ',
  'REGIO',
  'PFACH',
  'PSTL2',
  'LAND1',
  'TELF1',
  'TELF2',
  'TELFX',
  'STCD1',
  'STCD2',
  'STCEG',
  'XCPDK',
  'LOEVM',
  'SPERR',
  'SPERM',
] as const;
export type GeneralRow = Row<(typeof generalFields)[number]>;

export const companyFields = ['LIFNR', 'BUKRS', 'AKONT', 'ZTERM', 'LOEVM', 'SPERR'] as const;
export type CompanyRow = Row<(typeof companyFields)[number]>;

export const purchasingFields = ['LIFNR', 'EKORG', 'WAERS', 'ZTERM', 'LOEVM', 'SPERM'] as const;
export type PurchasingRow = Row<(typeof purchasingFields)[number]>;
