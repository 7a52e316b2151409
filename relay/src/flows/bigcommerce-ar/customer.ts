import type { BlockReason } from '../flow.ts';
import type { ArCustomer } from '../sap-ar/index.ts';
import type { Lookups } from './lookups.ts';
import type { OrderContent } from './order-payload.ts';
import type { AccountSettings } from './settings.ts';
import { shortText } from './short-text.ts';

/** The flow that brings customers, and whose links say who they are in SAP. */
export const customersFlow = 'bigcommerce-customers-to-sap-customers';

/** The flow that brings orders; what hangs on an order asks it for the order's document. */
export const ordersFlow = 'bigcommerce-orders-to-sap-ar';

/** Who owes an order. */
export function customerOf(
  order: OrderContent,
  lookups: Lookups,
  settings: AccountSettings,
): { customer: ArCustomer; reasons: BlockReason[] } {
  const { customers, oneTimeCustomer } = settings;
  if (customers === 'per-payment-method') return { customer: { kind: 'number', number: lookups.paymentCustomer() }, reasons: [] };
  if (customers === 'per-customer' && order.customerId !== 0)
    return { customer: { kind: 'linked', record: { flowId: customersFlow, key: String(order.customerId) } }, reasons: [] };
  const customer: ArCustomer = { kind: 'oneTime', number: oneTimeCustomer, address: oneTimeAddress(order) };
  const reasons: BlockReason[] = [];
  if (oneTimeCustomer === '') reasons.push({ code: 'ONE_TIME_CUSTOMER_MISSING', message: 'a guest needs the setting oneTimeCustomer' });
  if (!/^[A-Z]{2}$/.test(countryOf(order)))
    reasons.push({ code: 'ADDRESS_INCOMPLETE', message: `the billing address has no country of two letters: "${countryOf(order)}"` });
  return { customer, reasons };
}

function countryOf({ billing }: OrderContent): string {
  return billing.country_iso2.trim().toUpperCase();
}

function oneTimeAddress(order: OrderContent) {
  const { billing } = order;
  const person = cut(`${billing.first_name} ${billing.last_name}`);
  const company = cut(billing.company);
  const streets = [billing.street_1, billing.street_2].map((part) => part.trim()).filter(Boolean);
  return {
    name: company || person || cut(billing.email) || 'Unknown',
    ...(company && person ? { name2: person } : {}),
    street: cut(streets.join(', ')),
    city: cut(billing.city) || '-',
    postalCode: shortText(billing.zip, 10),
    country: countryOf(order),
  };
}

/** SAP's lines have 35 characters. */
function cut(text: string): string {
  return shortText(text, 35);
}
