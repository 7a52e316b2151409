import { addAgent, seedTenant, type SeededTenant } from '../../http/testing/index.ts';
import { newId } from '../../store/index.ts';
import { barriersOn, describeInBrowser, keepScreenshot, openInterface, type OpenInterface } from './index.ts';

describeInBrowser('is everything flowing', () => {
  let ui: OpenInterface;
  let tenant: SeededTenant;
  beforeAll(async () => {
    ui = await openInterface();
    tenant = await seedTenant(ui.api, 'Müller & Söhne GmbH');
    const { agents } = ui.api;
    agents.connect(tenant);
    agents.answers['Capabilities'] = {
      version: '0.1.0',
      systems: [{ name: 'PRD', type: 'sap-ecc', details: { client: '100' } }],
      operations: [],
    };
  });
  afterAll(() => ui[Symbol.asyncDispose]());

  test('the overview says what needs a person, and each line leads to the place that fixes it', async () => {
    const { page, complaints, context } = await ui.newPerson({ tenantId: tenant.tenantId, role: 'viewer' });
    await page.goto('/');
    await page.getByRole('status').getByText('1 thing needs a person.').waitFor();
    await keepScreenshot(page, 'overview-attention');
    await page.getByRole('link', { name: /1 record blocked: payment-terms has no entry for ZB30/ }).click();
    await page.waitForURL(`**/mappings/${tenant.integrationId}/payment-terms`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('an agent is enrolled: the commands are shown, and the window turns green when it arrives', async () => {
    const { tenantId } = tenant;
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'admin' });
    await page.goto('/tunnels');
    await page.getByRole('button', { name: 'Enrol an agent', exact: true }).click();
    await page.getByRole('combobox', { name: 'Site' }).click();
    await page.getByRole('option', { name: 'A new site …' }).click();
    await page.getByLabel('Name of the site').fill('Werk Nord 北');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByText('sudo ml-agent enroll eyJ.b.c').waitFor();
    await page.getByText('Waiting for the agent').waitFor();
    await keepScreenshot(page, 'enrolment-waiting');

    const agent = await arrive(tenantId, 'Werk Nord 北');
    await page.getByText('SAP-GW 北京 is enrolled').waitFor();
    ui.api.agents.connect(agent);
    await page.getByText('SAP-GW 北京 is connected').waitFor();
    await keepScreenshot(page, 'enrolment-arrived');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('region', { name: 'Werk Nord 北' }).getByText('connected', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  /** What the gateway does when an agent shows the token that was issued last. */
  async function arrive(tenantId: string, siteName: string) {
    const { db } = ui.api.store;
    const now = Date.now();
    const { id: siteId } = await db.selectFrom('site').select('id').where('name', '=', siteName).executeTakeFirstOrThrow();
    const agent = { agentId: newId('agent', now), tenantId, siteId };
    await addAgent(ui.api, agent);
    await db
      .insertInto('enroll_token')
      .values({
        id: `enr_${'0'.repeat(26)}`,
        tenant_id: tenantId,
        site_id: siteId,
        created_at: now,
        expires_at: now + 60_000,
        used_at: now,
        agent_id: agent.agentId,
      })
      .execute();
    return agent;
  }

  test('an operator pauses a flow and resumes it, asks for a backfill where the flow can, and follows the log of an agent', async () => {
    const { tenantId, integrationId, flowId, agentId, blockedId } = tenant;
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'operator' });
    await page.goto('/integrations');
    await page.getByRole('link', { name: 'SAP vendors' }).first().click();
    await page.waitForURL(`**/integrations/${integrationId}?flow=${flowId}`);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    await page.getByText('paused', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Run now' }).click();
    await page.getByText('A run was asked for').waitFor();
    await page.getByRole('button', { name: 'Sweep or backfill' }).click();
    await page.getByRole('radio', { name: 'Sweep' }).waitFor();
    expect(await page.getByRole('radio', { name: 'Backfill' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();

    const time = '2026-03-01T10:00:00.000Z';
    ui.api.agents.lines.push(
      { level: 'info', time, msg: 'tunnel is up', component: 'agent' },
      { level: 'error', time, msg: 'the post failed: Größe', system: 'PRD', recordId: blockedId },
    );
    await page.goto(`/agents/${agentId}?tab=log`);
    await page.getByText('the post failed: Größe').waitFor();
    await page.getByText('2 lines, following').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('2 lines, paused').waitFor();
    await keepScreenshot(page, 'log');
    expect(await barriersOn(page)).toEqual([]);
    await page.getByLabel('Text').fill('tunnel is');
    await page.getByText('1 lines, paused').waitFor();
    await page.getByLabel('Text').fill('');
    await page.getByLabel('Record', { exact: true }).fill(blockedId);
    await page.getByRole('link', { name: `Record ${blockedId}` }).click();
    await page.waitForURL(`**/records/${blockedId}`);
    expect(ui.api.agents.calls).toContainEqual(
      expect.objectContaining({ agentId, operation: 'LogTail', request: expect.objectContaining({ follow: true, lines: 500 }) }),
    );
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('what an alert says of a run leads to its flow', async () => {
    const { tenantId, integrationId, flowId, runId } = tenant;
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    await page.goto(`/runs/${runId}`);
    await page.waitForURL(`**/integrations/${integrationId}?flow=${flowId}&tab=runs`);
    await page.getByRole('table', { name: 'Runs' }).getByText('full, manual').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the doctor is run from here, and what failed stands first with what to do', async () => {
    const { tenantId, agentId } = tenant;
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'operator' });
    ui.api.agents.answers['Doctor'] = {
      findings: [
        { check: 'relay.clock', result: 'ok', detail: 'differs by 12 ms', fix: '', ms: 3 },
        { check: 'sap.logon:PRD', result: 'failed', detail: 'the user is locked', fix: 'Unlock it in SU01.', ms: 210 },
      ],
    };
    await page.goto(`/agents/${agentId}?tab=doctor`);
    await page.getByRole('button', { name: 'Run the doctor' }).click();
    await page.getByText('1 failed').waitFor();
    expect(await page.getByRole('row').nth(1).innerText()).toContain('Unlock it in SU01.');
    await keepScreenshot(page, 'doctor');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('a viewer sees everything, and no button that changes something', async () => {
    const { tenantId, integrationId, agentId } = tenant;
    const { page, complaints, context } = await ui.newPerson({ tenantId, role: 'viewer' });
    const forbidden = /enrol|rename|revoke|run now|sweep|dry run|pause|resume|doctor|compare/i;
    for (const [path, sign] of [
      ['/overview', 'What needs a person now'],
      ['/tunnels', 'Werk Süd'],
      [`/agents/${agentId}`, 'client'],
      [`/integrations/${integrationId}`, 'Next runs'],
    ] as const) {
      await page.goto(path);
      await page.getByText(sign).first().waitFor();
      expect([path, await barriersOn(page)]).toEqual([path, []]);
      expect([path, await page.getByRole('main').getByRole('button', { name: forbidden }).count()]).toEqual([path, 0]);
    }
    expect(await page.getByRole('switch', { name: 'Flow switched on' }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
