import { SystemError, type Verdict } from '@ml-connector/shared';
import { fastClock, testScope } from '../testing/index.ts';
import type { Cin7Client } from './client.ts';
import { openSuppliers } from './suppliers.ts';
import type { Cin7SupplierBody } from './types.ts';

const body: Cin7SupplierBody = {
  Name: 'Größe GmbH',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'Active',
  Addresses: [],
  Contacts: [],
};

test.each<[Verdict, Verdict]>([
  ['retry', 'uncertain'],
  ['halt', 'uncertain'],
  ['refused', 'refused'],
])('an update whose answer was lost and whose look after it ends with %s is %s', async (then, verdict) => {
  let reads = 0;
  const client: Cin7Client = ({ method }) => {
    if (method === 'PUT') return Promise.reject(new SystemError('CIN7_ANSWER_LOST', 'uncertain', 'no answer came'));
    reads += 1;
    if (reads > 1) return Promise.reject(new SystemError('LATER', then, 'reading the supplier again failed'));
    return Promise.resolve({ SupplierList: [{ ...body, ID: 's1', PaymentTerm: 'COD' }] });
  };
  const suppliers = openSuppliers({ client, reference: undefined as never, clock: fastClock() });
  await expect(suppliers.update('s1', body, testScope())).rejects.toMatchObject({ verdict });
});
