import { companyIn, wholeNumber, type JdeCondition } from '@ml-connector/shared';
import type { JdeSession } from '../../systems/jde/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { chargeCode, nothing, notTaxable } from './codes-of-lines.ts';
import type { PurchaseFlowSettings } from './settings.ts';

export interface CodesInUse {
  branches: string[];
  units: string[];
  taxAreas: string[];
  /** Code to a line's text. */
  charges: Map<string, string>;
  currencies: string[];
  paymentTerms: string[];
}

/** A code that none of so many has is told once a record waits for it. */
const mostOrders = 5000;
const mostLines = 20_000;

/** The codes that orders and lines of these companies and types hold, sorted. */
export async function readCodesInUse(session: JdeSession, settings: PurchaseFlowSettings, scope: CallScope): Promise<CodesInUse> {
  const { companies, orderTypes, lineTypes } = settings;
  const where: JdeCondition[] = [
    { field: 'KCOO', op: 'IN', values: companies.map(companyIn) },
    { field: 'DCTO', op: 'IN', values: [...orderTypes] },
  ];
  const key = ['DOCO', 'DCTO', 'KCOO', 'SFXO'] as const;
  const [branches, units, taxAreas] = [new Set<string>(), new Set<string>(), new Set([nothing, notTaxable])];
  const [currencies, paymentTerms, charges] = [new Set<string>(), new Set<string>(), new Map<string, string>()];
  const headers = { table: 'F4301', fields: [...key, 'MCU', 'TXA1', 'CRCD', 'BCRC', 'PTC'], key, optional: ['TXA1'], where } as const;
  for await (const { MCU, TXA1, CRCD, BCRC, PTC } of session.query({ ...headers, maxRows: mostOrders }, scope)) {
    branches.add(MCU);
    taxAreas.add(TXA1);
    currencies.add(CRCD).add(BCRC);
    paymentTerms.add(PTC);
  }
  const lines = {
    table: 'F4311',
    fields: [...key, 'LNID', 'MCU', 'UOM', 'TXA1', 'LNTY', 'ITM', 'OBJ', 'SUB', 'DSC1'],
    key: [...key, 'LNID'],
    optional: ['TXA1'],
    where,
  } as const;
  for await (const { MCU, UOM, TXA1, LNTY, ITM, OBJ, SUB, DSC1 } of session.query({ ...lines, maxRows: mostLines }, scope)) {
    if (lineTypes.texts.includes(LNTY) || lineTypes.leftOut.includes(LNTY)) continue;
    taxAreas.add(TXA1);
    const isItem = !lineTypes.charges.includes(LNTY) && ITM !== '' && wholeNumber(ITM) !== '0';
    if (isItem) {
      branches.add(MCU);
      units.add(UOM);
    } else charges.set(chargeCode({ type: LNTY, account: { object: OBJ, subsidiary: SUB } }), DSC1);
  }
  const listed = (codes: Set<string>): string[] => [...codes].filter(Boolean).toSorted();
  return {
    branches: listed(branches),
    units: listed(units),
    taxAreas: listed(taxAreas),
    charges,
    currencies: listed(currencies),
    paymentTerms: listed(paymentTerms),
  };
}
