import type { BlockReason } from '../flow.ts';
import type { ArCustomer } from '../sap-ar/index.ts';
import type { Lookups } from './lookups.ts';
import type { OrderContent } from './order-payload.ts';
import type { AccountSettings } from './settings.ts';

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
  if (order.billing.country_iso2 === '') reasons.push({ code: 'ADDRESS_INCOMPLETE', message: 'the billing address has no country' });
  return { customer, reasons };
}

function oneTimeAddress({ billing }: OrderContent) {
  const person = `${billing.first_name} ${billing.last_name}`.trim();
  const name = billing.company.trim() || person || billing.email || 'Unknown';
  return {
    name: cut(name),
    ...(billing.company.trim() && person ? { name2: cut(person) } : {}),
    street: cut(
      [billing.street_1, billing.street_2]
        .map((part) => part.trim())
        .filter(Boolean)
        .join(', '),
    ),
    city: cut(billing.city.trim() || '-'),
    postalCode: billing.zip.trim().slice(0, 10),
    country: billing.country_iso2.toUpperCase(),
  };
}

/** SAP's lines have 35 characters. */
function cut(text: string): string {
  return text.slice(0, 35).trim();
}
