import { endSessions } from '../../people/index.ts';
import { seedTenant } from '../../http/testing/index.ts';
import { describeInBrowser, openInterface, type OpenInterface } from './index.ts';

describeInBrowser('a page that is left open', () => {
  let ui: OpenInterface;
  beforeAll(async () => {
    ui = await openInterface();
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('asks again by itself when something changed, and only for what it may touch', async () => {
    const { tenantId } = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    const told = new Promise((resolve) => page.on('websocket', (line) => line.on('framereceived', resolve)));
    await page.goto('/overview');
    await told;
    await page.waitForLoadState('networkidle');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const again = page.waitForResponse((response) => response.url().includes('/overview'));
    ui.api.store.notify({ about: 'alert', tenantId, id: 'alt_1' });
    expect((await again).status()).toBe(200);
    expect(asked.filter((url) => url.includes('/tenants?') || url.endsWith('/me'))).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('says that it is offline, and is back by itself', async () => {
    const { tenantId } = await seedTenant(ui.api, '北京进出口有限公司');
    const { page, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    let isCut = false;
    const cut: (() => Promise<void>)[] = [];
    await page.routeWebSocket(/\/live\?/, (socket) => {
      if (isCut) return void socket.close();
      socket.connectToServer();
      cut.push(() => socket.close());
    });
    await page.goto('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    isCut = true;
    for (const each of cut) await each();
    await page.getByText('Offline', { exact: true }).waitFor();
    isCut = false;
    await page.getByText('Offline', { exact: true }).waitFor({ state: 'detached', timeout: 25_000 });
    await context.close();
  });

  test('shows the sign-in once somebody is signed out from elsewhere', async () => {
    const { tenantId } = await seedTenant(ui.api, "O'Brien Imports");
    const { page, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    await page.goto('/overview');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    const people = await ui.api.store.db.selectFrom('person_tenant').select('person_id').where('tenant_id', '=', tenantId).execute();
    for (const { person_id } of people) await endSessions(ui.api.services, person_id);
    await page.getByRole('textbox', { name: 'Password' }).waitFor({ timeout: 25_000 });
    await context.close();
  });
});
