import { beginPosting, dueRecords, intake, settlePosting } from '../../ledger/index.ts';
import { flowId, seedTenant, until, type SeededTenant } from '../../http/testing/index.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, type OpenInterface, type Visitor } from './index.ts';

describeInBrowser('records', () => {
  let ui: OpenInterface;
  let tenant: SeededTenant;
  let visitor: Visitor;
  beforeAll(async () => {
    ui = await openInterface();
    tenant = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    await refuseOne(ui, tenant);
    visitor = await ui.newPerson({ tenantId: tenant.tenantId, role: 'operator' });
  });
  afterEach(() => expect(visitor.complaints).toEqual([]));
  afterAll(() => ui[Symbol.asyncDispose]());

  test('what happened to one document is answered by a search and a click: both ids, and every step', async () => {
    const { page } = visitor;
    await page.goto('/overview');
    const search = page.getByRole('textbox', { name: 'Search records' });
    await search.fill('söhne');
    await search.press('Enter');
    await page.getByRole('link', { name: 'Müller & Söhne GmbH' }).click();
    await page.getByRole('heading', { level: 1, name: 'Müller & Söhne GmbH' }).waitFor();
    const targetId = (await ui.api.ok<{ targetId: string }>('GET', `/tenants/${tenant.tenantId}/records/${tenant.postedId}`)).targetId;
    await page.getByRole('button', { name: 'Copy 0000100123' }).first().waitFor();
    await page
      .getByRole('button', { name: `Copy ${targetId}` })
      .first()
      .waitFor();
    await expect(page.getByLabel('What happened').innerText()).resolves.toMatch(
      /Read from SAP PRD 100[^]*Attempt 1: sent to Cin7[^]*cut to 40[^]*Cin7 holds it/,
    );
    await keepScreenshot(page, 'record-posted');
    expect(await barriersOn(page)).toEqual([]);
  });

  test('a blocked record says what it lacks and leads to where that is added', async () => {
    const { page } = visitor;
    await page.goto('/records?state=blocked&q=brien');
    await page.getByRole('link', { name: "O'Brien Imports" }).click();
    const why = page.getByRole('region', { name: 'Why' });
    await why.getByText('payment-terms has no entry for ZB30').waitFor();
    const fix = why.getByRole('link', { name: 'Add an entry for ZB30 to payment-terms' });
    expect(await fix.getAttribute('href')).toBe(`/mappings/${tenant.integrationId}/payment-terms?code=ZB30`);
    expect(await page.getByRole('button', { name: 'Replay' }).isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await keepScreenshot(page, 'record-blocked');
    expect(await barriersOn(page)).toEqual([]);
  });

  test('a refusal of the target stands with its request, its answer and its meaning', async () => {
    const { page } = visitor;
    await page.goto('/records?q=4711');
    await page.getByRole('link', { name: '北京机床有限公司' }).click();
    await page.getByRole('table').getByText('Posting period is not open').first().waitFor();
    await page.getByRole('button', { name: 'Request and answer' }).first().click();
    await page.getByRole('list', { name: 'Messages' }).getByText('Period 011/2026 is not open for account type K').waitFor();
    expect(await page.content()).not.toContain('hunter2');
    await keepScreenshot(page, 'record-refused');
  });

  test('the address holds all filters; states show how many there are', async () => {
    const { page } = visitor;
    await page.goto('/records');
    await page.getByText('blocked 2').click();
    await page.getByRole('textbox', { name: 'Any id of either side, or a name' }).fill('100124');
    await page.waitForURL(/q=100124/);
    expect(new URL(page.url()).search).toBe('?q=100124&state=blocked');
    await page.reload();
    await page.getByRole('link', { name: "O'Brien Imports" }).waitFor();
    expect(await page.getByRole('region', { name: 'Records found' }).getByRole('listitem').count()).toBe(1);
  });

  test('filters with a name are kept, for this tenant', async () => {
    const { page } = visitor;
    await page.goto('/records?state=blocked&reason=VALUE_MAP_MISSING');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('textbox', { name: 'Name of these filters' }).fill('Terms that are missing');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.goto('/records');
    await page.getByRole('button', { name: 'Saved filters' }).click();
    await page.getByRole('menuitem', { name: 'Terms that are missing' }).click();
    await page.waitForURL(/reason=VALUE_MAP_MISSING/);
    await page.getByText('1 found').waitFor();
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.waitForURL((url) => url.search === '');
  });

  test('j goes down, Enter opens, x selects', async () => {
    const { page } = visitor;
    await page.goto('/records');
    await page.getByRole('link', { name: "O'Brien Imports" }).waitFor();
    await keepScreenshot(page, 'records');
    expect(await barriersOn(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByText('one record selected').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/records\/rec_/);
  });

  test('what stands still is listed by its cause, with what would free it, and a replay tells first what it would do', async () => {
    const { page } = visitor;
    await page.goto('/records?view=causes');
    const cause = page.getByRole('region', { name: /payment-terms/ });
    await cause.getByRole('link', { name: 'ZB30 frees 1' }).waitFor();
    await keepScreenshot(page, 'records-causes');
    expect(await barriersOn(page)).toEqual([]);
    await cause.getByRole('button', { name: 'Replay …' }).click();
    await page.getByRole('dialog').getByText('What still holds them').waitFor();
    expect(await page.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true);
    await keepScreenshot(page, 'records-replay-preview');
  });

  test('a record is skipped with a reason, which stands in its story with the name of who did it', async () => {
    const { page } = visitor;
    await page.goto(`/records/${tenant.blockedId}`);
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.getByRole('textbox', { name: 'Why' }).fill('entered by hand on Friday');
    await page.getByRole('dialog').getByRole('button', { name: 'Skip' }).click();
    await page.getByText('“entered by hand on Friday”').waitFor();
    await page.getByLabel('What happened').getByText("Róisín O'Brien").waitFor();
  });

  test('a replay of many tells how far it is, and can be cancelled', async () => {
    const { page } = visitor;
    // What the mapping says about the seeded records is not what is looked at here.
    const wouldPass = { selected: 1, examined: 1, wouldPass: 1, wouldBeSkipped: 0, stillBlocked: 0, underWay: 0, blockedBy: [] };
    await page.route('**/replays/preview', (route) => route.fulfill({ json: wouldPass }));
    await page.goto('/records?state=blocked&q=4711');
    await page.getByRole('button', { name: 'Replay all 1 blocked …' }).click();
    await page.getByRole('dialog').getByText('would go out').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    const progress = page.getByRole('alert').filter({ hasText: '1 left' });
    await progress.getByText('A replay is running').waitFor();
    expect(page.url()).toMatch(/replay=rpl_/);
    await keepScreenshot(page, 'records-replay-running');
    await progress.getByRole('button', { name: 'Cancel the rest' }).click();
    await page.getByText('The replay was cancelled').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.waitForURL((url) => !url.search.includes('replay='));
    await page.unroute('**/replays/preview');
  });

  test('a replay of a finished record opens the new version, with what is different to the one before', async () => {
    const { page } = visitor;
    await page.goto(`/records/${tenant.postedId}`);
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/records/') && !url.pathname.endsWith(tenant.postedId));
    await page.getByRole('heading', { level: 1, name: 'Müller & Söhne GmbH' }).waitFor();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const payload_json = JSON.stringify({ LIFNR: '0000100123', bank: [{ BANKN: '4711' }] });
    await ui.api.store.db.updateTable('record').set({ payload_json }).where('id', '=', id).execute();
    await page.reload();
    await page.getByRole('tab', { name: '1 change since version 1' }).waitFor();
    await page.getByRole('row', { name: /bank not there/ }).waitFor();
    await page.getByRole('link', { name: 'Version 1' }).waitFor();
    await keepScreenshot(page, 'record-changed');
    expect(await barriersOn(page)).toEqual([]);
  });

  test('somebody who may only look is shown no buttons that change something', async () => {
    const viewer = await ui.newPerson({ tenantId: tenant.tenantId, role: 'viewer' });
    await viewer.page.goto(`/records/${tenant.postedId}`);
    await viewer.page.getByRole('heading', { name: 'What happened' }).waitFor();
    expect(await viewer.page.getByRole('button', { name: /Replay|Unlink/ }).count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
    await viewer.context.close();
  });

  test('on a phone in the dark everything is there to read, and nothing sticks out', async () => {
    const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' as const };
    const reader = await ui.newPerson({ tenantId: tenant.tenantId, role: 'operator' }, phone);
    const { page } = reader;
    const records = await ui.api.ok<{ items: { id: string }[] }>('GET', `/tenants/${tenant.tenantId}/records?q=4711`);
    const places = { list: '/records', causes: '/records?view=causes', record: `/records/${records.items[0]?.id}` };
    for (const [name, address] of Object.entries(places)) {
      await page.goto(address);
      await page
        .getByRole('link', { name: '北京机床有限公司' })
        .or(page.getByRole('heading', { name: '北京机床有限公司' }))
        .first()
        .waitFor();
      await keepScreenshot(page, `phone-dark-${name}`);
      expect([name, await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')]).toEqual([name, true]);
      expect(await barriersOn(page)).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 800 });
      await keepScreenshot(page, `dark-${name}`);
      await page.setViewportSize(phone.viewport);
    }
    expect(reader.complaints).toEqual([]);
    await reader.context.close();
  });

  test('a record of another tenant is not there', async () => {
    const other = await seedTenant(ui.api, 'Andere AG');
    await visitor.page.goto(`/records/${other.postedId}`);
    await visitor.page.getByRole('heading', { name: 'There is no such record in this tenant' }).waitFor();
  });

  test('thousands of records are in the list, and only those in sight are in the page', async () => {
    const { page } = visitor;
    await addMany(ui, tenant, 1500);
    await page.goto('/records?q=Lieferant');
    await page.getByText('1,500 found').waitFor();
    const rows = page.getByRole('region', { name: 'Records found' }).getByRole('listitem');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThan(60);
    // Each page of the list is asked for when the end of those that are there comes near.
    const last = page.locator('[aria-posinset="1500"]');
    await until('the end of the list', async () => {
      await page.evaluate(`document.querySelector('.records-viewport').scrollTo(0, 1e6)`);
      return (await last.count()) > 0;
    });
    await page.getByText('That was the last one.').waitFor();
    expect(await rows.count()).toBeLessThan(60);
  });
});

/** A document that SAP refused, with the call it was refused in. */
async function refuseOne({ api }: OpenInterface, tenant: SeededTenant): Promise<void> {
  const { store, services } = api;
  const { clock } = services;
  const flow = { tenantId: tenant.tenantId, integrationId: tenant.integrationId, flowId };
  const records = [
    { key: '0000004711', label: '北京机床有限公司', payload: { LIFNR: '0000004711', password: 'hunter2', lines: lines(999) } },
  ];
  await intake(store, clock, { flow, runId: tenant.runId, kind: 'master', records, mappingVersion: 'm1' });
  const record = (await dueRecords(store, flow, clock.now(), 10)).find(({ key }) => key === '0000004711');
  if (!record) throw new Error('the record is not there');
  const body = { DOCUMENTHEADER: { COMP_CODE: '1000', PSTNG_DATE: '20261121' }, ACCOUNTPAYABLE: [{ ITEMNO_ACC: '0000000001' }] };
  const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body, notes: [] });
  if (!attempt) throw new Error('the record is not being posted');
  const call = {
    system: 'sap-ecc',
    what: 'RFC BAPI_ACC_DOCUMENT_POST',
    at: clock.now(),
    ms: 312,
    status: 'refused',
    request: { ...body, password: 'hunter2' },
    answer: { RETURN: [{ TYPE: 'E', ID: 'F5', NUMBER: '201', MESSAGE: 'Period 011/2026 is not open for account type K' }] },
  };
  const error = {
    code: 'SAP_F5_201',
    verdict: 'refused' as const,
    message: 'SAP refused posting invoice 4711 to company code 1000: F5 201',
    fix: 'Open the period, then replay.',
    facts: {
      explanation: {
        message: 'F5 201',
        meaning: 'Posting period is not open',
        cause: 'The period was closed, or the date is wrong',
        who: 'Accounting',
        transaction: 'OB52: open period 011/2026',
        retryHelps: 'after the repair',
      },
    },
  };
  await settlePosting(store, clock, { record, attempt, calls: [call] }, { state: 'blocked', error });
}

function lines(count: number): object[] {
  return Array.from({ length: count }, (_none, place) => ({ ITEMNO: String(place + 1).padStart(10, '0'), WRBTR: '12.50', WAERS: 'JPY' }));
}

async function addMany({ api }: OpenInterface, { tenantId, integrationId, runId }: SeededTenant, count: number): Promise<void> {
  const records = Array.from({ length: count }, (_none, place) => ({
    key: String(200_000 + place).padStart(10, '0'),
    label: `Lieferant ${place + 1}`,
    payload: { LIFNR: String(200_000 + place) },
  }));
  const flow = { tenantId, integrationId, flowId };
  await intake(api.store, api.services.clock, { flow, runId, kind: 'master', records, mappingVersion: 'm1' });
}
