import { skuOf, type ProductRow } from '../../../../scripts/sandbox/cin7/index.ts';
import { openPurchasing, type Purchasing } from './testing/index.ts';

const range = (count: number, from = 1): string[] => Array.from({ length: count }, (_, index) => skuOf(from + index));
const calls = ({ sim }: Purchasing): number => sim.calls['GET /product 200'] ?? 0;
const rowOf = ({ sim }: Purchasing, sku: string): ProductRow => [...sim.state.products.values()].find(({ SKU }) => SKU === sku)!;

test('products are found by their exact SKU, whatever its case, deprecated and service products too', async () => {
  await using opened = await openPurchasing();
  const { session, scope } = opened;
  const found = await session.products.bySku(['ml-00007 ', 'ML-00401', 'FREIGHT', '', 'ML-0000'], scope);
  expect(found.map(({ SKU, Name, Type, UOM, Status }) => [SKU, Name, Type, UOM, Status])).toEqual([
    ['ML-00007', expect.any(String), 'Stock', 'EA', 'Active'],
    ['ML-00401', expect.any(String), 'Stock', 'EA', 'Deprecated'],
    ['FREIGHT', 'Freight', 'Service', 'EA', 'Active'],
  ]);
});

test('few products are asked for by themselves, many with the whole catalogue, and none twice in five minutes', async () => {
  await using opened = await openPurchasing();
  const { session, scope, clock } = opened;
  await session.products.bySku(range(3), scope);
  expect(calls(opened)).toBe(3);
  expect(await session.products.bySku(range(400), scope)).toHaveLength(400);
  expect(calls(opened)).toBe(5);
  clock.advance(4 * 60_000);
  await session.products.bySku(range(120, 100), scope);
  expect(calls(opened)).toBe(5);
  clock.advance(60_000);
  await session.products.bySku(range(2), scope);
  expect(calls(opened)).toBe(7);
});

test('a catalogue that takes more calls than the products wanted is not read', async () => {
  await using opened = await openPurchasing();
  const { session, scope, sim } = opened;
  const [row] = sim.state.products.values();
  for (let number = 0; number < 5000; number += 1)
    sim.state.products.set(`more ${number}`, { ...row!, ID: `more ${number}`, SKU: `X-${number}` });
  expect(await session.products.bySku(range(5), scope)).toHaveLength(5);
  expect(calls(opened)).toBe(6);
});

test('orders posted side by side read the catalogue once', async () => {
  await using opened = await openPurchasing();
  const { session, scope } = opened;
  await Promise.all([1, 50, 100].map((from) => session.products.bySku(range(40, from), scope)));
  expect(calls(opened)).toBe(2);
});

test('a product that was missing or deprecated is looked for again half a minute later', async () => {
  await using opened = await openPurchasing();
  const { session, scope, sim, clock } = opened;
  expect(await session.products.bySku(['NEW-1', 'ML-00401'], scope)).toMatchObject([{ Status: 'Deprecated' }]);
  sim.state.products.set('new', { ...rowOf(opened, 'ML-00001'), ID: 'new', SKU: 'NEW-1' });
  rowOf(opened, 'ML-00401').Status = 'Active';
  expect(await session.products.bySku(['NEW-1', 'ML-00401'], scope)).toHaveLength(1);
  clock.advance(30_000);
  expect(await session.products.bySku(['NEW-1', 'ML-00401'], scope)).toMatchObject([{ SKU: 'NEW-1' }, { Status: 'Active' }]);
});

test('a reading that fails is no answer, and the next one is made anew', async () => {
  await using opened = await openPurchasing();
  const { session, scope, sim } = opened;
  sim.faults.add({ kind: 'wrongShape', method: 'GET', path: '/product', times: 9 });
  await expect(session.products.bySku(['ML-00001'], scope)).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE', verdict: 'retry' });
  await expect(session.products.bySku(range(9), scope)).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE' });
  rowOf(opened, 'ML-00002').Type = 'Kit' as 'Stock';
  sim.faults.clear();
  await expect(session.products.bySku(['ML-00002'], scope)).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE' });
  expect(await session.products.bySku(['ML-00001'], scope)).toHaveLength(1);
});

test('all locations are read, though at most 500 come at once', async () => {
  await using opened = await openPurchasing();
  const { session, scope, sim } = opened;
  const seeded = sim.state.locations.length;
  const [row] = sim.state.locations;
  for (let number = 1; number <= 1200; number += 1)
    sim.state.locations.push({ ...row!, ID: `${number}`, Name: `Regal ${number}`, IsDefault: false });
  const locations = await session.locations(scope);
  expect(locations).toHaveLength(seeded + 1200);
  expect(locations.filter(({ IsDefault, IsDeprecated }) => IsDefault || IsDeprecated).map(({ Name }) => Name)).toEqual([
    'Main Warehouse',
    'Old Yard',
  ]);
  await session.locations(scope);
  expect(sim.calls['GET /ref/location 200']).toBe(3);
});
