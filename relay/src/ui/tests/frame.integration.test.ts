import { seedTenant } from '../../http/testing/index.ts';
import { describeInBrowser, keepScreenshot, openInterface, type OpenInterface } from './index.ts';

describeInBrowser('the frame around all pages', () => {
  let ui: OpenInterface;
  beforeAll(async () => {
    ui = await openInterface();
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('somebody who is signed in sees the overview, and the browser finds nothing against the policy', async () => {
    const { tenantId } = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    await page.goto('/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await keepScreenshot(page, 'overview');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a script that is put into the page does not run, and shows as a complaint', async () => {
    const { page, complaints, context } = await ui.newVisitor();
    await page.goto('/');
    const noted = page.waitForEvent('console', (message) => message.text().includes('Content Security Policy'));
    await page.evaluate(
      `{ const script = document.createElement('script'); script.textContent = 'window.ran = true'; document.body.append(script); }`,
    );
    await noted;
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(complaints).toEqual([expect.stringContaining('Content Security Policy')]);
    await context.close();
  });
});
