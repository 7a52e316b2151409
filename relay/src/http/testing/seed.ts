import { randomBytes } from 'node:crypto';
import { beginPosting, dueRecords, intake, settlePosting, startRun } from '../../ledger/index.ts';
import { newId } from '../../store/index.ts';
import type { TestApi } from './test-api.ts';

/** Everything that one tenant can have. */
export interface SeededTenant {
  tenantId: string;
  siteId: string;
  agentId: string;
  sapId: string;
  cin7Id: string;
  integrationId: string;
  flowId: string;
  runId: string;
  /** A sweep that was asked for. */
  requestId: string;
  calendarId: string;
  /** Of O'Brien, blocked by a missing entry. */
  blockedId: string;
  /** Of Müller, posted. */
  postedId: string;
}

export const flowId = 'sap-vendors-to-cin7-suppliers';
export const applicationKey = '7d1f0c2a-5b6e-4f3a-9c8d-112233445566';

/** A tenant with a site, an agent, two connections, an integration, a run and two records. */
export async function seedTenant(api: TestApi, name: string): Promise<SeededTenant> {
  const { store, services } = api;
  const { clock } = services;
  const { id: tenantId } = await api.ok('POST', '/tenants', { name });
  const of = `/tenants/${tenantId}`;
  const { id: siteId } = await api.ok('POST', `${of}/sites`, { name: 'Werk Süd' });
  const agentId = newId('agent', clock.now());
  await addAgent(api, { agentId, tenantId, siteId });
  const { id: sapId } = await api.ok('POST', `${of}/connections`, {
    system: 'sap-ecc',
    name: 'SAP PRD 100',
    siteId,
    settings: { agentSystem: 'PRD', client: '100' },
  });
  const { id: cin7Id } = await api.ok('POST', `${of}/connections`, {
    system: 'cin7-core',
    name: 'Cin7',
    settings: { accountId: '4f3c2b1a-1111-4222-8333-444455556666', applicationKey },
  });
  const { id: integrationId } = await api.ok('POST', `${of}/integrations`, {
    name: 'Lieferanten',
    sourceConnectionId: sapId,
    targetConnectionId: cin7Id,
    flows: [{ flowId, settings: { taxRule: 'Tax on Purchases' } }],
  });
  const flow = { tenantId, integrationId, flowId };
  const run = await startRun(store, clock, { flow, mode: 'full', trigger: 'manual' });
  const records = [
    { key: '0000100123', label: 'Müller & Söhne GmbH', payload: { LIFNR: '0000100123' } },
    { key: '0000100124', label: "O'Brien Imports", payload: { LIFNR: '0000100124' } },
  ];
  await intake(store, clock, { flow, runId: run.id, kind: 'master', records, mappingVersion: 'm1' });
  const [posted, blocked] = await dueRecords(store, flow, clock.now(), 10);
  if (!posted || !blocked) throw new Error('the records are not there');
  const attempt = await beginPosting(store, clock, posted, { mappingVersion: 'm1', body: { Name: posted.label }, notes: ['cut to 40'] });
  const result = { targetId: `cin7-${randomBytes(4).toString('hex')}`, targetLabel: 'Müller & Söhne GmbH', action: 'created' };
  if (attempt) await settlePosting(store, clock, { record: posted, attempt }, { state: 'succeeded', result });
  await block(api, { ...flow, recordId: blocked.id });
  const { id: requestId } = await api.ok('POST', `${of}/runs`, { integrationId, flowId, mode: 'sweep' });
  const calendar = { name: 'Jahresabschluss', timeZone: 'Europe/Berlin', integrationId };
  const { id: calendarId } = await api.ok('POST', `${of}/close-calendars`, calendar);
  return {
    tenantId,
    siteId,
    agentId,
    sapId,
    cin7Id,
    integrationId,
    flowId,
    runId: run.id,
    requestId,
    calendarId,
    blockedId: blocked.id,
    postedId: posted.id,
  };
}

export async function addAgent(
  api: TestApi,
  { agentId, tenantId, siteId }: { agentId: string; tenantId: string; siteId: string },
): Promise<void> {
  await api.store.db
    .insertInto('agent')
    .values({
      id: agentId,
      tenant_id: tenantId,
      site_id: siteId,
      name: 'SAP-GW 北京',
      identity_key: randomBytes(32).toString('base64url'),
      sealing_key: randomBytes(32).toString('base64url'),
      version: '0.1.0',
      machine_json: JSON.stringify('SAP-GW (win32)'),
      enrolled_at: api.services.clock.now(),
      revoked_at: null,
      last_seen_at: null,
    })
    .execute();
}

async function block(api: TestApi, waiting: { integrationId: string; recordId: string }): Promise<void> {
  const missing = { valueMapId: 'payment-terms', code: 'ZB30' };
  const reasons = [{ code: 'VALUE_MAP_MISSING', message: 'payment-terms has no entry for ZB30', missing }];
  await api.store.db
    .updateTable('record')
    .set({ state: 'blocked', reason_json: JSON.stringify(reasons) })
    .where('id', '=', waiting.recordId)
    .execute();
  await api.store.db
    .insertInto('missing_entry')
    .values({ integration_id: waiting.integrationId, value_map_id: missing.valueMapId, code: missing.code, record_id: waiting.recordId })
    .execute();
}
