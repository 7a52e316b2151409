import type { WireError } from '@ml-connector/shared';
import { z } from 'zod';
import { newId } from '../../store/index.ts';
import { plain, type Finding } from '../finding.ts';
import { duration, flowNames } from './names.ts';
import { defineRule, type RuleInput } from './rule.ts';
import { weekdayMs } from './weekdays.ts';

/** A flow's reading failed several times in a row. */
export const runFailed = defineRule({
  id: 'run-failed',
  title: 'Runs of a flow fail',
  settings: z.strictObject({ times: z.int().min(1).max(100).default(3).describe('Failed runs in a row before it is told') }),
  async find(input) {
    const { store, tenantId, settings } = input;
    const failing = await activeFlows(input).where('failures', '>=', settings.times).execute();
    const name = await flowNames(input, tenantId);
    const findings: Finding[] = [];
    for (const { integration_id, flow_id, failures } of failing) {
      const runs = await store.db
        .selectFrom('run')
        .select(['id', 'error_json', 'started_at'])
        .where('integration_id', '=', integration_id)
        .where('flow_id', '=', flow_id)
        .where('state', '=', 'failed')
        .where('mode', '<>', 'events')
        .orderBy('id', 'desc')
        .limit(Math.min(failures, 100))
        .execute();
      const [newest] = runs;
      const error = newest?.error_json ? (JSON.parse(newest.error_json) as WireError) : undefined;
      findings.push({
        cause: `${integration_id}/${flow_id}`,
        severity: 'critical',
        title: plain(
          `${failures} runs of ${name(integration_id, flow_id)} failed in a row: ${error?.message ?? 'no reason was written down'}`,
        ),
        since: runs.at(-1)?.started_at ?? input.clock.now(),
        count: null,
        example: newest ? `${newest.id}${error ? ` (${error.code})` : ''}` : null,
        fix: plain(error?.fix ?? 'Look at the newest run; it is tried again by itself.'),
        link: `/runs/${newest?.id ?? ''}`,
      });
    }
    return findings;
  },
});

/** Nothing was read to the end for too long, whatever the reason. */
export const nothingFlowed = defineRule({
  id: 'nothing-flowed',
  title: 'A flow stands still',
  settings: z.strictObject({
    hours: z.int().min(1).max(10_000).default(24).describe('How long a flow may be without a run that ended well'),
    weekdaysOnly: z.boolean().default(true).describe('Saturdays and Sundays do not count'),
    newRecords: z.boolean().default(false).describe('Only runs that brought something new count'),
  }),
  async find(input) {
    const { clock, tenantId, settings, timeZone } = input;
    const now = clock.now();
    const passed = (since: number): number => (settings.weekdaysOnly ? weekdayMs(since, now, timeZone) : now - since);
    const name = await flowNames(input, tenantId);
    const findings: Finding[] = [];
    for (const flow of await activeFlows(input).execute()) {
      const { integration_id, flow_id, changed_at } = flow;
      const endedAt = await lastGoodRun(input, flow);
      // A flow that was just made, or changed, has had no chance yet.
      const since = Math.max(endedAt ?? 0, changed_at);
      if (passed(since) < settings.hours * 3_600_000) continue;
      findings.push({
        cause: `${integration_id}/${flow_id}`,
        severity: 'warning',
        title: plain(`nothing has come through ${name(integration_id, flow_id)} for ${duration(now - since)}`),
        since,
        count: null,
        example: null,
        fix: 'Look at its last runs, at the connection to the source and at its schedule.',
        link: `/runs?integrationId=${integration_id}&flowId=${encodeURIComponent(flow_id)}`,
      });
    }
    return findings;
  },
});

function activeFlows({ store, tenantId }: RuleInput<unknown>) {
  return store.db
    .selectFrom('integration_flow')
    .select(['integration_id', 'flow_id', 'failures', 'changed_at'])
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', 1)
    .where('paused', '=', 0);
}

const farthestMs = 40 * 86_400_000;

async function lastGoodRun(
  { store, clock, settings }: RuleInput<{ newRecords: boolean; hours: number }>,
  { integration_id, flow_id }: { integration_id: string; flow_id: string },
): Promise<number | undefined> {
  let query = store.db
    .selectFrom('run')
    .select('ended_at')
    .where('integration_id', '=', integration_id)
    .where('flow_id', '=', flow_id)
    // Ids tell when a run was made: the index is read back no further than that.
    .where('id', '>', newId('run', clock.now() - Math.max(farthestMs, 2 * settings.hours * 3_600_000)).slice(0, 14))
    .where('state', '=', 'succeeded')
    // What events named was read; that says nothing of what nobody told.
    .where('mode', 'not in', ['replay', 'events']);
  if (settings.newRecords) query = query.where('new_count', '>', 0);
  const run = await query.orderBy('id', 'desc').limit(1).executeTakeFirst();
  return run?.ended_at ?? undefined;
}
