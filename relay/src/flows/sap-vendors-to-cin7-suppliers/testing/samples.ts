import type { Vendor } from '../../../systems/sap-ecc/index.ts';
import type { SupplierBody } from '../../cin7-suppliers/index.ts';
import type { Mapping } from '../../flow.ts';
import { mapVendor } from '../map.ts';
import { sapVendorsToCin7Suppliers } from '../flow.ts';

/** An ordinary vendor of company code 1000. */
export function vendor(more: Partial<Vendor> = {}): Vendor {
  return {
    number: '0000100123',
    accountGroup: 'KRED',
    names: ['Müller Maschinenbau GmbH', '', '', ''],
    searchTerm: 'MUELLER',
    language: 'D',
    address: {
      street: 'Industriestraße',
      houseNumber: '12a',
      district: '',
      city: 'Köln',
      postcode: '50667',
      region: '05',
      poBox: '',
      poBoxPostcode: '',
      country: 'DE',
      countryName: 'Germany',
    },
    telephone: '+49 221 4711',
    mobile: '',
    fax: '',
    emails: ['einkauf@mueller.example'],
    taxNumbers: { vat: 'DE123456789', first: '', second: '' },
    isOneTime: false,
    isDeletionFlagged: false,
    isPostingBlocked: false,
    isPurchasingBlocked: false,
    companyCodes: [companyCode()],
    purchasingOrganisations: [],
    ...more,
  };
}

export function companyCode(more: Partial<Vendor['companyCodes'][number]> = {}): Vendor['companyCodes'][number] {
  return {
    code: '1000',
    reconciliationAccount: '0000160000',
    paymentTerms: 'ZB30',
    currency: 'EUR',
    isDeletionFlagged: false,
    isPostingBlocked: false,
    ...more,
  };
}

export function purchasingOrganisation(
  more: Partial<Vendor['purchasingOrganisations'][number]> = {},
): Vendor['purchasingOrganisations'][number] {
  return { code: '1000', currency: 'EUR', paymentTerms: 'ZB14', isDeletionFlagged: false, isPurchasingBlocked: false, ...more };
}

/** Settings with the flow's defaults, and value maps as the engine applies their policies. */
export function mapping(settings: Record<string, unknown> = {}, entries: Record<string, Record<string, string>> = {}): Mapping {
  const maps: Record<string, Record<string, string>> = {
    'payment-terms': { ZB30: '30 days', ZB14: '14 days' },
    'reconciliation-accounts': { '160000': '800' },
    countries: {},
    ...entries,
  };
  return {
    settings: { taxRule: 'Tax on Purchases', ...settings },
    lookup(id, code) {
      const isPassing = sapVendorsToCin7Suppliers.valueMaps.find((spec) => spec.id === id)?.missing === 'pass';
      return maps[id]?.[code] ?? (isPassing ? code : undefined);
    },
  };
}

/** The body of an ordinary vendor, ready to post. */
export function bodyOf(one: Vendor, settings: Record<string, unknown> = {}): Extract<SupplierBody, { action: 'upsert' }> {
  const outcome = mapVendor({ kind: 'vendor', vendor: one }, mapping(settings));
  if (outcome.outcome !== 'mapped' || outcome.body.action !== 'upsert') throw new Error(`sample vendor is ${JSON.stringify(outcome)}`);
  return outcome.body;
}
