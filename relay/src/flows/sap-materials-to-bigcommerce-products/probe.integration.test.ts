import { testScope } from '../../systems/testing/index.ts';
import { sapMaterialsToBigCommerceProducts as flow } from './flow.ts';
import type { ProductBody, ProductPost } from './payload.ts';
import { openMaterialsBench, type MaterialsBench } from './testing/bench.ts';
import { mapped, payload } from './testing/samples.ts';

const settings = { priceLists: { USD: 1 }, descriptions: true, stockLocations: [{ locationId: 1, plant: '1000' }] };
const body: ProductBody = {
  ...mapped({ number: 'NL-1001' }, settings).body,
  prices: [
    { currency: 'EUR', price: '12.34' },
    { currency: 'USD', price: '15.00' },
  ],
};

function inputOf({ source, target }: MaterialsBench, one: ProductBody, targetId?: string): ProductPost {
  return {
    record: { id: 'rec_1', key: 'NL-1001', label: 'Bohrhammer', attempt: 2 },
    payload: payload(),
    body: one,
    link: targetId === undefined ? undefined : { targetId, targetHash: null },
    settings: { salesOrganisation: '1000', distributionChannel: '10', pricesIncludeTax: true, ...settings },
    source,
    target,
    scope: testScope(),
    ownerOf: () => Promise.resolve(undefined),
    linkOf: () => Promise.resolve(undefined),
    earlierErrors: () => Promise.resolve([]),
    sentVersions: () => Promise.resolve([]),
    lastPosted: () => Promise.resolve(undefined),
  };
}

test('applied is what the store holds in every part, absent what differs in one; nothing is written', async () => {
  await using bench = await openMaterialsBench(settings);
  const { targetId } = (await flow.post(inputOf(bench, body))) as { targetId: string };
  bench.store.log.length = 0;
  const probe = (one: ProductBody) => flow.probe(inputOf(bench, one, targetId));
  expect(await probe(body)).toEqual({ outcome: 'applied', result: { targetId, targetLabel: 'NL-1001', action: 'updated' } });
  const others: Partial<typeof body>[] = [
    { product: { name: 'Anders' } },
    { prices: [{ currency: 'EUR', price: '12.35' }] },
    { prices: [{ currency: 'USD', price: '15.01' }] },
    { stock: [{ locationId: 1, quantity: 4 }] },
    { stock: [{ locationId: 2, quantity: 4 }] },
    { sku: 'NL-9999' },
  ];
  for (const other of others) expect(await probe({ ...body, ...other })).toEqual({ outcome: 'absent' });
  const taken = { ...inputOf(bench, body), ownerOf: () => Promise.resolve('NL-7777') };
  expect(await flow.probe(taken)).toEqual({ outcome: 'absent' });
  expect(bench.store.log.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('whether a product is hidden is looked up; which of two it is, nobody can tell', async () => {
  await using bench = await openMaterialsBench(settings);
  const hide: ProductBody = { action: 'hide', number: 'NL-1001', sku: 'NL-1001' };
  expect(await flow.probe(inputOf(bench, hide))).toEqual({ outcome: 'absent' });
  await flow.post(inputOf(bench, hide));
  expect(await flow.probe(inputOf(bench, hide))).toMatchObject({ outcome: 'applied', result: { action: 'updated' } });
  const other = [...bench.store.state.products.values()].find(({ sku }) => sku === 'NL-1002')!;
  other.sku = other.variants[0]!.sku = 'NL-1001';
  expect(await flow.probe(inputOf(bench, body))).toMatchObject({ outcome: 'unknown' });
});

test('a material that is gone is hidden by its link where no SKU is known', async () => {
  await using bench = await openMaterialsBench(settings);
  const gone: ProductBody = { action: 'hide', number: '4711', sku: '' };
  const product = [...bench.store.state.products.values()][0]!;
  expect(await flow.post(inputOf(bench, gone, String(product.id)))).toMatchObject({ action: 'updated' });
  expect(product['is_visible']).toBe(false);
  expect(await flow.post(inputOf(bench, gone, '99999'))).toMatchObject({ action: 'unchanged' });
  expect(await flow.post(inputOf(bench, gone))).toMatchObject({ action: 'unchanged', targetId: 'none 4711' });
  await expect(flow.post(inputOf(bench, gone, `${product.id}/12`))).rejects.toMatchObject({ code: 'VARIANT_NOT_HIDEABLE' });
});
