import { postCustomer } from './post.ts';
import { address, customer, usualSettings } from './testing/samples.ts';
import { CustomerBench } from './testing/customer-bench.ts';

const jürgen = customer();
const anna = customer({
  id: 33,
  first_name: 'Anna',
  last_name: 'Weiß',
  addresses: [address({ id: 61, city: 'Ulm', postal_code: '89073' })],
});
const created = 'J.Groessl@example.org';

test('a customer whom SAP does not have is created once, and left alone when nothing changed', async () => {
  const bench = new CustomerBench();
  expect(await bench.postAndSettle(jürgen)).toEqual({ targetId: '0000100001', targetLabel: 'Jürgen Größl (100001)', action: 'created' });
  expect(await bench.postAndSettle(jürgen)).toMatchObject({ targetId: '0000100001', action: 'unchanged' });
  expect(bench.customers()).toEqual([`0000100001 Größl, Jürgen, 40212 Düsseldorf, ${created}`]);
  expect(bench.sap.units.map(({ unitId, calls }) => [unitId, calls[0]?.parameters['PI_COPYREFERENCE']])).toEqual([
    ['rec_32.1', { SALESORG: '1000', DISTR_CHAN: '30', DIVISION: '00', REF_CUSTMR: '0000001000' }],
  ]);
});

describe('a linked customer', () => {
  const linked = async () => {
    const bench = new CustomerBench();
    await bench.postAndSettle(jürgen);
    return bench;
  };
  const changed = (bench: CustomerBench): unknown => bench.sap.units.at(-1)?.calls[0]?.parameters['PI_PERSONALDATAX'];

  test('gets the fields that differ, and no others', async () => {
    const bench = await linked();
    expect(await bench.post(customer({ last_name: 'Weiß', phone: '0151 1' }), { attempt: 2 })).toMatchObject({
      action: 'updated',
      targetLabel: 'Jürgen Weiß (100001)',
    });
    expect(changed(bench)).toEqual({ LASTNAME: 'X', TEL1_NUMBR: 'X' });
  });

  test('moves with its whole address, so that no old region stays with a new town', async () => {
    const bench = await linked();
    bench.rowOf('ADRC', '0000100001')['REGION'] = '05';
    await bench.post(customer({ addresses: [address({ city: 'Ulm', postal_code: '89073' })] }), { attempt: 2 });
    expect(changed(bench)).toEqual({ STREET: 'X', HOUSE_NO: 'X', CITY: 'X', DISTRICT: 'X', POSTL_COD1: 'X', COUNTRY: 'X', REGION: 'X' });
    expect(bench.rowOf('ADRC', '0000100001')).toMatchObject({ CITY1: 'Ulm', REGION: '' });
  });

  test('keeps what SAP writes otherwise, and what the store leaves empty', async () => {
    const bench = await linked();
    Object.assign(bench.rowOf('ADRC', '0000100001'), { STREET: 'Königsallee', HOUSE_NUM1: '12a', TEL_NUMBER: '+49211/4711', REGION: '05' });
    expect(await bench.post(jürgen, { attempt: 2 })).toMatchObject({ action: 'unchanged' });
    expect(await bench.post(customer({ phone: '', addresses: [address({ phone: '' })] }), { attempt: 3 })).toMatchObject({
      action: 'unchanged',
    });
  });

  test('takes another e-mail address', async () => {
    const bench = await linked();
    await bench.post(customer({ email: 'neu@example.org' }), { attempt: 2 });
    expect(bench.customers()[0]).toContain('neu@example.org');
  });

  test('is left alone by setting', async () => {
    const bench = await linked();
    bench.settings = { ...usualSettings, onChange: 'leave' };
    expect(await bench.post(customer({ last_name: 'Weiß' }), { attempt: 2 })).toMatchObject({ action: 'unchanged' });
    expect(bench.sap.units).toHaveLength(1);
  });

  test.each([
    ['is marked for deletion', (bench: CustomerBench) => void (bench.rowOf('KNA1', '0000100001')['LOEVM'] = 'X'), 'is marked for deletion'],
    ['is gone', (bench: CustomerBench) => void bench.links.set('32', '0000777777'), 'has no customer 0000777777'],
  ])('that %s waits for a person', async (_what, change, message) => {
    const bench = await linked();
    change(bench);
    await expect(bench.post(jürgen, { attempt: 2 })).rejects.toMatchObject({
      code: 'SAP_CUSTOMER_GONE',
      verdict: 'refused',
      message: expect.stringContaining(message) as string,
    });
  });

  test('that became a company waits for a person, as SAP cannot change that from outside', async () => {
    const bench = await linked();
    await expect(bench.post(customer({ company: 'Größl GmbH' }), { attempt: 2 })).rejects.toMatchObject({
      code: 'SAP_CUSTOMER_KIND_DIFFERS',
      verdict: 'refused',
    });
  });
});

describe('a customer who is in SAP already', () => {
  const known = { STKZN: 'X' };
  const place = { NAME1: 'Groessl', NAME2: 'J.', CITY1: 'Neuss', POST_CODE1: '41460', STREET: 'Am Hof 1', COUNTRY: 'DE' };
  const email = created.toUpperCase();

  test('is linked and left as it is', async () => {
    const bench = new CustomerBench();
    const number = bench.keyIn(known, { ...place, email });
    expect(await bench.post(jürgen)).toEqual({ targetId: number, targetLabel: 'J. Groessl (100001)', action: 'unchanged' });
    expect(bench.sap.units).toEqual([]);
  });

  test('is left as it is later too: whoever registers in the store with that e-mail address changes nobody in SAP', async () => {
    const bench = new CustomerBench();
    const number = bench.keyIn(known, { ...place, email });
    bench.links.set('32', number);
    const moved = customer({ last_name: 'Dieb' });
    expect(await bench.post(moved, { attempt: 2 })).toMatchObject({ targetId: number, action: 'unchanged' });
    expect(bench.sap.units).toEqual([]);
    bench.settings = { ...usualSettings, onMatch: 'update' };
    expect(await bench.post(moved, { attempt: 3 })).toMatchObject({ action: 'updated' });
  });

  test('is changed where the settings say so', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, onMatch: 'update' };
    bench.keyIn(known, { ...place, email });
    expect(await bench.post(jürgen)).toMatchObject({ action: 'updated' });
    expect(bench.customers()).toEqual([`0000100001 Größl, Jürgen, 40212 Düsseldorf, ${email}`]);
  });

  test('is recognised by the VAT number, which counts before the e-mail address', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, matchBy: ['vat-number', 'email'] };
    bench.keyIn(known, { ...place, email });
    const byVat = bench.keyIn({ ...known, STCEG: 'DE123456789' }, place);
    expect(await bench.post(jürgen, { vatNumber: 'DE123456789' })).toMatchObject({ targetId: byVat });
    expect(await bench.post(anna, { vatNumber: 'DE999999999' })).toMatchObject({ targetId: '0000100001' });
  });

  test('is not looked for where the settings say so', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, matchBy: [] };
    bench.keyIn(known, { ...place, email });
    expect(await bench.post(jürgen)).toMatchObject({ targetId: '0000100002', action: 'created' });
  });

  test.each([
    ['marked for deletion', { LOEVM: 'X' }],
    ['a one-time account', { XCPDK: 'X' }],
  ])('but is %s, is not taken', async (_what, general) => {
    const bench = new CustomerBench();
    bench.keyIn({ ...known, ...general }, { ...place, email });
    expect(await bench.post(jürgen)).toMatchObject({ action: 'created' });
  });

  test('twice waits for a person, who is told of all', async () => {
    const bench = new CustomerBench();
    bench.keyIn(known, { ...place, email });
    bench.keyIn(known, { ...place, NAME1: 'Größl', email: created });
    await expect(bench.post(jürgen)).rejects.toMatchObject({
      code: 'SAP_CUSTOMER_AMBIGUOUS',
      verdict: 'refused',
      message: `customer 32: 2 customers in SAP have the e-mail address ${created}: J. Groessl (100001), J. Größl (100002)`,
    });
  });

  test('twice is clear where only one is in the sales area', async () => {
    const bench = new CustomerBench();
    bench.keyIn(known, { ...place, email });
    const number = bench.keyIn(known, { ...place, email });
    bench.sap.tables['KNVV']?.shift();
    expect(await bench.post(jürgen)).toMatchObject({ targetId: number });
  });

  test('six times is told with five of them', async () => {
    const bench = new CustomerBench();
    for (let count = 0; count < 6; count++) bench.keyIn(known, { ...place, email });
    await expect(bench.post(jürgen)).rejects.toMatchObject({ message: expect.stringMatching(/100005\), and 1 more$/) as string });
  });

  test('and belongs to another customer of the store waits for a person', async () => {
    const bench = new CustomerBench();
    bench.links.set('7', bench.keyIn(known, { ...place, email }));
    await expect(bench.post(jürgen)).rejects.toMatchObject({
      code: 'SAP_CUSTOMER_OF_ANOTHER',
      message: expect.stringContaining('customer 7') as string,
    });
  });

  test.each([
    ['sales area', { ...usualSettings, division: '01' }, 'sales area 1000/30/01'],
    ['company code', { ...usualSettings, companyCode: '1000' }, 'company code 1000'],
  ])('but not in the %s waits for a person', async (_what, settings, where) => {
    const bench = new CustomerBench();
    bench.settings = settings;
    bench.keyIn(known, { ...place, email });
    await expect(bench.post(jürgen)).rejects.toMatchObject({
      code: 'SAP_CUSTOMER_NOT_EXTENDED',
      message: expect.stringContaining(where) as string,
    });
  });
});

describe('after a lost answer', () => {
  test('a creation that arrived is found, and nobody is created twice', async () => {
    const bench = new CustomerBench();
    bench.faults = ['lost after'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'uncertain' });
    expect(await bench.probe(jürgen)).toEqual({
      outcome: 'applied',
      result: { targetId: '0000100001', targetLabel: 'Jürgen Größl (100001)', action: 'created' },
    });
    expect(await bench.post(jürgen, { attempt: 2 })).toMatchObject({ targetId: '0000100001', action: 'unchanged' });
    expect(bench.customers()).toHaveLength(1);
  });

  test('a creation that did not arrive is absent, and believed only when SAP surely works on it no more', async () => {
    const bench = new CustomerBench();
    bench.faults = ['lost before'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'retry' });
    expect(await bench.probe(jürgen)).toEqual({ outcome: 'absent', marginMs: 660_000 });
    expect(await bench.post(jürgen, { attempt: 2 })).toMatchObject({ action: 'created' });
  });

  test('an old customer with the same e-mail address, name and place is not taken for a creation of ours', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, matchBy: [] };
    bench.keyIn(
      { STKZN: 'X', ERDAT: '20200101' },
      { NAME1: 'Größl', NAME2: 'Jürgen', CITY1: 'Düsseldorf', POST_CODE1: '40212', email: created },
    );
    expect(await bench.probe(jürgen)).toMatchObject({ outcome: 'absent' });
  });

  test('two that may be ours are for a person', async () => {
    const bench = new CustomerBench();
    const twin = { NAME1: 'Größl', NAME2: 'Jürgen', CITY1: 'Düsseldorf', POST_CODE1: '40212', email: created };
    for (const ERDAT of ['20260601', '20260602']) bench.keyIn({ STKZN: 'X', ERDAT }, twin);
    expect(await bench.probe(jürgen)).toMatchObject({ outcome: 'unknown', why: expect.stringContaining('100001') as string });
    bench.settings = { ...usualSettings, matchBy: [] };
    await expect(bench.post(jürgen, { attempt: 2 })).rejects.toMatchObject({ code: 'SAP_CUSTOMER_TWICE', verdict: 'refused' });
  });

  test.each([
    ['arrived', 'lost after', 'applied'],
    ['did not arrive', 'lost before', 'absent'],
  ] as const)('a change that %s is known by what SAP holds', async (_what, fault, outcome) => {
    const bench = new CustomerBench();
    await bench.postAndSettle(jürgen);
    const moved = customer({ addresses: [address({ city: 'Ulm', postal_code: '89073' })] });
    bench.faults = [fault];
    await expect(bench.post(moved, { attempt: 2 })).rejects.toMatchObject({ verdict: expect.any(String) as string });
    expect(await bench.probe(moved)).toMatchObject({ outcome });
    await bench.post(moved, { attempt: 3 });
    expect(bench.customers()).toEqual([`0000100001 Größl, Jürgen, 89073 Ulm, ${created}`]);
  });

  test('a change of one who was found is known as well', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, matchBy: ['vat-number'], onMatch: 'update' };
    bench.keyIn({ STKZN: 'X', STCEG: 'DE1' }, { NAME1: 'Alt' });
    bench.faults = ['lost after'];
    await expect(bench.post(jürgen, { vatNumber: 'DE1' })).rejects.toMatchObject({ verdict: 'uncertain' });
    expect(await bench.probe(jürgen, { vatNumber: 'DE1' })).toMatchObject({ outcome: 'applied', result: { targetId: '0000100001' } });
  });

  test('a refusal of SAP is told, and what was refused is created when it is repaired', async () => {
    const bench = new CustomerBench();
    bench.faults = ['refused'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ code: 'SAP_REFUSED', verdict: 'refused' });
    expect(await bench.post(jürgen, { attempt: 2 })).toMatchObject({ action: 'created' });
  });
});

describe('two customers of the store with one e-mail address', () => {
  test('at the same moment: one is created, the other one waits for a person, whatever the ledger knows yet', async () => {
    const bench = new CustomerBench();
    const outcomes = await Promise.allSettled([bench.post(jürgen), bench.post(anna)]);
    expect(outcomes).toMatchObject([{ value: { action: 'created' } }, { reason: { code: 'SAP_CUSTOMER_OF_ANOTHER' } }]);
    expect(bench.customers()).toHaveLength(1);
  });

  test('where SAP is not searched, both are created, and each is found after a lost answer', async () => {
    const bench = new CustomerBench();
    bench.settings = { ...usualSettings, matchBy: [] };
    bench.faults = ['lost after', undefined];
    await Promise.allSettled([bench.post(jürgen), bench.post(anna)]);
    expect(await bench.probe(jürgen)).toMatchObject({ outcome: 'applied', result: { targetId: '0000100001' } });
    expect(await bench.post(anna, { attempt: 2 })).toMatchObject({ targetId: '0000100002' });
    expect(bench.customers()).toHaveLength(2);
  });

  test('one whose creation nobody answered holds the other one up until it is clear', async () => {
    const bench = new CustomerBench();
    bench.faults = ['lost after'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'uncertain' });
    expect(await bench.post(anna)).toMatchObject({ action: 'waiting', reason: { code: 'SAP_CUSTOMER_UNCLEAR' }, checkAfterMs: 720_000 });
    const found = await bench.probe(jürgen);
    if (found.outcome === 'applied') bench.links.set('32', found.result.targetId);
    await expect(bench.post(anna, { attempt: 2 })).rejects.toMatchObject({ code: 'SAP_CUSTOMER_OF_ANOTHER' });
    expect(bench.customers()).toHaveLength(1);
  });

  test('one whose creation nobody answered and nobody sees yet holds the other one up for so long as SAP may be working on it', async () => {
    const bench = new CustomerBench();
    bench.faults = ['unseen'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'uncertain' });
    expect(await bench.post(anna)).toMatchObject({
      action: 'waiting',
      reason: { message: expect.stringContaining('customer 32') as string },
    });
    expect(bench.customers()).toEqual([]);
    expect(await bench.post(anna, { attempt: 2 })).toMatchObject({ action: 'created' });
    await expect(bench.post(jürgen, { attempt: 2 })).rejects.toMatchObject({ code: 'SAP_CUSTOMER_OF_ANOTHER' });
  });

  test('one that was refused holds nobody up', async () => {
    const bench = new CustomerBench();
    bench.faults = ['refused'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'refused' });
    expect(await bench.post(anna)).toMatchObject({ action: 'created' });
  });

  test('a relay that was started again leaves a creation of today to the record that made it', async () => {
    const bench = new CustomerBench();
    bench.faults = ['lost after'];
    await expect(bench.post(jürgen)).rejects.toMatchObject({ verdict: 'uncertain' });
    bench.open();
    expect(await bench.post(anna)).toMatchObject({ action: 'waiting' });
    expect(await bench.probe(anna)).toMatchObject({ outcome: 'absent' });
    expect(await bench.probe(jürgen)).toMatchObject({ outcome: 'applied', result: { targetId: '0000100001' } });
    await expect(bench.post(anna, { attempt: 2 })).rejects.toMatchObject({ code: 'SAP_CUSTOMER_OF_ANOTHER' });
  });

  test("a customer of today that stays nobody's is linked after the wait", async () => {
    const bench = new CustomerBench();
    bench.keyIn({ STKZN: 'X', ERDAT: '20260601' }, { NAME1: 'Größl', email: created });
    expect(await bench.post(jürgen)).toMatchObject({ action: 'waiting' });
    expect(await bench.post(jürgen, { attempt: 2 })).toMatchObject({ targetId: '0000100001', action: 'unchanged' });
  });

  test('one that was stopped while it waited for the other does nothing', async () => {
    const bench = new CustomerBench();
    const stop = new AbortController();
    const second = bench.input(anna);
    const outcomes = Promise.allSettled([bench.post(jürgen), postCustomer({ ...second, scope: { ...second.scope, signal: stop.signal } })]);
    stop.abort(new Error('relay is stopping'));
    expect(await outcomes).toMatchObject([{ value: { action: 'created' } }, { reason: { code: 'CUSTOMER_TURN_LOST', verdict: 'retry' } }]);
  });
});

test('nobody more is created where SAP does not keep the e-mail address by which a customer is found again', async () => {
  const bench = new CustomerBench();
  bench.keepEmail = () => '';
  expect(await bench.postAndSettle(jürgen)).toMatchObject({ action: 'created' });
  const other = customer({ id: 40, email: 'other@example.org' });
  await expect(bench.post(other)).rejects.toMatchObject({ code: 'SAP_EMAIL_NOT_KEPT', verdict: 'halt' });
  expect(bench.customers()).toHaveLength(1);
});

test('a dry run tells what would stop a customer, and writes nothing', async () => {
  const bench = new CustomerBench();
  expect(await bench.tryOut(jürgen)).toEqual([
    { code: 'REFERENCE_CUSTOMER_MISSING', message: 'reference customer 1000 does not exist in sales area 1000/30/00' },
  ]);
  Object.assign(bench.sap.tables['KNA1'] ?? [], [{ KUNNR: '0000001000', LOEVM: '' }]);
  bench.sap.tables['KNVV']?.push({ KUNNR: '0000001000', VKORG: '1000', VTWEG: '30', SPART: '00', LOEVM: '' });
  expect(await bench.tryOut(jürgen)).toEqual([]);
  for (let count = 0; count < 2; count++) bench.keyIn({}, { email: created });
  expect(await bench.tryOut(jürgen)).toMatchObject([{ code: 'SAP_CUSTOMER_AMBIGUOUS' }]);
  bench.links.set('32', '0000100001');
  expect(await bench.tryOut(jürgen)).toEqual([]);
  expect(bench.sap.units).toEqual([]);
});
