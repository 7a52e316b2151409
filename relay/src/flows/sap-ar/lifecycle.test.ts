import { compareAmounts } from '@ml-connector/shared';
import { headerTextOf, stampOf, type ArBody } from './body.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { FiBench } from './testing/fi-bench.ts';

function order(gross = '119.00', more: Partial<ArBody> = {}): ArBody {
  return {
    name: 'order 10452',
    reference: 'BC10452',
    companyCode: '1000',
    currency: 'EUR',
    stamp: stampOf({ system: 'store abc123', content: gross }),
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
  bench.earlier = [{ code: 'DOCUMENT_CHANGED', facts: { documents: ['1000/1800000001/2026'] } }];
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
  expect(await bench.post(body)).toMatchObject({ action: 'waiting', reason: { code: 'CUSTOMER_NOT_IN_SAP' }, checkAfterMs: 60_000 });
  for (let attempt = 2; attempt < 20; attempt++) await bench.post(body);
  expect(await bench.post(body)).toMatchObject({ checkAfterMs: 900_000 });
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

const correctedAccount = (body: ArBody): ArBody => ({
  ...body,
  header: { ...body.header, documentType: 'DX', paymentTerms: 'ZB30', text: 'Webshop' },
  parts: body.parts.map((one) => ({ ...one, items: one.items.map((item) => ({ ...item, glAccount: '800900' })) })),
});

test('an account, term or document type that is corrected later changes nothing of what was posted before', async () => {
  const bench = new FiBench();
  const { targetId } = (await bench.post(order())) as { targetId: string };
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  expect(await bench.post(correctedAccount(order()))).toEqual(expect.objectContaining({ targetId, action: 'unchanged' }));
  expect(bench.documents()).toHaveLength(1);
});

test('one document of today counts for three of another mapping, when all three stand; two of them do not', async () => {
  const bench = new FiBench();
  const stamp = stampOf({ system: 'store abc123', content: 'long' });
  const long = order('0', { stamp, parts: [part('100.00'), part('200.00'), part('300.00')] });
  bench.faults = [undefined, undefined, 'refused'];
  await expect(bench.post(long)).rejects.toMatchObject({ verdict: 'refused' });
  const short = order('600.00', { stamp });
  await expect(bench.post(short)).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED' });
  await bench.post(long);
  expect(await bench.post(short)).toMatchObject({ action: 'unchanged', targetLabel: '1800000001 (1000/2026) and 2 more' });
  expect(bench.documents()).toHaveLength(3);
});

test('the rest of a half-posted order is not posted where another mapping divides it otherwise', async () => {
  const bench = new FiBench();
  const stamp = stampOf({ system: 'store abc123', content: 'long' });
  bench.faults = [undefined, 'refused'];
  await expect(bench.post(order('0', { stamp, parts: [part('100.00'), part('200.00')] }))).rejects.toMatchObject({ verdict: 'refused' });
  const otherwise = order('0', { stamp, parts: [part('150.00'), part('150.00')] });
  await expect(bench.post(otherwise)).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED' });
  expect(bench.documents()).toHaveLength(1);
});

test('the document of another store with the same reference is never taken for an own one, nor reversed', async () => {
  const bench = new FiBench();
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  const others = order('50.00', { stamp: stampOf({ system: 'store xyz789', content: '50.00' }) });
  await bench.post(others);
  for (const body of [order(), cancelled, order('50.00')])
    await expect(bench.post(body)).rejects.toMatchObject({
      code: 'SAP_DOCUMENT_FOREIGN',
      fix: expect.stringContaining('Another store') as string,
    });
  expect(await bench.probe(order('50.00'))).toMatchObject({ outcome: 'absent' });
  expect(bench.documents()).toHaveLength(1);
});

test('what Finance reversed in SAP is not posted again behind its back, only when a person says so', async () => {
  const bench = new FiBench();
  await bench.post(order());
  bench.link = { targetId: '1000/1800000001/2026', targetHash: null };
  bench.reverseByHand('1800000001');
  const refusal = await bench.post(order()).catch((error: unknown) => error as { code: string; facts: Record<string, unknown> });
  expect(refusal).toMatchObject({ code: 'SAP_DOCUMENT_REVERSED', verdict: 'refused' });
  bench.earlier = [refusal as { code: string; facts: Record<string, unknown> }];
  expect(await bench.post(order())).toMatchObject({ targetId: '1000/1800000003/2026', action: 'created' });
});

test.each([
  ['another prefix', { reference: 'WEB10452' }],
  ['another company code', { companyCode: '2000' }],
])('an order that is known as a document is not posted again with %s, nor forgotten when it is cancelled', async (_what, more) => {
  const bench = new FiBench();
  await bench.post(order());
  bench.link = { targetId: '1000/1800000001/2026', targetHash: null };
  for (const body of [order('119.00', more), { ...cancelled, ...more }])
    await expect(bench.post(body)).rejects.toMatchObject({ code: 'SAP_DOCUMENT_NOT_FOUND', verdict: 'refused' });
  expect(bench.documents()).toHaveLength(1);
});

test('a replay agrees to the reversal of what it was shown, and to no other', async () => {
  const bench = new FiBench();
  await bench.post(order());
  for (const earlier of [{ code: 'DOCUMENT_CHANGED' }, { code: 'DOCUMENT_CHANGED', facts: { documents: ['1000/1799999999/2026'] } }]) {
    bench.earlier = [earlier];
    await expect(bench.post(order('99.00'))).rejects.toMatchObject({ code: 'DOCUMENT_CHANGED' });
  }
  expect(bench.documents()).toHaveLength(1);
});

test('nothing is reversed, and no first part posted, where SAP would not take what has to follow', async () => {
  const bench = new FiBench();
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  await bench.post(order());
  bench.said = [{ TYPE: 'E', ID: 'F5', NUMBER: '102', MESSAGE: 'Account 800000 is not in the chart' }];
  await expect(bench.post(order('99.00'))).rejects.toMatchObject({ verdict: 'refused', facts: { messages: bench.said } });
  bench.said = [{ TYPE: 'E', ID: 'F5', NUMBER: '201', MESSAGE: 'Period 005/2026 is not open for account type D' }];
  expect(await bench.post(order('99.00'))).toMatchObject({ action: 'waiting', reason: { code: 'SAP_PERIOD_CLOSED' } });
  const long = order('0', { reference: 'BC7', parts: [part('100.00'), part('200.00')] });
  expect(await bench.post(long)).toMatchObject({ action: 'waiting' });
  expect(bench.documents()).toEqual(['1800000001 DR BC10452 119.00']);
});

test('a period that closes between reversal and posting is waited for, and the wait says what is done already', async () => {
  const bench = new FiBench();
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  await bench.post(order());
  bench.faults = [undefined, 'period closed'];
  expect(await bench.post(order('99.00'))).toMatchObject({
    action: 'waiting',
    reason: { message: expect.stringContaining('1000/1800000001/2026 is reversed') as string },
  });
  expect(await bench.post(order('99.00'))).toMatchObject({ targetId: '1000/1800000003/2026' });
});

test('what was done before a refusal is told with it', async () => {
  const bench = new FiBench();
  bench.settings = { companyCode: '1000', afterChange: 'reverse-and-repost' };
  await bench.post(order());
  bench.faults = [undefined, 'refused'];
  await expect(bench.post(order('99.00'))).rejects.toMatchObject({
    verdict: 'refused',
    message: expect.stringContaining('before that: 1000/1800000001/2026 is reversed') as string,
  });
});

test('a document that somebody keyed in after the answer was lost is not believed to be ours until ours cannot come any more', async () => {
  const bench = new FiBench();
  bench.keyIn({ reference: 'BC10452', type: 'DR', headerText: 'Webshop', currency: 'EUR', debit: '119.00' });
  expect(await bench.probe(order())).toEqual({ outcome: 'absent', marginMs: 660_000 });
});

test('a guest who paid all of it with a gift certificate needs no address in SAP', async () => {
  const bench = new FiBench();
  const address = { name: 'Zoë', street: 'Hauptstr. 1', city: 'München', postalCode: '80331', country: 'DE' };
  const paid = order('0', {
    customer: { kind: 'oneTime', number: '999999', address },
    parts: [
      {
        customerAmount: '0.00',
        items: [
          { kind: 'gl', glAccount: '800000', amount: '-50.00' },
          { kind: 'gl', glAccount: '176000', amount: '50.00' },
        ],
      },
    ],
  });
  expect(await bench.post(paid)).toMatchObject({ action: 'created' });
});

test('names that SAP would cut are refused before the first of many documents is posted', async () => {
  const bench = new FiBench();
  const parts = Array.from({ length: 100 }, () => part('1.00'));
  await expect(bench.post(order('0', { reference: 'WEB1234567890', parts }))).rejects.toMatchObject({ code: 'SAP_REFERENCE_TOO_LONG' });
  expect(bench.documents()).toHaveLength(0);
  expect(headerTextOf(order('1.00', { reference: 'BC1234567890' })).length).toBeLessThanOrEqual(25);
});

test('who gives up while the account is busy has sent nothing, and sends nothing later', async () => {
  const { session } = new FiBench();
  const held = Promise.withResolvers<void>();
  const first = oneAtATime(session, 'guests', () => held.promise);
  const stop = new AbortController();
  let began = false;
  const second = oneAtATime(session, 'guests', () => Promise.resolve((began = true)), stop.signal);
  stop.abort();
  await expect(second).rejects.toMatchObject({ code: 'SAP_ACCOUNT_BUSY', verdict: 'retry' });
  held.resolve();
  await first;
  await oneAtATime(session, 'guests', () => Promise.resolve());
  expect(began).toBe(false);
});
