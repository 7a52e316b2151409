import type { JdeRow, JdeTableQuery } from '../types.ts';

/**
 * What a supplier is made of, by table. Optional is what sites withhold for privacy or releases do not have (facts/jde-ais.md 2.5, 9). Nothing of
 * the supplier master is: without its taxes and holds a supplier would look as if it had none.
 */
export const master = {
  table: 'F0401',
  fields: ['AN8', 'APC', 'CRRP', 'TXA2', 'EXR2', 'HDPY', 'TRAP', 'HOLD'],
  key: ['AN8'],
} as const satisfies JdeTableQuery<string>;
export type MasterRow = JdeRow<(typeof master.fields)[number]>;

export const addressBook = {
  table: 'F0101',
  fields: ['AN8', 'ALKY', 'TAX', 'ALPH', 'LNGP', 'AT1', 'TX2'],
  key: ['AN8'],
  optional: ['ALKY', 'TAX', 'LNGP', 'TX2'],
} as const satisfies JdeTableQuery<string>;
export type AddressBookRow = JdeRow<(typeof addressBook.fields)[number]>;

export const names = {
  table: 'F0111',
  fields: ['AN8', 'IDLN', 'MLNM'],
  key: ['AN8', 'IDLN'],
} as const satisfies JdeTableQuery<string>;
export type NameRow = JdeRow<(typeof names.fields)[number]>;

export const addresses = {
  table: 'F0116',
  fields: ['AN8', 'EFTB', 'ADD1', 'ADD2', 'ADD3', 'ADD4', 'ADDZ', 'CTY1', 'COUN', 'ADDS', 'CTR'],
  key: ['AN8', 'EFTB'],
  optional: ['COUN'],
} as const satisfies JdeTableQuery<string>;
export type AddressRow = JdeRow<(typeof addresses.fields)[number]>;

export const phones = {
  table: 'F0115',
  fields: ['AN8', 'IDLN', 'CNLN', 'RCK7', 'PHTP', 'AR1', 'PH1'],
  key: ['AN8', 'IDLN', 'CNLN', 'RCK7'],
} as const satisfies JdeTableQuery<string>;
export type PhoneRow = JdeRow<(typeof phones.fields)[number]>;

export const electronicAddresses = {
  table: 'F01151',
  fields: ['AN8', 'IDLN', 'RCK7', 'ETP', 'EMAL', 'EHIER'],
  key: ['AN8', 'IDLN', 'RCK7'],
  optional: ['EHIER'],
} as const satisfies JdeTableQuery<string>;
export type ElectronicAddressRow = JdeRow<(typeof electronicAddresses.fields)[number]>;
