import { z } from 'zod';
import type { Flow } from '../flows/index.ts';
import type { ConnectionRow, IntegrationFlowRow } from '../store/index.ts';
import { firstPlan, scheduleOf, type StoredSchedule } from '../engine/index.ts';
import { flowOf } from './catalog-entries.ts';
import { checkFlowSettings } from './flow-settings.ts';
import { ApiError } from './problem.ts';
import type { Services } from './services.ts';
import { cronPattern, forMinutes, timeZone } from './timing-fields.ts';

export const flowId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/, { error: 'is not written as the id of a flow' })
  .describe('Id of a flow, as GET /flows lists them');
const settings = z.record(z.string(), z.unknown());
const schedule = z
  .strictObject({
    everySeconds: z.number().min(1).max(31_536_000).optional().describe('From the end of one run to the next'),
    cron: cronPattern.optional(),
    sweepEverySeconds: z.number().min(60).max(31_536_000).optional(),
    sweepCron: cronPattern.optional().describe('Looks at every key, by cron pattern'),
    timeZone: timeZone.optional().describe('Of the patterns; default UTC'),
  })
  .superRefine(({ everySeconds, cron, sweepEverySeconds, sweepCron }, context) => {
    const both = 'cannot be given together with the seconds';
    if (everySeconds !== undefined && cron !== undefined) context.addIssue({ code: 'custom', path: ['cron'], message: both });
    if (sweepEverySeconds !== undefined && sweepCron !== undefined)
      context.addIssue({ code: 'custom', path: ['sweepCron'], message: both });
  })
  .describe("What is left out is the flow's own");
const posting = z
  .strictObject({
    cron: cronPattern.optional().describe('When records are posted; left out: at once'),
    timeZone: timeZone.optional().describe('Of pattern and age limit; default UTC'),
    forMinutes: forMinutes
      .optional()
      .describe('How long posting is open each time; left out: what was read before that time goes out, however long it takes'),
    maxAgeDays: z.int().min(0).max(3650).optional().describe('Documents of older business days wait for approval'),
  })
  .superRefine(({ cron, forMinutes: minutes }, context) => {
    if (minutes !== undefined && cron === undefined)
      context.addIssue({ code: 'custom', path: ['forMinutes'], message: 'needs cron beside it' });
  });

/** A flow to be switched on. */
export const newFlow = z.strictObject({
  flowId,
  settings: settings.default({}),
  schedule: schedule.nullable().default(null),
  posting: posting.nullable().default(null),
  enabled: z.boolean().default(true),
});
export const changedFlow = z.strictObject({
  settings: settings.optional().describe('All of them: what is left out gets its default'),
  schedule: schedule.nullable().optional(),
  posting: posting.nullable().optional().describe('All of its fields: what is left out holds no longer; null: posted at once'),
  enabled: z.boolean().optional(),
  paused: z.boolean().optional(),
});

/** The row of a flow between two connections; a 400 when it goes between other systems, or its settings do not fit. `at`: place in the body. */
export function newFlowRow(
  services: Services,
  { source, target, given, at }: { source: ConnectionRow; target: ConnectionRow; given: z.output<typeof newFlow>; at: PropertyKey[] },
): Omit<IntegrationFlowRow, 'integration_id'> {
  const flow = flowOf(services, given.flowId);
  refuseUnfit(flow, source, target);
  checkFlowSettings(flow, given.settings, at);
  refuseUnknownAge(flow, given.posting);
  const schedule_json = scheduleJson(given.schedule);
  return {
    flow_id: flow.id,
    tenant_id: source.tenant_id,
    enabled: given.enabled ? 1 : 0,
    paused: 0,
    settings_json: JSON.stringify(given.settings),
    schedule_json,
    cursor_json: null,
    ...firstPlan(scheduleOf(flow, { schedule_json }), null, services.clock.now()),
    failures: 0,
    posting_json: given.posting && JSON.stringify(given.posting),
    post_now_at: null,
    changed_at: services.clock.now(),
  };
}

function refuseUnfit(flow: Flow, source: ConnectionRow, target: ConnectionRow): void {
  const faults = [
    ...(source.system === flow.from ? [] : [{ path: 'sourceConnectionId', message: `must be a connection to ${flow.from}` }]),
    ...(target.system === flow.to ? [] : [{ path: 'targetConnectionId', message: `must be a connection to ${flow.to}` }]),
  ];
  if (faults.length === 0) return;
  throw new ApiError(
    400,
    'FLOW_UNFIT',
    `flow ${flow.id} goes from ${flow.from} to ${flow.to}, not from ${source.system} to ${target.system}`,
    {
      errors: faults,
      fix: 'Choose other connections or another flow.',
    },
  );
}

export function scheduleJson(given: z.output<typeof schedule> | null): string | null {
  if (given === null) return null;
  const { everySeconds, sweepEverySeconds, ...patterns } = given;
  const stored: StoredSchedule = {
    ...(everySeconds !== undefined && { everyMs: Math.round(everySeconds * 1000) }),
    ...(sweepEverySeconds !== undefined && { sweepEveryMs: Math.round(sweepEverySeconds * 1000) }),
    ...patterns,
  };
  return JSON.stringify(stored);
}

/** An age limit needs a flow whose records have a business day. */
export function refuseUnknownAge(flow: Flow, given: z.output<typeof posting> | null | undefined): void {
  if (given?.maxAgeDays === undefined || flow.businessDate) return;
  throw new ApiError(400, 'AGE_UNKNOWN', `records of flow ${flow.id} have no business day`, {
    errors: [{ path: 'posting.maxAgeDays', message: 'is not possible for this flow' }],
    fix: 'Leave maxAgeDays out.',
  });
}
