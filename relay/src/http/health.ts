import type { Express } from 'express';
import { sql } from 'kysely';
import { countFailedSignIns } from './failed-sign-ins.ts';
import type { Gauge, Metrics } from './metrics.ts';
import type { ApiLimits } from './mount.ts';
import { ApiError } from './problem.ts';
import type { Services } from './services.ts';
import { signIn } from './sign-in.ts';

/** Counters of the HTTP side, for `countMetrics`. */
export const httpCounters = {
  mlrelay_http_requests_total: 'Answered HTTP requests by method and status',
  mlrelay_webhooks_total: 'Webhook deliveries by system and outcome',
} as const;

/** An answer to a system counts among all answers, and by what became of the delivery. */
export function countWebhook(metrics: Metrics, { system, outcome, status }: { system: string; outcome: string; status: number }): void {
  metrics.count('mlrelay_http_requests_total', { method: 'POST', status: String(status) });
  metrics.count('mlrelay_webhooks_total', { system, outcome });
}

/**
 * `/healthz`: the process answers. `/readyz`: the database answers as well. `/metrics`: Prometheus text, for tokens of all tenants, since
 * it tells how much business goes through.
 */
export function mountHealth(app: Express, services: Services, limits: ApiLimits): void {
  const failed = countFailedSignIns({ clock: services.clock, perMinute: limits.failedSignInsPerMinute });
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  app.get('/readyz', async (_request, response) => {
    await sql`select 1`.execute(services.store.db).catch((cause: unknown) => {
      services.log.error({ err: cause }, 'the database does not answer');
      throw new ApiError(503, 'DATABASE_DOWN', 'the database does not answer', { fix: 'Look for the cause in the relay log.' });
    });
    response.json({ status: 'ready' });
  });
  app.get('/metrics', async (request, response) => {
    const caller = await signIn(request, services, failed);
    if (caller.grants.everywhere === null) throw new ApiError(403, 'TENANT_TOKEN', 'metrics are for tokens of all tenants');
    response.type('text/plain; version=0.0.4').send(services.metrics.text(await gauges(services)));
  });
}

async function gauges({ store, gateway }: Services): Promise<Gauge[]> {
  const { db } = store;
  const records = await db
    .selectFrom('record')
    .select(({ fn }) => ['state', fn.countAll<number | string>().as('count')])
    .groupBy('state')
    .execute();
  const halted = await db.selectFrom('connection').select('id').where('halted_json', 'is not', null).execute();
  return [
    {
      name: 'mlrelay_records',
      help: 'Records by state',
      values: records.map(({ state, count }) => ({ labels: { state }, value: Number(count) })),
    },
    { name: 'mlrelay_tunnels_up', help: 'Agents connected to this relay', values: [{ value: gateway.sessions().length }] },
    { name: 'mlrelay_connections_halted', help: 'Connections that need a person', values: [{ value: halted.length }] },
  ];
}
