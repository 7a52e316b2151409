import type { JdeSupplier } from '../../../systems/jde/index.ts';
import type { SupplierBody } from '../../cin7-suppliers/index.ts';
import type { Mapping } from '../../flow.ts';
import { mapSupplier } from '../map.ts';
import { jdeSuppliersToCin7Suppliers } from '../flow.ts';

/** An ordinary supplier of the address book. */
export function supplier(more: Partial<JdeSupplier> = {}): JdeSupplier {
  return {
    number: '6001',
    alphaName: 'MUELLER, MASCHINENBAU',
    mailingName: 'Müller Maschinenbau GmbH',
    longNumber: 'DE-MUE-01',
    searchType: 'V',
    taxId: 'DE123456789',
    additionalTaxId: '',
    language: 'G',
    address: {
      effectiveFrom: '20200101',
      lines: ['Industriestraße 12a', '', '', ''],
      postalCode: '50667',
      city: 'Köln',
      county: '',
      state: 'NW',
      country: 'DE',
    },
    phones: [{ type: '', prefix: '0221', number: '4711' }],
    electronicAddresses: [{ type: 'E', address: 'einkauf@mueller.example' }],
    ...more,
    master: { ...master, ...more.master },
  };
}

const master: JdeSupplier['master'] = {
  paymentTerms: 'N30',
  currency: 'EUR',
  taxArea: 'DE19',
  taxExplanation: 'V',
  glClass: 'TRAD',
  isPaymentHeld: false,
  holdCode: '',
};

/** A supplier whose master differs in these. */
export function withMaster(more: Partial<JdeSupplier['master']>): Partial<JdeSupplier> {
  return { master: { ...master, ...more } };
}

/** Settings with the flow's defaults, and value maps as the engine applies their policies. */
export function mapping(settings: Record<string, unknown> = {}, entries: Record<string, Record<string, string>> = {}): Mapping {
  const maps: Record<string, Record<string, string>> = {
    'payment-terms': { N30: '30 days', '214': '14 days 2%, 30 days net' },
    'tax-rules': { '-/V': 'Tax on Purchases', 'DE19/V': 'Tax on Purchases', DE19: 'Tax on Purchases' },
    'gl-classes': { TRAD: '800' },
    ...entries,
  };
  return {
    settings: { taxRule: 'Tax on Purchases', accountPayable: '800', ...settings },
    lookup(id, ...codes) {
      const isPassing = jdeSuppliersToCin7Suppliers.valueMaps.find((spec) => spec.id === id)?.missing === 'pass';
      return codes.map((code) => maps[id]?.[code]).find((target) => target !== undefined) ?? (isPassing ? codes.at(-1) : undefined);
    },
  };
}

/** The body of an ordinary supplier, ready to post. */
export function bodyOf(one: JdeSupplier, settings: Record<string, unknown> = {}): Extract<SupplierBody, { action: 'upsert' }> {
  const outcome = mapSupplier({ kind: 'supplier', environment: 'JPD920', supplier: one }, mapping(settings));
  if (outcome.outcome !== 'mapped' || outcome.body.action !== 'upsert') throw new Error(`sample supplier is ${JSON.stringify(outcome)}`);
  return outcome.body;
}
