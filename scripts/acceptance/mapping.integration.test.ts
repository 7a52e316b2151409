import { setValueMap, waitFor } from '../landscape/index.ts';
import { openScene, type Scene } from './scene.ts';

/** Codes that nobody mapped, and names that two vendors share. */
let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ vendors: 100, forgottenTerms: ['NT45', 'NT60'] });
  await scene.load();
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

interface ValueMap {
  id: string;
  missingEntries: { code: string; name: string; records: number }[];
}

async function missingTerms(): Promise<ValueMap['missingEntries']> {
  const { path, integrationId } = scene.customer;
  const { items } = await scene.landscape.relay.api.get<{ items: ValueMap[] }>(`${path}/integrations/${integrationId}/value-maps`);
  return items.find(({ id }) => id === 'payment-terms')?.missingEntries ?? [];
}

test('vendors whose payment term is not mapped are blocked, and say which entry is missing', async () => {
  const blocked = await scene.records('state=blocked');
  expect(blocked.length).toBeGreaterThan(1);
  for (const { reasons } of blocked) {
    expect(reasons).toEqual([
      expect.objectContaining({
        code: 'VALUE_MAP_MISSING',
        missing: { valueMapId: 'payment-terms', code: expect.stringMatching(/^(NT45|NT60)$/) as string },
      }),
    ]);
  }
  const missing = await missingTerms();
  expect(missing.map(({ code }) => code).toSorted()).toEqual(['NT45', 'NT60']);
  expect(missing.reduce((sum, { records }) => sum + records, 0)).toBe(blocked.length);
  const suppliers = await scene.suppliers();
  expect(blocked.filter(({ key }) => suppliers.has(key))).toEqual([]);
});

test('an entry that is added sends out what waited for it, and nothing else', async () => {
  const waiting = (await scene.records('state=blocked')).filter(({ reasons }) => reasons[0]?.missing?.code === 'NT60');
  await setValueMap(scene.landscape, scene.customer, 'payment-terms', { NT60: '60 days' });
  await waitFor('the blocked vendors to go out', async () => {
    const suppliers = await scene.suppliers();
    return waiting.every(({ key }) => suppliers.get(key)?.PaymentTerm === '60 days');
  });
  await scene.settled();
  expect((await missingTerms()).map(({ code }) => code)).toEqual(['NT45']);
  expect((await scene.records('state=blocked')).every(({ reasons }) => reasons[0]?.missing?.code === 'NT45')).toBe(true);
  await setValueMap(scene.landscape, scene.customer, 'payment-terms', { NT45: '45 days' });
  await waitFor('nobody to be blocked', async () => (await scene.records('state=blocked')).length === 0);
  await scene.settled();
  expect(await scene.deviations()).toEqual([]);
});

test('vendors of one name become suppliers of their own, and stay so when both change', async () => {
  const create = async (town: string): Promise<string> => {
    const { number } = await scene.landscape.sap.control.call('create-vendor', {
      general: { NAME1: 'Bäckerei Vogel', ORT01: town },
      companies: [{ BUKRS: '1000', AKONT: '0000160000', ZTERM: 'NT30' }],
    });
    return number;
  };
  const [first, second] = [await create('Jena'), await create('Gera')];
  await scene.run();
  const named = async () => {
    const suppliers = await scene.suppliers();
    return [first, second].map((number) => [suppliers.get(number)?.Name, suppliers.get(number)?.Addresses]);
  };
  const both = [
    ['Bäckerei Vogel', [expect.objectContaining({ City: 'Jena' })]],
    [`Bäckerei Vogel [${second.replace(/^0+/, '')}]`, [expect.objectContaining({ City: 'Gera' })]],
  ];
  expect(await named()).toEqual(both);
  for (const number of [first, second])
    await scene.landscape.sap.control.call('change-vendor', { number, change: { email: `vogel${number}@example.com` } });
  expect(await scene.run()).toMatchObject({ new: 2 });
  expect(await named()).toEqual(both);
  expect(await scene.deviations()).toEqual([]);
});

test('a supplier that somebody keyed into Cin7 under the name of a vendor is not overwritten', async () => {
  const { baseUrl, accountId, applicationKey } = scene.landscape.cin7.connectionSettings as Record<string, string>;
  const byHand = {
    Name: 'Glaserei Weiß',
    Currency: 'EUR',
    PaymentTerm: '14 days',
    AccountPayable: '800',
    TaxRule: 'Tax Exempt',
    Status: 'Active',
  };
  const answer = await fetch(`${baseUrl}supplier`, {
    method: 'POST',
    headers: { 'api-auth-accountid': accountId ?? '', 'api-auth-applicationkey': applicationKey ?? '', 'content-type': 'application/json' },
    body: JSON.stringify(byHand),
  });
  expect(answer.status).toBe(200);
  const { number } = await scene.landscape.sap.control.call('create-vendor', {
    general: { NAME1: 'Glaserei Weiß' },
    companies: [{ BUKRS: '1000', AKONT: '0000160000', ZTERM: 'NT30' }],
  });
  await scene.run();
  const suppliers = (await scene.landscape.cin7.suppliers()).filter(({ Name }) => Name.startsWith('Glaserei Weiß'));
  expect(suppliers).toHaveLength(2);
  expect(suppliers).toContainEqual(expect.objectContaining({ ...byHand, AdditionalAttribute1: '' }));
  expect(suppliers).toContainEqual(expect.objectContaining({ AdditionalAttribute1: number, PaymentTerm: '30 days' }));
});

test('a mapping that is changed later reaches the vendors with their next replay', async () => {
  const [record] = await scene.records('state=succeeded&q=Bäckerei');
  await setValueMap(scene.landscape, scene.customer, 'payment-terms', { NT30: '45 days' });
  const { path } = scene.customer;
  const { created } = await scene.landscape.relay.api.post<{ created: string[] }>(`${path}/records/replay`, { recordIds: [record?.id] });
  expect(created).toHaveLength(1);
  await waitFor('the new term', async () => (await scene.suppliers()).get(record?.key ?? '')?.PaymentTerm === '45 days');
  expect(await scene.runs()).toContainEqual(expect.objectContaining({ mode: 'replay' }));
});
