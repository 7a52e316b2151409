import type { Page } from 'playwright-core';
import { webReceiver, type WebReceiver } from '../../alerts/testing/receivers.ts';
import { evaluateAlerts } from '../../alerts/index.ts';
import { seedTenant, type SeededTenant, type TestApi } from '../../http/testing/index.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, password, type OpenInterface, type Visitor } from './index.ts';

describeInBrowser('people, tokens, alerts and audit', () => {
  let ui: OpenInterface;
  let web: WebReceiver;
  let tenant: SeededTenant;
  let admin: Visitor;
  beforeAll(async () => {
    [ui, web] = await Promise.all([openInterface(), webReceiver()]);
    tenant = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    await findAlerts(ui.api);
    admin = await ui.newAdmin();
  });
  afterAll(() => Promise.all([ui[Symbol.asyncDispose](), web[Symbol.asyncDispose]()]));

  test('an administrator adds somebody, who follows the link and sees only what the role allows', async () => {
    const { page } = admin;
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Add somebody' }).click();
    await page.getByLabel('E-mail address').fill('li.wei@example.com');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('李伟');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const link = await page.getByText(/\/link#/).textContent();
    await page.getByRole('row', { name: '李伟' }).waitFor();
    await keepScreenshot(page, 'settings-people');
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect(await page.getByText(/\/link#/).count()).toBe(0);

    const visitor = await ui.newVisitor();
    await visitor.page.goto(new URL(link ?? '').pathname + new URL(link ?? '').hash);
    await visitor.page.getByRole('heading', { name: 'Welcome, 李伟' }).waitFor();
    await visitor.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await visitor.page.getByRole('button', { name: 'Set the password' }).click();
    await visitor.page.getByRole('button', { name: 'Account of 李伟' }).waitFor();

    const places = visitor.page.getByRole('navigation', { name: 'Pages' });
    expect(await places.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await visitor.page.goto('/settings');
    await visitor.page.getByRole('heading', { name: 'Alert channels' }).waitFor();
    expect(await visitor.page.getByRole('tab').allTextContents()).not.toContain('People');
    expect(await visitor.page.getByRole('button', { name: 'Add a channel' }).count()).toBe(0);
    await visitor.page.goto('/settings/people');
    await visitor.page.getByText('Not for your role').waitFor();
    await visitor.page.goto('/audit');
    await visitor.page.getByText('Not for your role').waitFor();
    await visitor.page.goto('/alerts');
    await visitor.page.getByRole('article').first().waitFor();
    expect(await visitor.page.getByRole('button', { name: /^Acknowledge/ }).count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  test('a token is shown once, opens the API, and is refused after it was revoked', async () => {
    const { page } = admin;
    await page.goto('/settings/tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Nightly export');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const token = (await page.getByRole('alert').locator('pre').textContent()) ?? '';
    expect((await ui.api.request('GET', '/me', { token })).status).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('row', { name: /Nightly export.*revoked/ }).waitFor();
    expect((await ui.api.request('GET', '/me', { token })).status).toBe(401);
  });

  test('a channel is added with what is wrong named at its field, and tested', async () => {
    const { page } = admin;
    await page.goto('/settings/channels');
    await page.getByText('No channels').waitFor();
    await page.getByRole('button', { name: 'Add a channel' }).click();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Webhook' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Betrieb');
    await page.getByRole('textbox', { name: 'Address' }).fill(web.url);
    await page.getByRole('textbox', { name: 'Key of the signature' }).fill('short');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText(/16/, { exact: false }).last().waitFor();
    await page.getByRole('textbox', { name: 'Key of the signature' }).fill('ein-langes-geheimnis-4711');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: 'Send a test to Betrieb' }).click();
    await page.getByText('The test message went out.').waitFor();
    expect(JSON.parse(web.received.at(-1)?.body ?? '{}')).toMatchObject({ kind: 'test' });
  });

  test('an alert is acknowledged and muted; a rule is changed', async () => {
    const { page } = admin;
    await page.goto('/alerts');
    const first = page.getByRole('article').first();
    await first.getByRole('button', { name: /^Acknowledge/ }).click();
    await first.getByText('Looked after by Ada Müller').waitFor();
    await first.getByRole('button', { name: /^Mute/ }).click();
    await page.getByRole('menuitem', { name: 'Mute for a day' }).click();
    await first.getByText('Muted until').waitFor();

    await page.getByRole('tab', { name: 'Rules' }).click();
    const rule = page.getByRole('article', { name: 'Records are blocked' });
    await rule.getByRole('button', { name: /^Change/ }).click();
    await rule.getByLabel('Records of one cause, at least').fill('5');
    await rule.getByRole('button', { name: 'Save' }).click();
    await rule.getByText('Records of one cause, at least: 5').waitFor();
  });

  test('the trail names who did it, is narrowed, and is verified', async () => {
    const { page } = admin;
    await page.goto('/audit');
    await page.getByRole('button', { name: 'Ada Müller' }).first().waitFor();
    await page.getByRole('combobox', { name: 'About' }).click();
    await page.getByRole('option', { name: 'Alert rules' }).click();
    const changes = page.getByRole('region', { name: 'Changes' });
    await changes.getByText('connections.create').first().waitFor({ state: 'detached' });
    await changes.getByText('alert-rules.change').waitFor();
    expect(await changes.getByRole('listitem').count()).toBe(1);
    await page.getByRole('tab', { name: 'Verification' }).click();
    await page.getByRole('button', { name: 'Verify now' }).click();
    await page.getByText('Intact: the trail is as it was written').waitFor();
  });

  test('retention asks before it removes', async () => {
    const { page } = admin;
    await page.goto('/settings/retention');
    await page.getByLabel('Payloads and calls').fill('90');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByText('cannot be brought back').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await ui.api.ok('GET', `/tenants/${tenant.tenantId}/retention`)).toMatchObject({ detailDays: 90 });
  });

  test('a close calendar holds what is entered', async () => {
    const { page } = admin;
    await page.goto('/settings/calendars');
    await page.getByRole('button', { name: 'Change Jahresabschluss' }).click();
    await page.getByRole('button', { name: 'Add a time' }).click();
    await page.getByLabel('From').fill('2026-12-31T18:00');
    await page.getByLabel('To', { exact: false }).last().fill('2027-01-02T06:00');
    await page.getByLabel('Note').fill('Inventur');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2026-12-31 18:00 to 2027-01-02 06:00 (Inventur)').waitFor();
  });

  test('a connection is left alone again and again', async () => {
    const { page } = admin;
    await page.goto('/settings/blackouts');
    await page.getByRole('button', { name: 'Add a blackout to SAP PRD 100' }).click();
    await page.getByText('Again and again').click();
    await page.getByRole('textbox', { name: 'Begins' }).fill('0 25 * * *');
    await page.getByRole('textbox', { name: 'Note' }).fill('Nachtlauf');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('alert').waitFor();
    await page.getByRole('textbox', { name: 'Begins' }).fill('0 22 * * 1-5');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: /^Remove: .*Nachtlauf/ }).waitFor();
  });

  test.each([
    ['account', '/account', 'Signed in at'],
    ['settings-people', '/settings/people', '李伟'],
    ['settings-tokens', '/settings/tokens', 'Nightly export'],
    ['settings-channels', '/settings/channels', 'Betrieb'],
    ['settings-retention', '/settings/retention', 'Payloads and calls'],
    ['settings-calendars', '/settings/calendars', 'Jahresabschluss'],
    ['settings-blackouts', '/settings/blackouts', 'Nachtlauf'],
    ['settings-accounts', '/settings/accounts', 'Ada Müller'],
    ['settings-tenants', '/settings/tenants', 'Name of a new tenant'],
    ['alerts', '/alerts', 'Look at it'],
    ['alerts-rules', '/alerts/rules', 'Records are blocked'],
    ['alerts-times', '/alerts/times', 'Quiet hours and reminders'],
    ['audit', '/audit', 'alert-rules.change'],
    ['audit-proof', '/audit/proof', 'Anchors'],
  ])('%s can be used by everybody, light and dark', async (name, place, words) => {
    const { page, complaints } = admin;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, place, words);
      expect(await barriersOn(page)).toEqual([]);
      await keepScreenshot(page, `${name}-${colorScheme}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'Navigation' }).waitFor();
    await keepScreenshot(page, `${name}-phone`);
    await page.setViewportSize({ width: 1280, height: 800 });
    expect(complaints).toEqual([]);
  });
});

async function open(page: Page, place: string, words: string): Promise<void> {
  await page.goto(place);
  await page.getByRole('main').getByText(words).first().waitFor();
}

async function findAlerts({ services }: TestApi): Promise<void> {
  const { store, clock, log, vault, alerts } = services;
  const surroundings = {
    publicUrl: '',
    addresses: alerts.addresses,
    sessions: () => [],
    flowTitles: new Map<string, string>(),
    certificates: [],
  };
  await evaluateAlerts({ store, clock, log, vault, ...surroundings, startedAt: clock.now() });
}
