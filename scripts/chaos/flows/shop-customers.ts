import { customerFlow, oneTimeCustomer, type BigCommerceProcess, type BigCommerceSnapshot } from '../../landscape/index.ts';
import type { Row } from '../../sandbox/sap/index.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import { documentsOf } from './shop-documents.ts';

type Customer = BigCommerceSnapshot['customers'][number];

/** Who creates customers in SAP: the user of the agent. Those of others are only found, and stay as they are. */
const ourUser = 'ML_AGENT';

/**
 * Each customer of the store once in SAP, with its name and street, its number told to the store and known to the ledger; nobody else created there by
 * us; and each order on the account of its own customer.
 */
export async function compareCustomers(lane: Lane, store: BigCommerceProcess): Promise<Deviations> {
  const { control } = lane.landscape.sap;
  const [{ customers }, masters, emails, addresses] = [
    await store.snapshot(),
    await control.call('rows', { table: 'KNA1' }),
    await control.call('rows', { table: 'ADR6' }),
    await control.call('rows', { table: 'ADRC' }),
  ];
  const emailOf = new Map(emails.map((row) => [row['ADDRNUMBER'], (row['SMTP_ADDR'] ?? '').toLowerCase()]));
  const addressOf = new Map(addresses.map((row) => [row['ADDRNUMBER'], row]));
  const byEmail = Map.groupBy(masters, (row) => emailOf.get(row['ADRNR']) ?? '');
  const entries = new Map(lane.ledger.newest(customerFlow).map((entry) => [entry.key, entry]));
  const found: Deviations = { duplicates: [], losses: [], wrong: [] };
  for (const customer of customers) {
    const who = `customer ${customer.id} ${customer.email}`;
    const mine = byEmail.get(customer.email.toLowerCase()) ?? [];
    byEmail.delete(customer.email.toLowerCase());
    const [one, ...more] = mine;
    if (!one) {
      found.losses.push(`${who} is not in SAP; the ledger says ${entries.get(String(customer.id))?.state ?? 'nothing'}`);
      continue;
    }
    if (more.length > 0) found.duplicates.push(`${who} is ${mine.map((row) => row['KUNNR']).join(' and ')} in SAP`);
    const entry = entries.get(String(customer.id));
    if (entry?.state !== 'succeeded' || entry.targetId !== one['KUNNR'])
      found.losses.push(`${who} is ${one['KUNNR']} in SAP; the ledger says ${entry?.state ?? 'nothing'} ${entry?.targetId ?? ''}`);
    const told = customer.attributes[0]?.attribute_value;
    if (told !== one['KUNNR']) found.losses.push(`${who} is ${one['KUNNR']} in SAP, and the store was told ${told ?? 'nothing'}`);
    if (one['ERNAM'] === ourUser)
      found.wrong.push(...differences(customer, one, addressOf.get(one['ADRNR'])).map((what) => `${who}: ${what}`));
  }
  const unknown = [...byEmail.values()].flat().filter((row) => row['ERNAM'] === ourUser);
  found.duplicates.push(...unknown.map((row) => `customer ${row['KUNNR']} ${row['NAME1']} of SAP is nobody's in the store`));
  found.wrong.push(...(await onOtherAccounts(lane, store, customers)));
  return found;
}

/** What can be told without mapping it all over again. */
function differences(
  { first_name: first, last_name: last, company, addresses }: Customer,
  master: Row,
  address: Row | undefined,
): string[] {
  const main = (addresses[0] ?? {}) as Record<string, string>;
  const firm = company || main['company'] || '';
  const name = firm || (main['last_name'] ?? last);
  const inSap = [master['NAME1'], master['NAME2'], master['NAME3'], master['NAME4']].join(' ');
  const street = `${address?.['STREET'] ?? ''} ${address?.['HOUSE_NUM1'] ?? ''}`.trim();
  return [
    ...(inSap.includes(name.slice(0, 30)) ? [] : [`is called ${name} (${first}) in the store and ${inSap.trim()} in SAP`]),
    ...(street.startsWith((main['address1'] ?? '').slice(0, 30)) ? [] : [`lives in ${main['address1']} in the store and ${street} in SAP`]),
    ...((main['city'] ?? '') === (address?.['CITY1'] ?? '')
      ? []
      : [`lives in ${main['city']} in the store and ${address?.['CITY1']} in SAP`]),
  ];
}

/** Guests on the one-time account; nobody owes what others paid. */
async function onOtherAccounts(lane: Lane, store: BigCommerceProcess, customers: readonly Customer[]): Promise<string[]> {
  const numbers = new Map(customers.map(({ id, attributes }) => [id, (attributes[0]?.attribute_value ?? '').replace(/^0+/, '')]));
  const customerOf = new Map((await store.truth()).map(({ orderId, customerId }) => [`BC${orderId}`, customerId]));
  return (await documentsOf(lane)).flatMap(({ reference, number, items }) => {
    const customerId = customerOf.get(reference);
    const partner = (items.find(({ accountType }) => accountType === 'D')?.partner ?? '').replace(/^0+/, '');
    if (customerId === undefined || partner === '') return [];
    const wanted = customerId === 0 ? oneTimeCustomer : numbers.get(customerId);
    return partner === wanted ? [] : [`document ${number} ${reference} is on account ${partner}, and not on ${wanted ?? 'any'}`];
  });
}
