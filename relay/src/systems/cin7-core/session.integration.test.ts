import { startCin7, type Cin7Sim } from '../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, testScope, type FastClock } from '../testing/index.ts';
import { accountsPayable, activeTerms, cin7Core, cin7Settings, openCin7Session, purchaseTaxRules } from './index.ts';
import type { Cin7SupplierBody, OpenCin7Session } from './index.ts';

interface Opened extends AsyncDisposable {
  sim: Cin7Sim;
  session: OpenCin7Session;
  clock: FastClock;
  scope: ReturnType<typeof testScope>;
}

async function open(settings: Partial<Record<string, unknown>> = {}): Promise<Opened> {
  const sim = await startCin7({ callsPerMinute: 100_000 });
  const clock = fastClock();
  const session = openCin7Session({ settings: cin7Settings.parse({ ...sim.connectionSettings, ...settings }), clock, random: () => 0 });
  return {
    sim,
    session,
    clock,
    scope: testScope(),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

function bodyOf(Name: string, more: Partial<Cin7SupplierBody> = {}): Cin7SupplierBody {
  return {
    Name,
    Currency: 'EUR',
    PaymentTerm: '30 days',
    AccountPayable: '800',
    TaxRule: 'Tax on Purchases',
    Status: 'Active',
    Addresses: [{ Line1: 'Hafenstraße 3', City: 'Hamburg', Country: 'Germany', Type: 'Business', DefaultForType: true }],
    Contacts: [{ Name: 'Vertrieb', Email: 'vertrieb@example.org', Default: true }],
    ...more,
  };
}

test('check says which company answered', async () => {
  await using opened = await open();
  expect(await cin7Core.check(opened.session, opened.scope)).toEqual({
    account: 'Nordlicht Handels GmbH',
    details: { 'Base currency': 'EUR', 'Lock date': '2023-12-31T00:00:00' },
  });
});

test('a supplier is found by its exact name among those that begin alike, also on a later page and when deprecated', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  for (let number = 1; number <= 120; number += 1) await session.suppliers.create(bodyOf(`Müller ${number}`), scope);
  const wanted = await session.suppliers.create(bodyOf('MÜLLER', { Status: 'Deprecated' }), scope);
  scope.exchanges.length = 0;
  expect((await session.suppliers.findByName('Müller ', scope)).map(({ ID }) => ID)).toEqual([wanted.ID]);
  expect(scope.exchanges).toHaveLength(2);
  expect(await session.suppliers.findByName('Mül', scope)).toEqual([]);
});

test('reading a supplier that is not there gives nothing, and never another supplier', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  await session.suppliers.create(bodyOf('ACME'), scope);
  expect(await session.suppliers.get('00000000-0000-4000-8000-000000000000', scope)).toBeUndefined();
});

test('updating a supplier that was removed is refused', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  const gone = session.suppliers.update('00000000-0000-4000-8000-000000000000', bodyOf('ACME'), scope);
  await expect(gone).rejects.toMatchObject({ code: 'CIN7_SUPPLIER_GONE', verdict: 'refused' });
});

test('the same vendor updated many times keeps its one address and contact', async () => {
  await using opened = await open();
  const { session, scope, sim } = opened;
  const { ID } = await session.suppliers.create(bodyOf('ACME'), scope);
  for (const City of ['Kiel', 'Lübeck', 'Bremen'])
    await session.suppliers.update(
      ID,
      bodyOf('ACME', { Addresses: [{ Line1: `${City}er Straße 1`, City, Country: 'Germany', Type: 'Business', DefaultForType: true }] }),
      scope,
    );
  expect(sim.suppliers()[0]).toMatchObject({
    Addresses: [{ Line1: 'Bremener Straße 1', City: 'Bremen' }],
    Contacts: [{ Name: 'Vertrieb' }],
  });
});

test('an entry that breaks the rules but does not change is no obstacle to the rest', async () => {
  await using opened = await open();
  const { session, scope, sim } = opened;
  const { ID } = await session.suppliers.create(bodyOf('ACME'), scope);
  sim.suppliers()[0]!.Addresses[0]!.Country = '';
  const { ID: _id, LastModifiedOn: _at, ...current } = (await session.suppliers.get(ID, scope))!;
  expect((await session.suppliers.update(ID, { ...current, Status: 'Deprecated' }, scope)).changed).toEqual(['Status']);
  const wrong = session.suppliers.update(ID, bodyOf('ACME', { Contacts: [{ Name: '', Default: true }] }), scope);
  await expect(wrong).rejects.toMatchObject({ code: 'CIN7_FIELD_INVALID', verdict: 'refused' });
});

test('a field the API ignores silently is named in the story', async () => {
  await using opened = await open();
  const { session, scope, sim } = opened;
  sim.faults.add({ kind: 'ignoreFields', fields: ['Comments', 'Contacts'] });
  await session.suppliers.create(bodyOf('ACME', { Comments: 'SAP 100123' }), scope);
  expect(scope.exchanges.at(-1)).toMatchObject({
    what: 'compare the answer of POST /supplier',
    answer: { notStored: ['Comments', 'Contacts[Vertrieb]'] },
  });
});

test('a refusal names every missing reference, though the API names only some', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  const wrong = bodyOf('ACME', { PaymentTerm: '31 days', TaxRule: 'Tax on Sales', AccountPayable: '805', AttributeSet: 'JDE' });
  await expect(session.suppliers.create(wrong, scope)).rejects.toMatchObject({
    code: 'CIN7_VALIDATION',
    verdict: 'refused',
    facts: {
      problems: [
        "no active payment term is named '31 days'",
        "no active tax rule for purchases is named 'Tax on Sales'",
        "account '805' is not the accounts payable account (800)",
        "no attribute set is named 'JDE'",
      ],
    },
  });
});

test('a name another supplier has is refused with its own code', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  await session.suppliers.create(bodyOf('ACME', { Status: 'Deprecated' }), scope);
  await expect(session.suppliers.create(bodyOf('acme'), scope)).rejects.toMatchObject({ code: 'CIN7_NAME_TAKEN', verdict: 'refused' });
});

test('reference data is read once in five minutes, by callers at the same time together', async () => {
  await using opened = await open();
  const { session, scope, clock } = opened;
  await Promise.all([session.paymentTerms(scope), session.paymentTerms(scope)]);
  await session.paymentTerms(scope);
  expect(scope.exchanges).toHaveLength(1);
  clock.advance(5 * 60_000);
  await session.paymentTerms(scope);
  expect(scope.exchanges).toHaveLength(2);
});

test('a refusal has the lists read again, so that a term created meanwhile is known', async () => {
  await using opened = await open();
  const { session, scope, sim, clock } = opened;
  await session.paymentTerms(scope);
  await expect(session.suppliers.create(bodyOf('ACME', { PaymentTerm: '10 days' }), scope)).rejects.toMatchObject({ verdict: 'refused' });
  sim.state.paymentTerms.push({ ...sim.state.paymentTerms[0]!, ID: 'new', Name: '10 days' });
  clock.advance(31_000);
  await expect(session.suppliers.create(bodyOf('ACME', { PaymentTerm: '11 days' }), scope)).rejects.toMatchObject({ verdict: 'refused' });
  expect((await session.paymentTerms(scope)).map(({ Name }) => Name)).toContain('10 days');
});

test('the first caller giving up does not spoil the list for the others', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  const givesUp = new AbortController();
  const first = session.accounts(testScope(givesUp.signal));
  const second = session.accounts(scope);
  givesUp.abort();
  await expect(first).rejects.toMatchObject({ code: 'CIN7_CANCELLED' });
  expect((await second).length).toBeGreaterThan(10);
});

test('helpers pick what a supplier may use', async () => {
  await using opened = await open();
  const { session, scope } = opened;
  expect(accountsPayable(await session.accounts(scope)).map(({ Code }) => Code)).toEqual(['800']);
  expect(activeTerms(await session.paymentTerms(scope)).map(({ Name }) => Name)).not.toContain('Cash in advance (old)');
  expect(purchaseTaxRules(await session.taxRules(scope)).map(({ Name, TaxPercent }) => `${Name} ${TaxPercent}`)).toEqual([
    'Tax on Purchases 19',
    'Reduced Tax on Purchases 7',
    'Reverse Charge EU 0',
    'Tax Exempt 0',
  ]);
});

test.each([
  ['Accounts payable', null],
  [null, 'CREDITORS'],
  ['CREDITORS', null],
])('the accounts payable account is known by label %p and code %p', (SystemAccount, SystemAccountCode) => {
  const account = { Code: '2000', Name: 'AP', Type: 'CURRLIAB', Status: 'Active', Class: 'LIABILITY', SystemAccount, SystemAccountCode };
  expect(accountsPayable([account, { ...account, Code: '1', SystemAccount: null, SystemAccountCode: null }])).toEqual([account]);
});

test.each([
  ['a web page', 'htmlInstead', 'CIN7_WRONG_PATH'],
  ['a redirect', 'redirectLoop', 'CIN7_REDIRECTED'],
  ['403', 'forbidden', 'CIN7_CREDENTIALS'],
] as const)('%s halts at the first answer', async (_what, kind, code) => {
  await using opened = await open();
  opened.sim.faults.add({ kind, times: 9 });
  await expect(opened.session.suppliers.create(bodyOf('ACME'), opened.scope)).rejects.toMatchObject({ code, verdict: 'halt' });
  expect(opened.scope.exchanges).toHaveLength(1);
});

test('an answer of another shape is uncertain after a write', async () => {
  await using opened = await open();
  opened.sim.faults.add({ kind: 'wrongShape' });
  const created = opened.session.suppliers.create(bodyOf('ACME'), opened.scope);
  await expect(created).rejects.toMatchObject({ code: 'CIN7_ANSWER_UNREADABLE', verdict: 'uncertain' });
});

test('a slow answer to a read is asked for again', async () => {
  await using opened = await open({ timeoutSeconds: 0.1 });
  opened.sim.faults.add({ kind: 'slow', ms: 500 });
  expect(await opened.session.me(opened.scope)).toMatchObject({ Currency: 'EUR' });
  expect(opened.scope.exchanges.map(({ error }) => error?.code)).toEqual(['CIN7_ANSWER_LOST', undefined]);
});

test('an unreachable host is tried again and then reported as such, creates too', async () => {
  await using opened = await open();
  await opened.sim[Symbol.asyncDispose]();
  const created = opened.session.suppliers.create(bodyOf('ACME'), opened.scope);
  await expect(created).rejects.toMatchObject({ code: 'CIN7_UNREACHABLE', verdict: 'retry' });
  expect(opened.scope.exchanges.length).toBeGreaterThan(1);
});

test('a limit that does not end is handed back as retry, after the vendor’s own waits', async () => {
  await using opened = await open({ limitWindowSeconds: 7 });
  opened.sim.faults.add({ kind: 'limit', style: '503', times: 100 });
  await expect(opened.session.me(opened.scope)).rejects.toMatchObject({ code: 'CIN7_RATE_LIMITED', verdict: 'retry' });
  expect(opened.clock.waits.filter((ms) => ms > 10)).toEqual(Array(9).fill(7000));
});

test('neither traces nor errors hold the credentials', async () => {
  await using opened = await open();
  const { session, scope, sim } = opened;
  const errors: unknown[] = [];
  for (const kind of ['forbidden', 'error500BeforeCommit', 'dropBeforeCommit', 'htmlInstead'] as const) {
    sim.faults.add({ kind });
    await session.suppliers.create(bodyOf('ACME'), scope).catch((error: unknown) => errors.push(error));
  }
  await session.me(scope);
  expect(errors).toHaveLength(4);
  const told = JSON.stringify([scope.exchanges, errors, errors.map((error) => String((error as { cause?: unknown }).cause))]);
  for (const secret of [sim.connectionSettings.applicationKey, sim.connectionSettings.accountId]) expect(told).not.toContain(secret);
});
