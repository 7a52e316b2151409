import { customerFlow } from '../../landscape/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import { targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';
import { arriving, committing, looking, unitOfSap } from './shop-steps.ts';
import { beginInShop, type ShopInLane } from './shop.ts';

const readingCustomers = ({ method, path }: HttpCall): boolean => method === 'GET' && path.startsWith('v3/customers?');
const writingBack = ({ method, path }: HttpCall): boolean => method === 'PUT' && path.startsWith('v3/customers/attribute-values');

/** Customers who sign up are created in SAP, those who move are changed there, and their orders find them. SAP takes anybody twice. */
export const customerChaos: ChaosFlow = {
  id: customerFlow,
  steps: [
    ...arriving(customerFlow, { events: 4, records: 4 }),
    targetCall('reading the customers', { phase: 'before', matches: readingCustomers, nth: [1, 1] }),
    ...looking(['ADR6'], [1, 3]),
    ...unitOfSap('creating', { functions: ['BAPI_CUSTOMER_CREATEFROMDATA1'], nth: [1, 3] }),
    ...unitOfSap('changing', { functions: ['BAPI_CUSTOMER_CHANGEFROMDATA1'], nth: [1, 1] }),
    ...committing([1, 4]),
    targetCall('writing the number back', { phase: 'before', matches: writingBack, nth: [1, 3] }),
    targetCall('written back, answer on its way', { phase: 'after', matches: writingBack, nth: [1, 3] }),
  ],
  begin: (lane) => beginInShop(lane, { happen: signingUp }),
};

const people = [
  ['Änne', 'Müller-Lüdenscheidt', ''],
  ['Seán', "O'Brien", "O'Brien & Töchter GmbH"],
  ['伟', '王', '深圳华为达电子有限公司'],
  ['Zoë', 'Großmann', ''],
  ['Maximiliane-Charlotte', 'Freifrau von und zu Hohenstein-Waldburg', 'Internationale Handels- und Beteiligungsgesellschaft mbH'],
] as const;

/** Some sign up, one of those who did before moves, and somebody buys. */
async function signingUp({ store }: ShopInLane, random: Random): Promise<void> {
  const before = (await store.snapshot()).customers;
  for (let left = random.between(3, 5); left > 0; left--) {
    const [first_name, last_name, company] = random.pick(people);
    const address = {
      address1: `Ring ${random.between(1, 999)}`,
      city: 'Köln',
      postal_code: '50667',
      country_code: 'DE',
      country: 'Germany',
    };
    await store.act('createCustomer', {
      // The simulated store lets those buy whose address ends like that.
      email: `neu${before.length + left}.juergen@mueller-soehne.example`,
      first_name,
      last_name,
      company,
      addresses: [{ ...address, first_name, last_name, company, state_or_province: '' }],
    });
  }
  const { id: customerId, addresses } = random.pick(before.filter((one) => one.addresses.length > 0));
  const [main, ...others] = addresses;
  const moved = {
    ...main,
    address1: `Deichstraße ${random.between(1, 9999)}`,
    city: random.pick(['Hamburg', 'Łódź', 'Wien']),
    address2: '',
  };
  await store.act('updateCustomer', { customerId, addresses: [moved, ...others] });
  await store.act('placeOrder', { kind: 'taxInclusive', count: random.between(1, 3) });
}
