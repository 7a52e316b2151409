import { compareAmounts } from '@ml-connector/shared';
import type { ArBody } from './body.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { FiBench } from './testing/fi-bench.ts';

function order(gross = '119.00', more: Partial<ArBody> = {}): ArBody {
  return {
    name: 'order 10452',
    reference: 'BC10452',
    companyCode: '1000',
    currency: 'EUR',
    header: {
      documentType: 'DR',
      documentDate: '2026-06-01',
      postingDate: '2026-06-01',
      text: 'Order 10452',
      assignment: 'BC10452',
      paymentTerms: '',
    },
    customer: { kind: 'number', number: '100045' },
    parts: [part(gross)],
    ...more,
  };
}

const part = (gross: string): ArBody['parts'][number] => ({
  customerAmount: gross,
  items: [{ kind: 'gl', glAccount: '800000', amount: compareAmounts(gross, '0') > 0 ? `-${gross}` : gross.slice(1), text: 'Sales' }],
});
const cancelled = order('0', { parts: [] });

test('what is not there is posted once, and found by whoever asks again', async () => {
  const bench = new FiBench();
  const first = await bench.post(order());
  expect(first).toEqual({ targetId: '1000/1800000001/2026', targetLabel: '1800000001 (1000/2026)', action: 'created' });
  expect(await bench.post(order())).toEqual({ ...first, action: 'unchanged' });
  expect(bench.documents()).toEqual(['1800000001 DR BC10452 119.00']);
  expect(await bench.probe(order())).toMatchObject({ outcome: 'applied', result: { targetId: '1000/1800000001/2026' } });
});

test('after a lost answer the look finds what was posted; what was not is absent, but believed only when SAP surely works on it no more', async () => {
  const bench = new FiBench();
  bench.faults = ['lost before'];
  await expect(bench.post(order())).rejects.toMatchObject({ verdict: 'retry' });
  expect(await bench.probe(order())).toEqual({ outcome: 'absent', marginMs: 660_000 });
  bench.faults = ['lost after'];
  await expect(bench.post(order())).rejects.toMatchObject({ verdict: 'uncertain' });
  expect(await bench.probe(order())).toMatchObject({ outcome: 'applied' });
  expect(await bench.post(order())).toMatchObject({ action: 'unchanged' });
  expect(bench.documents()).toHaveLength(1);
});

test('an order that changed after the posting waits for a person; the replay reverses and posts anew', async () => {
  const bench = new FiBench();
  await bench.post(order());
  await expect(bench.post(order('99.00'))).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED', verdict: 'refused' });
  expect(bench.documents()).toHaveLength(1);
  bench.earlier = [{ code: 'DOCUMENT_CHANGED' }];
  expect(await bench.post(order('99.00'))).toMatchObject({ targetId: '1000/1800000003/2026', action: 'updated' });
  expect(bench.documents()).toEqual([
    '1800000001 DR BC10452 119.00 with 1800000002',
    '1800000002 DR BC10452 119.00 with 1800000001',
    '1800000003 DR BC10452 99.00',
  ]);
});

test('by rule it is reversed and posted anew at once, whatever is lost on the way, and nothing twice', async () => {
  for (const faults of [
    ['lost after'],
    [undefined, 'lost after'],
    ['lost before'],
    [undefined, 'lost before'],
    ['lost after', 'lost after'],
  ] as const) {
    const bench = new FiBench();
    bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
    await bench.post(order());
    bench.faults = [...faults];
    while (!(await bench.post(order('99.00')).catch(() => undefined)));
    expect(bench.documents().filter((one) => !one.includes('with'))).toEqual([expect.stringMatching(/ BC10452 99.00$/)]);
    expect(bench.documents()).toHaveLength(3);
  }
});

test('of a cancelled order nothing stands: what was posted is reversed, and one that never was needs nothing', async () => {
  const bench = new FiBench();
  expect(await bench.post(cancelled)).toMatchObject({ targetId: 'none 1000/BC10452', action: 'unchanged' });
  await bench.post(order());
  await expect(bench.post(cancelled)).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED' });
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  expect(await bench.post(cancelled)).toMatchObject({ targetId: 'none 1000/BC10452', action: 'updated' });
  expect(bench.documents().every((one) => one.includes('with'))).toBe(true);
  expect(await bench.probe(cancelled)).toMatchObject({ outcome: 'applied' });
});

test('an order in three documents is gone on with after each of them, and all are reversed when it gets one', async () => {
  const bench = new FiBench();
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  const long = order('0', { parts: [part('100.00'), part('200.00'), part('300.00')] });
  bench.faults = [undefined, 'lost after', 'refused'];
  await expect(bench.post(long)).rejects.toMatchObject({ verdict: 'uncertain' });
  await expect(bench.post(long)).rejects.toMatchObject({ verdict: 'refused' });
  expect(await bench.probe(long)).toMatchObject({ outcome: 'absent' });
  expect(await bench.post(long)).toMatchObject({ targetLabel: '1800000001 (1000/2026) and 2 more' });
  expect(bench.documents().map((one) => one.split(' ').slice(2).join(' '))).toEqual([
    'BC10452 100.00',
    'BC10452P2 200.00',
    'BC10452P3 300.00',
  ]);
  await bench.post(order('600.00'));
  expect(bench.documents().filter((one) => !one.includes('with'))).toEqual([expect.stringMatching(/ BC10452 600.00$/)]);
});

test('a customer who is not in SAP yet is waited for', async () => {
  const bench = new FiBench();
  const body = order('119.00', { customer: { kind: 'linked', record: { flowId: 'customers', key: '32' } } });
  expect(await bench.post(body)).toMatchObject({ action: 'waiting', reason: { code: 'CUSTOMER_NOT_IN_SAP' } });
  bench.links.set('32', '100045');
  expect(await bench.post(body)).toMatchObject({ action: 'created' });
});

test('a closed period is waited for, or left for the first open day', async () => {
  const bench = new FiBench();
  bench.faults = ['period closed'];
  expect(await bench.post(order())).toMatchObject({ action: 'waiting', reason: { code: 'SAP_PERIOD_CLOSED' }, checkAfterMs: 3_600_000 });
  bench.settings = { companyCode: '1000', postingDateRule: 'first-open-day' };
  bench.sap.now = { date: '20260915', time: '101500' };
  bench.openPeriods('202608', '202612');
  bench.faults = ['period closed'];
  expect(await bench.post(order())).toMatchObject({ action: 'created' });
  expect(bench.sap.tables['BKPF']?.[0]).toMatchObject({ BUDAT: '20260801', BLDAT: '20260601' });
});

test('what somebody keyed in by hand counts when it is the same; another one stops the order', async () => {
  const same = new FiBench();
  same.keyIn({ reference: 'BC10452', type: 'DR', headerText: 'Webshop', currency: 'EUR', debit: '119.00' });
  expect(await same.post(order())).toMatchObject({ targetId: '1000/1800000001/2026', action: 'unchanged' });
  const other = new FiBench();
  other.keyIn({ reference: 'BC10452', type: 'SA', headerText: '', currency: 'EUR', debit: '5.00' });
  await expect(other.post(order())).rejects.toMatchObject({ code: 'SAP_DOCUMENT_FOREIGN' });
  same.keyIn({ reference: 'BC10452', type: 'DR', headerText: '', currency: 'EUR', debit: '119.00' });
  await expect(same.post(order())).rejects.toMatchObject({ code: 'SAP_DOCUMENT_TWICE' });
});

test('a SAP that overwrites references gets one document, and no second that could not be found again', async () => {
  const bench = new FiBench();
  bench.substitute = () => 'WEB';
  expect(await bench.post(order())).toMatchObject({ action: 'created' });
  await expect(bench.post(order('50.00', { reference: 'BC10453' }))).rejects.toMatchObject({
    code: 'SAP_REFERENCE_OVERWRITTEN',
    verdict: 'halt',
  });
  expect(bench.documents()).toHaveLength(1);
});

test('documents on one customer are posted one after the other, others beside them', async () => {
  const bench = new FiBench();
  const bodies = ['1', '2', '3'].map((id) => order('10.00', { reference: `BC${id}`, name: id }));
  await Promise.all(bodies.map((body) => bench.post(body)));
  expect(bench.documents()).toHaveLength(3);
  const held = Promise.withResolvers<void>();
  const began: string[] = [];
  const work = (name: string) => async () => {
    began.push(name);
    await held.promise;
  };
  const all = [
    oneAtATime(bench.session, '1000 1', work('a')),
    oneAtATime(bench.session, '1000 1', work('b')),
    oneAtATime(bench.session, '1000 2', work('c')),
  ];
  await Promise.resolve();
  await Promise.resolve();
  expect(began).toEqual(['a', 'c']);
  held.resolve();
  await Promise.all(all);
  expect(began).toEqual(['a', 'c', 'b']);
});

test('a failure does not stop who comes behind it', async () => {
  const { session } = new FiBench();
  const failing = oneAtATime(session, 'x', () => Promise.reject(new Error('refused')));
  const next = oneAtATime(session, 'x', () => Promise.resolve('done'));
  await expect(failing).rejects.toThrow('refused');
  expect(await next).toBe('done');
});
