import type { WireError } from '@ml-connector/shared';
import { sql } from 'kysely';
import { z } from 'zod';
import { bucketMs, refusedOutcomes } from '../../webhooks/index.ts';
import { plain, type Finding } from '../finding.ts';
import { duration, flowNames } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';

const minuteMs = 60_000;

/** Somebody sends what is not right, or the system signs with a secret that is not the connection's. */
export const webhooksRefused = defineRule({
  id: 'webhooks-refused',
  title: 'Webhooks are refused',
  settings: z.strictObject({
    atLeast: z.int().min(1).max(1_000_000).default(20).describe('Refused deliveries within the time before it is told'),
    minutes: z.int().min(5).max(1440).default(15).describe('The time that is looked at, in steps of 5 minutes'),
  }),
  async find({ store, clock, tenantId, settings }) {
    const rows = await store.db
      .selectFrom('webhook_count')
      .innerJoin('connection', 'connection.id', 'webhook_count.connection_id')
      .select(['connection_id', 'name', 'outcome', 'bucket_at', 'count'])
      .where('tenant_id', '=', tenantId)
      .where('outcome', 'in', refusedOutcomes)
      .where('bucket_at', '>', clock.now() - settings.minutes * minuteMs - bucketMs)
      .orderBy('bucket_at')
      .execute();
    return [...Map.groupBy(rows, (row) => row.connection_id)].flatMap(([connectionId, of]): Finding[] => {
      const count = of.reduce((sum, row) => sum + row.count, 0);
      const [first] = of;
      if (!first || count < settings.atLeast) return [];
      const byOutcome = [...Map.groupBy(of, ({ outcome }) => outcome)].map(
        ([outcome, some]) => `${outcome} ${some.reduce((sum, row) => sum + row.count, 0)}`,
      );
      return [
        {
          cause: connectionId,
          severity: 'warning',
          title: plain(`${count} webhooks to ${first.name} were refused within ${settings.minutes} minutes`),
          since: first.bucket_at,
          count: null,
          example: byOutcome.join(', '),
          fix: 'Compare the signing secret in the connection with that of the account that made the subscriptions; if it is right, somebody else knows the address: rotate the header secret.',
          link: `/connections/${connectionId}`,
        },
      ];
    });
  },
});

/** The system is not known to send, or what it told of cannot be read. Changes then come with the next poll only. */
export const webhooksBroken = defineRule({
  id: 'webhooks-broken',
  title: 'Webhooks do not work',
  settings: z.strictObject({
    minutes: z
      .int()
      .min(1)
      .max(10_000)
      .default(30)
      .describe('How long subscriptions may fail before it is told; a missing right is told at once'),
    keyHours: z.int().min(1).max(1000).default(2).describe('How long a key that was told of may stay unread'),
  }),
  find: async (input) => [...(await brokenSubscriptions(input)), ...(await unreadKeys(input))],
});

type Input = RuleInput<{ minutes: number; keyHours: number }>;

async function brokenSubscriptions({ store, clock, tenantId, settings }: Input): Promise<Finding[]> {
  const rows = await store.db
    .selectFrom('webhook_endpoint')
    .innerJoin('connection', 'connection.id', 'webhook_endpoint.connection_id')
    .select(['connection_id', 'name', 'keep_failing_since', 'keep_error_json'])
    .where('webhook_endpoint.tenant_id', '=', tenantId)
    .where('keep_error_json', 'is not', null)
    .execute();
  return rows.flatMap(({ connection_id, name, keep_failing_since, keep_error_json }): Finding[] => {
    const since = keep_failing_since ?? clock.now();
    const error = JSON.parse(keep_error_json ?? '{}') as WireError;
    const passes = error.verdict === 'retry' || error.verdict === 'uncertain';
    if (passes && clock.now() - since < settings.minutes * minuteMs) return [];
    return [
      {
        cause: `subscriptions ${connection_id}`,
        severity: 'warning',
        title: plain(`${name} cannot be told to send webhooks: ${error.message}`),
        since,
        count: null,
        example: error.code,
        fix: plain(error.fix ?? 'Look at the webhooks of the connection; it is tried again by itself.'),
        link: `/connections/${connection_id}`,
      },
    ];
  });
}

async function unreadKeys(input: Input): Promise<Finding[]> {
  const { store, clock, tenantId, settings } = input;
  const rows = await store.db
    .selectFrom('dirty_key')
    .innerJoin('integration_flow', (join) =>
      join
        .onRef('integration_flow.integration_id', '=', 'dirty_key.integration_id')
        .onRef('integration_flow.flow_id', '=', 'dirty_key.flow_id'),
    )
    .select(({ fn }) => [
      'dirty_key.integration_id',
      'dirty_key.flow_id',
      fn.countAll<number | string>().as('count'),
      fn.min('first_at').as('since'),
      fn.min('key').as('key'),
      sql<string | null>`max(dirty_key.error_json)`.as('error'),
    ])
    .where('dirty_key.tenant_id', '=', tenantId)
    .where('dirty_key.failures', '>', 0)
    .where('first_at', '<', clock.now() - settings.keyHours * 60 * minuteMs)
    .where('paused', '=', 0)
    .where('enabled', '=', 1)
    .groupBy(['dirty_key.integration_id', 'dirty_key.flow_id'])
    .execute();
  const name = await flowNames(input, tenantId);
  return rows.map(({ integration_id, flow_id, count, since, key, error }): Finding => {
    const fault = error === null ? undefined : (JSON.parse(error) as WireError);
    return {
      cause: `keys ${integration_id}/${flow_id}`,
      severity: 'warning',
      title: plain(
        `${Number(count)} keys of ${name(integration_id, flow_id)} could not be read for ${duration(clock.now() - since)}: ${fault?.message ?? ''}`,
      ),
      since,
      count: null,
      example: key,
      fix: plain(fault?.fix ?? 'Look at the newest run of mode events; it is tried again by itself.'),
      link: `/runs?integrationId=${integration_id}&flowId=${encodeURIComponent(flow_id)}`,
    };
  });
}
