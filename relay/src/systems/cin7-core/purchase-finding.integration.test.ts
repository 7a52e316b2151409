import { openPurchasing } from './testing/index.ts';

const marker = 'JDE:00200/OP/12345/000';
const gone = '00000000-0000-4000-8000-000000000000';

test('a purchase is found by the first line of its note alone, whatever became of it', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  const first = await purchases.create(header, scope);
  await purchases.create({ ...header, Note: `${marker}1` }, scope);
  await purchases.create({ ...header, Note: `Instead of\n${marker}` }, scope);
  await purchases.void(first.ID, scope);
  const second = await purchases.create({ ...header, Note: `${marker}\r\nanew` }, scope);
  const found = await purchases.findByNote(marker, where, scope);
  expect(found.map(({ ID, Status }) => [ID, Status])).toEqual([
    [first.ID, 'VOIDED'],
    [second.ID, 'DRAFT'],
  ]);
  expect(await purchases.findByNote(marker, { ...where, since: new Date(Date.now() + 60_000).toISOString() }, scope)).toEqual([]);
  expect(await purchases.findByNote(marker, { ...where, supplierId: gone }, scope)).toEqual([]);
  expect(sim.purchases()).toHaveLength(4);
});

test('a purchase is found after its supplier got another name', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  const { ID } = await purchases.create(header, scope);
  sim.suppliers()[0]!.Name = 'Neue Firma AG';
  expect((await purchases.findByNote(marker, where, scope)).map((one) => one.ID)).toEqual([ID]);
});

test('the newest of more than a page of purchases is found, and only those of the supplier are read', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  await purchases.create(header, scope);
  const [row] = sim.purchases();
  for (let number = 2; number <= 2100; number += 1) {
    const ID = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const SupplierID = number === 2100 ? header.SupplierID : gone;
    sim.state.purchases.set(ID, { ...row!, ID, SupplierID, OrderNumber: `PO-${number + 10_000}`, Note: `${marker}/${number}` });
  }
  sim.suppliers()[0]!.Name = 'Neue Firma AG';
  expect(await purchases.findByNote(`${marker}/2100`, where, scope)).toMatchObject([{ OrderNumber: 'PO-12100' }]);
  expect(sim.calls).toMatchObject({ 'GET /purchaselist 200': 4, 'GET /advanced-purchase 200': 2 });
});

test('what other purchases bear is read once, and again after they were touched', async () => {
  await using opened = await openPurchasing();
  const { purchases, scope, header, where, sim } = opened;
  for (let number = 1; number <= 20; number += 1) await purchases.create({ ...header, Note: `JDE:${number}` }, scope);
  for (let number = 21; number <= 30; number += 1) expect(await purchases.findByNote(`JDE:${number}`, where, scope)).toEqual([]);
  expect(sim.calls['GET /advanced-purchase 200']).toBe(20);
  const touched = sim.purchases()[7]!;
  await purchases.updateHeader(touched.ID, { ...header, Note: 'JDE:25' }, scope);
  expect(await purchases.findByNote('JDE:25', where, scope)).toMatchObject([{ ID: touched.ID }]);
  expect(await purchases.findByNote('JDE:3', where, scope)).toMatchObject([{ OrderNumber: 'PO-00003' }]);
});
