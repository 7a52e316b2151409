import { seedTenant, type SeededTenant } from '../../http/testing/index.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, type OpenInterface } from './index.ts';

describeInBrowser('mappings', () => {
  let ui: OpenInterface;
  let tenant: SeededTenant;
  beforeAll(async () => {
    ui = await openInterface();
    tenant = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    const { integrationId } = tenant;
    const of = { integration_id: integrationId, value_map_id: 'payment-terms' };
    await ui.api.store.db
      .insertInto('value_map_code')
      .values([
        { ...of, side: 'from', code: 'ZB30', name: '30 Tage netto' },
        { ...of, side: 'from', code: 'ZB14', name: '14 Tage 2 %, 30 netto' },
        { ...of, side: 'to', code: '30 days', name: '30 days' },
        { ...of, side: 'to', code: '14 days', name: '14 days' },
      ])
      .execute();
    await ui.api.store.db
      .insertInto('value_map_proposal')
      .values([
        { ...of, from_code: 'ZB30', to_code: '30 days', why: 'both are 30 days net' },
        { ...of, from_code: 'ZB14', to_code: '14 days', why: 'both begin with 14 days' },
      ])
      .execute();
    const many = Array.from({ length: 2000 }, (_, place) => ({ from: `Z${String(place).padStart(4, '0')}`, to: '14 days' }));
    await ui.api.ok('PUT', `/tenants/${tenant.tenantId}/integrations/${integrationId}/value-maps/payment-terms/entries`, { entries: many });
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('what is missing stands first; a viewer reads it and cannot change it', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'viewer' });
    await page.goto('/mappings');
    const rows = page.getByRole('row');
    await rows.nth(1).getByText('1 missing').waitFor();
    await keepScreenshot(page, 'mappings');
    expect(await barriersOn(page)).toEqual([]);
    await rows.nth(1).getByRole('link').click();
    await page.getByText('Proposed: 30 days').waitFor();
    expect(await page.getByRole('main').getByRole('button').allInnerTexts()).toEqual([]);
    await page.goto(`/mappings/${tenant.integrationId}/overrides/${tenant.flowId}`);
    await page.getByText('every field is filled as the flow does it', { exact: false }).waitFor();
    expect(await page.getByRole('main').getByRole('button').allInnerTexts()).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a blocked record is fixed by an entry, and seen going out', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'operator' });
    await page.goto(`/mappings/${tenant.integrationId}/payment-terms`);
    await page.getByText("O'Brien Imports", { exact: false }).waitFor();
    await keepScreenshot(page, 'value-map');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set the entry for ZB30' }).click();
    await page.getByText('1 record released; on the way.').waitFor();
    await page.getByText('No record waits for an entry of this map.').waitFor();
    await keepScreenshot(page, 'value-map-released');

    // The engine's part.
    const sent = { state: 'succeeded', target_id: 'cin7-4711' };
    await ui.api.store.db.updateTable('record').set(sent).where('id', '=', tenant.blockedId).where('state', '=', 'pending').execute();
    await page.getByText('1 record went out.').waitFor();
    await keepScreenshot(page, 'value-map-went-out');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('entries are found, changed in place, taken away, and pasted from a spreadsheet after a look at what would change', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'operator' });
    await page.goto(`/mappings/${tenant.integrationId}/payment-terms`);
    const entries = page.getByRole('region', { name: 'Entries' });
    await entries.getByText('codes with an entry', { exact: false }).waitFor();
    expect(await entries.getByRole('listitem').count()).toBeLessThan(60);
    await entries.getByLabel('Find an entry').fill('Z1999');
    await entries.getByRole('button', { name: 'Change the entry for Z1999' }).click();
    await page.getByRole('combobox', { name: 'New code for Z1999' }).fill('30 days');
    await page.keyboard.press('Enter');
    await entries.getByRole('listitem').getByText('30 days').waitFor();
    await entries.getByRole('button', { name: 'Delete the entry for Z1999' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await entries.getByText('0 of', { exact: false }).waitFor();

    await page.getByRole('button', { name: 'Paste or import' }).click();
    await page.getByLabel('Two columns').fill('Z0000\t30 days\nZNEU\t14 days');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('1 new, 1 changed, 0 removed', { exact: false }).waitFor();
    await keepScreenshot(page, 'value-map-import');
    await page.getByRole('button', { name: 'Import 2 changes' }).click();
    await entries.getByLabel('Find an entry').fill('ZNEU');
    await entries.getByRole('button', { name: 'Change the entry for ZNEU' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('overrides are checked, tried on a real record, and put in force', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'admin' });
    await page.goto(`/mappings/${tenant.integrationId}/overrides/${tenant.flowId}`);
    await page.getByRole('button', { name: 'Add a field' }).click();
    await page.getByLabel('Field 1').fill('Name');
    await page.getByLabel('Expression 1').fill('$uppercase(');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByLabel('Expression 1').and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByLabel('Expression 1').fill('$uppercase(payload.LIFNR)');
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('Nothing wrong with them.').waitFor();
    await page.getByRole('combobox', { name: 'Record' }).click();
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: 'Try' }).click();
    await page.getByRole('heading', { name: 'With the overrides' }).waitFor();
    await keepScreenshot(page, 'overrides');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Put in force' }).click();
    await page.getByRole('region', { name: 'Versions' }).getByText('1 field').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
