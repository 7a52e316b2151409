import { issueLink } from '../../people/index.ts';
import { seedTenant } from '../../http/testing/index.ts';
import { totpCode } from '../../people/totp.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, password, type OpenInterface } from './index.ts';

describeInBrowser('signing in', () => {
  let ui: OpenInterface;
  beforeAll(async () => {
    ui = await openInterface();
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('the setup link makes the first administrator and the first tenant; then one signs out and in again', async () => {
    const { token } = await issueLink(ui.api.services, { purpose: 'setup', createdBy: 'relay' });
    const { page, context, complaints } = await ui.newVisitor();
    await page.goto(`/link#${token}`);
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Name').fill('Ada Müller');
    await page.getByRole('textbox', { name: 'Password' }).fill('too short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText('Must have at least 12 characters').waitFor();
    await keepScreenshot(page, 'link-setup');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Make the account' }).click();

    await page.getByRole('heading', { name: 'Name the first tenant' }).waitFor();
    await keepScreenshot(page, 'first-tenant');
    await page.getByLabel('Name').fill('Müller & Söhne GmbH');
    await page.getByRole('button', { name: 'Make the tenant' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();

    await page.getByRole('button', { name: 'Account of Ada Müller' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();

    await page.goto('/records?q=4711');
    await page.getByLabel('E-mail address').fill('ADA@example.com ');
    await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('password or code is not right').waitFor();
    await keepScreenshot(page, 'sign-in-refused');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Account of Ada Müller' }).waitFor();
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/records?q=4711');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('somebody sets up a second factor, and then signs in with a code, or with a recovery code', async () => {
    const { tenantId } = await seedTenant(ui.api, "O'Brien Imports");
    const { page, context, complaints } = await ui.newPerson({ tenantId, role: 'viewer', name: "Róisín O'Brien" });
    await page.goto('/account');
    await page.getByRole('button', { name: 'Set up' }).click();
    const secret = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '');
    expect(await page.getByRole('link', { name: 'Open it with the key' }).getAttribute('href')).toContain(`secret=${secret}`);
    const proof = page.getByRole('textbox', { name: 'Your password' });
    await page.getByRole('textbox', { name: 'Code' }).fill('12');
    await proof.fill(password);
    await page.getByRole('button', { name: 'Switch on' }).click();
    await page.getByText('Six digits', { exact: true }).waitFor();
    await keepScreenshot(page, 'second-factor');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Code' }).fill(codeNow(secret, 0));
    await page.getByRole('button', { name: 'Switch on' }).click();
    const recoveryCodes = ((await page.getByRole('alert').locator('pre').textContent()) ?? '').split('\n');
    expect(recoveryCodes.length).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    for (const code of [codeNow(secret, 1), recoveryCodes[0] ?? '']) {
      await page.getByRole('button', { name: "Account of Róisín O'Brien" }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByLabel('E-mail address').fill('person1@example.com');
      await page.getByRole('textbox', { name: 'Password' }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('textbox', { name: 'Code' }).fill('000000');
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByRole('textbox', { name: 'Code' }).fill(code);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a session that ended elsewhere brings the sign-in back, and somebody else sees nothing of it', async () => {
    const { tenantId } = await seedTenant(ui.api, '北京贸易有限公司');
    const { page, context } = await ui.newPerson({ tenantId, role: 'viewer', name: 'Björn Åström' });
    await page.goto('/alerts');
    await page.getByRole('button', { name: 'Account of Björn Åström' }).waitFor();
    await ui.api.store.db.deleteFrom('person_session').execute();
    // At the latest when the page asks for the alerts again.
    await page.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 20_000 });
    expect(await page.getByText('Björn Åström').count()).toBe(0);
    expect(await barriersOn(page)).toEqual([]);
    await context.close();
  });

  test('a link that was used says so, and where to get another', async () => {
    const { page, context } = await ui.newVisitor();
    await page.goto(`/link#${'x'.repeat(43)}`);
    await page.getByText('the link was used already', { exact: false }).waitFor();
    await page.goto('/link#cut-off');
    await page.getByText('It was not copied whole').waitFor();
    await context.close();
  });
});

/** The code of the app now, or so many steps of 30 seconds later. */
function codeNow(secret: string, later: number): string {
  return totpCode(secret, Math.floor(Date.now() / 30_000) + later);
}
