import { issueLink } from '../../people/index.ts';
import { describeInBrowser, keepScreenshot, openInterface, password, type OpenInterface } from './index.ts';

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

  test('a link that was used says so, and where to get another', async () => {
    const { page, context } = await ui.newVisitor();
    await page.goto(`/link#${'x'.repeat(43)}`);
    await page.getByText('the link was used already', { exact: false }).waitFor();
    await page.goto('/link#cut-off');
    await page.getByText('It was not copied whole').waitFor();
    await context.close();
  });
});
