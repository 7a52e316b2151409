import type { Customer, CustomerAddress } from '../../systems/bigcommerce/index.ts';
import type { CustomerData } from '../../systems/sap-ecc/index.ts';
import type { CustomerFlowSettings } from './settings.ts';

/** A customer of the store, one that it no longer has, or one whose row cannot be understood. */
export type CustomerPayload =
  | { kind: 'customer'; customer: StoreCustomer }
  | { kind: 'gone'; customerId: number }
  | { kind: 'unreadable'; customerId: number; problem: string };

/** What a customer is made of; no times of change and no attribute of ours, so that our own write-back makes no new version. */
export interface StoreCustomer {
  storeHash: string;
  id: number;
  email: string;
  firstName: string;
  lastName: string;
  company: string;
  phone: string;
  groupId: number;
  /** `YYYY-MM-DD`, UTC. */
  createdOn: string;
  /** In the store's order. */
  addresses: CustomerAddress[];
  /** Form fields and attributes that the settings name. */
  fields: Record<string, string>;
}

export interface CustomerBody {
  /** For people: `customer 32`. */
  name: string;
  /** The only part that field overrides may change. */
  data: CustomerData;
  referenceCustomer: string;
  /** Empty: those of the reference customer. */
  paymentTerms: string;
  /** To recognise a customer by; it cannot be written. */
  vatNumber: string;
  /** Day on which the store got the customer, `YYYYMMDD`: what we create in SAP is never older. */
  storeCreatedOn: string;
}

export function customerPayload(
  customer: Customer,
  { storeHash, settings }: { storeHash: string; settings: Pick<CustomerFlowSettings, 'vatNumberFrom' | 'titleFrom'> },
): CustomerPayload {
  const named = [settings.vatNumberFrom, settings.titleFrom].filter(Boolean);
  const given = [...customer.attributes, ...customer.form_fields].filter(({ name }) => named.includes(name));
  return {
    kind: 'customer',
    customer: {
      storeHash,
      id: customer.id,
      email: customer.email,
      firstName: customer.first_name,
      lastName: customer.last_name,
      company: customer.company,
      phone: customer.phone,
      groupId: customer.customer_group_id,
      createdOn: customer.date_created.slice(0, 10),
      addresses: customer.addresses,
      fields: Object.fromEntries(given.map(({ name, value }) => [name, value])),
    },
  };
}
