import type {
  AgentRow,
  CloseCalendarRow,
  ConnectionRow,
  IntegrationFlowRow,
  IntegrationRow,
  ReconciliationRow,
  RunRequestRow,
  RunRow,
  SiteRow,
} from '../store/index.ts';
import { notFound } from './problem.ts';
import type { Services } from './services.ts';

type Stored = Pick<Services, 'store'>;

/** Each finds one row of the tenant, or throws a 404 that does not tell whether another tenant has it. */
export async function findSite({ store }: Stored, { tenantId, siteId }: { tenantId: string; siteId: string }): Promise<SiteRow> {
  const row = await store.db.selectFrom('site').selectAll().where('tenant_id', '=', tenantId).where('id', '=', siteId).executeTakeFirst();
  return row ?? refuse('site', siteId);
}

export async function findAgent({ store }: Stored, { tenantId, agentId }: { tenantId: string; agentId: string }): Promise<AgentRow> {
  const row = await store.db.selectFrom('agent').selectAll().where('tenant_id', '=', tenantId).where('id', '=', agentId).executeTakeFirst();
  return row ?? refuse('agent', agentId);
}

export async function findConnection(
  { store }: Stored,
  { tenantId, connectionId }: { tenantId: string; connectionId: string },
): Promise<ConnectionRow> {
  const row = await store.db
    .selectFrom('connection')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', connectionId)
    .executeTakeFirst();
  return row ?? refuse('connection', connectionId);
}

export async function findIntegration(
  { store }: Stored,
  { tenantId, integrationId }: { tenantId: string; integrationId: string },
): Promise<IntegrationRow> {
  const row = await store.db
    .selectFrom('integration')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', integrationId)
    .executeTakeFirst();
  return row ?? refuse('integration', integrationId);
}

export async function findIntegrationFlow(
  { store }: Stored,
  { tenantId, integrationId, flowId }: { tenantId: string; integrationId: string; flowId: string },
): Promise<IntegrationFlowRow> {
  const row = await store.db
    .selectFrom('integration_flow')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .executeTakeFirst();
  return row ?? refuse('flow in this integration', flowId);
}

export async function findRun({ store }: Stored, { tenantId, runId }: { tenantId: string; runId: string }): Promise<RunRow> {
  const row = await store.db.selectFrom('run').selectAll().where('tenant_id', '=', tenantId).where('id', '=', runId).executeTakeFirst();
  return row ?? refuse('run', runId);
}

export async function findRunRequest(
  { store }: Stored,
  { tenantId, requestId }: { tenantId: string; requestId: string },
): Promise<RunRequestRow> {
  const row = await store.db
    .selectFrom('run_request')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', requestId)
    .executeTakeFirst();
  return row ?? refuse('request for a run', requestId);
}

export async function findCloseCalendar(
  { store }: Stored,
  { tenantId, calendarId }: { tenantId: string; calendarId: string },
): Promise<CloseCalendarRow> {
  const row = await store.db
    .selectFrom('close_calendar')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', calendarId)
    .executeTakeFirst();
  return row ?? refuse('close calendar', calendarId);
}

export async function findReconciliation(
  { store }: Stored,
  { tenantId, reconciliationId }: { tenantId: string; reconciliationId: string },
): Promise<ReconciliationRow> {
  const row = await store.db
    .selectFrom('reconciliation')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('id', '=', reconciliationId)
    .executeTakeFirst();
  return row ?? refuse('reconciliation', reconciliationId);
}

function refuse(what: string, id: string): never {
  throw notFound(what, id);
}
