import type { JdeRow, JdeTableQuery } from '../types.ts';

export const orderKeyFields = ['DOCO', 'DCTO', 'KCOO', 'SFXO'] as const;
export type OrderKeyRow = JdeRow<(typeof orderKeyFields)[number]>;

/** What an order is made of (facts/jde-ais.md 9). Optional is what no amount, quantity, tax or assignment depends on. */
export const header = {
  table: 'F4301',
  fields: [
    ...orderKeyFields,
    'MCU',
    'AN8',
    'DRQJ',
    'TRDJ',
    'PDDJ',
    'CNDJ',
    'VR01',
    'VR02',
    'DEL1',
    'DEL2',
    'RMK',
    'PTC',
    'TXA1',
    'EXR1',
    'HOLD',
    'CRRM',
    'CRCD',
    'CRR',
    'BCRC',
    'ORBY',
  ],
  key: orderKeyFields,
  optional: ['DRQJ', 'PDDJ', 'CNDJ', 'VR01', 'VR02', 'DEL1', 'DEL2', 'RMK', 'ORBY'],
} as const satisfies JdeTableQuery<string>;
export type HeaderRow = JdeRow<(typeof header.fields)[number]>;

export const line = {
  table: 'F4311',
  fields: [
    ...orderKeyFields,
    'LNID',
    'MCU',
    'ITM',
    'LITM',
    'AITM',
    'DSC1',
    'DSC2',
    'LNTY',
    'NXTR',
    'LTTR',
    'UOM',
    'UORG',
    'UCHG',
    'UOPN',
    'UREC',
    'UOM3',
    'PRRC',
    'AEXP',
    'FRRC',
    'FEA',
    'TX',
    'TXA1',
    'EXR1',
    'DRQJ',
    'PDDJ',
    'CNDJ',
    'VR01',
    'AID',
    'OMCU',
    'OBJ',
    'SUB',
  ],
  key: [...orderKeyFields, 'LNID'],
  optional: ['AITM', 'DSC2', 'UCHG', 'DRQJ', 'PDDJ', 'CNDJ', 'VR01'],
} as const satisfies JdeTableQuery<string>;
export type LineRow = JdeRow<(typeof line.fields)[number]>;
