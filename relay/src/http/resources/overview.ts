import { z } from 'zod';
import { countRecords, haltOf } from '../../ledger/index.ts';
import { id, tenantParams } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';

const count = z.int();
const overview = z
  .object({
    records: z.record(z.string(), count).describe('How many records are in each state'),
    agents: z.object({ enrolled: count, connected: count }),
    connections: z.object({
      total: count,
      halted: z.array(z.object({ id: id('connection'), name: z.string(), code: z.string(), message: z.string(), fix: z.string() })),
    }),
    integrations: z.object({ total: count, pausedFlows: count, failingFlows: count }),
    runs: z.object({ running: count, failedLastDay: count }),
    missingEntries: count.describe('Codes of value maps that records wait for'),
  })
  .meta({ id: 'Overview' });

export const overviewRoutes: Route[] = [
  defineRoute({
    id: 'overview.get',
    method: 'get',
    path: '/tenants/{tenantId}/overview',
    summary: 'Is everything flowing, and what needs a person',
    role: 'viewer',
    params: tenantParams,
    answer: overview,
    async handle({ params: { tenantId }, services: { store, gateway, clock } }) {
      const { db } = store;
      const agents = await db.selectFrom('agent').select('id').where('tenant_id', '=', tenantId).where('revoked_at', 'is', null).execute();
      const connections = await db.selectFrom('connection').selectAll().where('tenant_id', '=', tenantId).execute();
      const integrations = await db.selectFrom('integration').select('id').where('tenant_id', '=', tenantId).execute();
      const flows = await db.selectFrom('integration_flow').select(['paused', 'failures']).where('tenant_id', '=', tenantId).execute();
      const runs = await db
        .selectFrom('run')
        .select('state')
        .where('tenant_id', '=', tenantId)
        .where('state', 'in', ['running', 'failed'])
        .where((one) => one.or([one('state', '=', 'running'), one('started_at', '>', clock.now() - 86_400_000)]))
        .execute();
      const missing = await db
        .selectFrom('missing_entry')
        .innerJoin('integration', 'integration.id', 'missing_entry.integration_id')
        .select(['missing_entry.integration_id', 'missing_entry.value_map_id', 'missing_entry.code'])
        .distinct()
        .where('integration.tenant_id', '=', tenantId)
        .execute();
      return {
        records: await countRecords(store, { tenantId }),
        agents: { enrolled: agents.length, connected: gateway.sessions().filter((session) => session.tenantId === tenantId).length },
        connections: {
          total: connections.length,
          halted: connections.flatMap((row) => {
            const halt = haltOf(row);
            return halt ? [{ id: row.id, name: row.name, code: halt.code, message: halt.message, fix: halt.fix ?? '' }] : [];
          }),
        },
        integrations: {
          total: integrations.length,
          pausedFlows: flows.filter((flow) => flow.paused === 1).length,
          failingFlows: flows.filter((flow) => flow.failures > 0).length,
        },
        runs: {
          running: runs.filter((run) => run.state === 'running').length,
          failedLastDay: runs.filter((run) => run.state === 'failed').length,
        },
        missingEntries: missing.length,
      };
    },
  }),
];
