import type { Customer, CustomerAddress } from '../../../systems/bigcommerce/index.ts';
import type { Mapping } from '../../flow.ts';
import { mapCustomer } from '../map.ts';
import { customerPayload, type CustomerBody } from '../payload.ts';
import { customerFlowSettings, customerValueMaps } from '../settings.ts';

export const usualSettings = {
  salesOrganisation: '1000',
  distributionChannel: '30',
  division: '00',
  personTitle: 'Ms.',
  currency: 'EUR',
};

export function address(more: Partial<CustomerAddress> = {}): CustomerAddress {
  return {
    id: 60,
    first_name: 'Jürgen',
    last_name: 'Größl',
    company: '',
    address1: 'Königsallee 12a',
    address2: '',
    city: 'Düsseldorf',
    state_or_province: 'Nordrhein-Westfalen',
    postal_code: '40212',
    country_code: 'DE',
    phone: '0211 4711',
    address_type: 'residential',
    ...more,
  };
}

/** A person with one address. */
export function customer(more: Partial<Customer> = {}): Customer {
  return {
    id: 32,
    email: 'J.Groessl@example.org',
    first_name: 'Jürgen',
    last_name: 'Größl',
    company: '',
    phone: '+49 211 4711',
    notes: '',
    tax_exempt_category: '',
    customer_group_id: 0,
    date_created: '2026-05-31T23:30:00Z',
    date_modified: '2026-06-01T08:00:00Z',
    channel_ids: null,
    addresses: [address()],
    attributes: [],
    form_fields: [],
    ...more,
  };
}

/** Value maps as the engine applies their policies. */
export function mapping(settings: Record<string, unknown> = {}, entries: Record<string, Record<string, string>> = {}): Mapping {
  const maps: Record<string, Record<string, string>> = { 'reference-customers': { person: '1000', company: '1001' }, ...entries };
  return {
    settings: { ...usualSettings, ...settings },
    lookup(id, ...codes) {
      const known = codes.find((code) => maps[id]?.[code] !== undefined);
      if (known !== undefined) return maps[id]?.[known];
      return customerValueMaps.find((spec) => spec.id === id)?.missing === 'pass' ? codes.at(-1) : undefined;
    },
  };
}

export function mapped(one: Customer, settings: Record<string, unknown> = {}, entries: Record<string, Record<string, string>> = {}) {
  const using = mapping(settings, entries);
  return mapCustomer(customerPayload(one, { storeHash: 'abc123', settings: customerFlowSettings.parse(using.settings) }), using);
}

/** The body of a customer, ready to post. */
export function bodyOf(one: Customer, settings: Record<string, unknown> = {}): CustomerBody {
  const outcome = mapped(one, settings);
  if (outcome.outcome !== 'mapped') throw new Error(`sample customer is ${JSON.stringify(outcome)}`);
  return outcome.body;
}
