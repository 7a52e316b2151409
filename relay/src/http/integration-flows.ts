import { z } from 'zod';
import type { Flow } from '../flows/index.ts';
import type { ConnectionRow, IntegrationFlowRow } from '../store/index.ts';
import { flowOf } from './catalog-entries.ts';
import { checkFlowSettings } from './flow-settings.ts';
import { ApiError } from './problem.ts';
import type { Services } from './services.ts';

export const flowId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/, { error: 'is not written as the id of a flow' })
  .describe('Id of a flow, as GET /flows lists them');
const settings = z.record(z.string(), z.unknown());
const schedule = z
  .strictObject({
    everySeconds: z.number().min(1).max(31_536_000).optional(),
    sweepEverySeconds: z.number().min(60).max(31_536_000).optional(),
  })
  .describe("What is left out is the flow's own");

/** A flow to be switched on. */
export const newFlow = z.strictObject({
  flowId,
  settings: settings.default({}),
  schedule: schedule.nullable().default(null),
  enabled: z.boolean().default(true),
});
export const changedFlow = z.strictObject({
  settings: settings.optional().describe('All of them: what is left out gets its default'),
  schedule: schedule.nullable().optional(),
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
  return {
    flow_id: flow.id,
    tenant_id: source.tenant_id,
    enabled: given.enabled ? 1 : 0,
    paused: 0,
    settings_json: JSON.stringify(given.settings),
    schedule_json: scheduleJson(given.schedule),
    cursor_json: null,
    next_run_at: null,
    next_sweep_at: null,
    requested_mode: null,
    failures: 0,
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
  const { everySeconds, sweepEverySeconds } = given;
  return JSON.stringify({
    ...(everySeconds !== undefined && { everyMs: Math.round(everySeconds * 1000) }),
    ...(sweepEverySeconds !== undefined && { sweepEveryMs: Math.round(sweepEverySeconds * 1000) }),
  });
}
