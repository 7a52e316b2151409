import { generateKeyPairSync } from 'node:crypto';
import { unseal } from '@ml-connector/shared';
import { seedTenant, type SeededTenant } from '../../http/testing/index.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, type OpenInterface } from './index.ts';

const secret = 'Grüße-4711!';

describeInBrowser('connections', () => {
  let ui: OpenInterface;
  let tenant: SeededTenant;
  beforeAll(async () => {
    ui = await openInterface();
    tenant = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    const halt = {
      code: 'CIN7_UNAUTHORIZED',
      message: 'Cin7 Core refused the key',
      fix: 'Enter the application key again.',
      at: Date.now(),
      version: 1,
    };
    const halted = { halted_json: JSON.stringify(halt) };
    await ui.api.store.db.updateTable('connection').set(halted).where('id', '=', tenant.cin7Id).execute();
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('what stands still is first, with its fix; a viewer cannot act, an operator resumes it', async () => {
    const viewer = await ui.newPerson({ tenantId: tenant.tenantId, role: 'viewer' });
    await viewer.page.goto('/connections');
    await viewer.page.getByText('Enter the application key again.').waitFor();
    expect(await viewer.page.getByRole('main').getByRole('button').allInnerTexts()).toEqual([]);
    await viewer.page.goto(`/connections/${tenant.sapId}`);
    await viewer.page.getByRole('heading', { name: 'Blackout windows' }).waitFor();
    expect(await viewer.page.getByRole('main').getByRole('textbox').count()).toBe(0);
    expect(viewer.complaints).toEqual([]);
    await viewer.context.close();

    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'operator' });
    await page.goto('/connections');
    await page.getByRole('heading', { level: 2 }).first().getByText('Cin7').waitFor();
    await keepScreenshot(page, 'connections');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Resume Cin7' }).click();
    await page.getByText('None of them stands still.').waitFor();
    await page.getByRole('button', { name: 'Check now: SAP PRD 100' }).click();
    await page.getByText('NO_TUNNEL', { exact: false }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a password is sealed in the browser: only the agent can open what the relay gets', async () => {
    const keys = generateKeyPairSync('x25519');
    const sealing_key = String(keys.publicKey.export({ format: 'jwk' }).x);
    await ui.api.store.db.updateTable('agent').set({ sealing_key }).where('id', '=', tenant.agentId).execute();
    ui.api.agents.connect(tenant);
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'admin' });
    const sent: string[] = [];
    page.on('request', (request) => void sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await page.goto(`/connections/${tenant.sapId}`);
    await page.getByText('was never given it', { exact: false }).waitFor();
    await page.getByLabel('Password of the user in agent.yaml').fill(secret);
    await page.getByRole('button', { name: 'Seal and send' }).click();
    await page.getByText('SAP-GW 北京 has it').waitFor();
    await keepScreenshot(page, 'connection');
    expect(await barriersOn(page)).toEqual([]);

    const bodies = sent.filter((request) => request.includes('/sealed-credential '));
    expect(bodies).toHaveLength(1);
    expect(sent.join('\n')).not.toMatch(/4711/);
    const handed = ui.api.agents.calls.find(({ operation }) => operation === 'StoreCredential')?.request as {
      system: string;
      sealed: string;
    };
    expect(bodies[0]).toContain(handed.sealed);
    const privateKey = keys.privateKey.export({ format: 'jwk' });
    expect(await unseal(privateKey, handed.sealed, { agentId: tenant.agentId, system: 'PRD' })).toBe(secret);
    const stored = await ui.api.store.db.selectFrom('sealed_credential').select('sealed').executeTakeFirstOrThrow();
    expect(stored.sealed).toBe(handed.sealed);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a connection is entered, tried before it is made, and made; its key is never shown again', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'admin' });
    const key = '11112222-3333-4444-8555-666677778888';
    await page.goto('/connections');
    await page.getByRole('button', { name: 'New connection' }).click();
    await page.getByRole('menuitem', { name: 'Cin7 Core' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Cin7 北京');
    await page.getByRole('textbox', { name: 'Account ID' }).fill('not an id');
    await page.getByRole('textbox', { name: 'Application key' }).fill(key);
    await page.getByText('more settings', { exact: false }).click();
    await page.getByRole('textbox', { name: 'Base URL' }).fill('http://127.0.0.1:9/');
    await page.getByRole('button', { name: 'Make the connection' }).click();
    await page.getByRole('textbox', { name: 'Account ID' }).and(page.locator('[aria-invalid=true]')).waitFor();
    await page.getByRole('textbox', { name: 'Account ID' }).fill('4f3c2b1a-1111-4222-8333-444455556666');
    await page.getByRole('button', { name: 'Test' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: /CIN7|ADDRESS|NETWORK|UNREACHABLE/ })
      .waitFor();
    await keepScreenshot(page, 'connection-new');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make the connection' }).click();
    await page.getByRole('heading', { name: 'Cin7 北京' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Application key' }).inputValue()).toBe('');
    expect(await page.content()).not.toContain(key);

    await page.getByRole('button', { name: 'Add a window' }).click();
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('button', { name: /^Remove: / }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
