import { traitsOf } from '../../engine/index.ts';
import { z } from 'zod';
import {
  approvableReasons,
  approveRecords,
  lastAttempt,
  outcomeUnknown,
  recordStory,
  settleLookup,
  skippableStates,
  skipRecords,
  type Decided,
  type ReplaySelection,
} from '../../ledger/index.ts';
import { actorOf } from '../caller.ts';
import { id, tenantParams } from '../ids.ts';
import { conflict, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { filterFields, record, recordParams, showRecord } from './records.ts';

const recordIds = z.array(id('record')).min(1).max(1000);
const because = z.string().trim().min(1).max(500).describe("Why, for the record's story");
const { reason: _code, ...filter } = filterFields;

const decided = z
  .object({
    changed: z.array(id('record')),
    untouched: z.array(id('record')).describe('In a state in which this says nothing'),
  })
  .meta({ id: 'DecidedRecords' });

const skipping = z.union([
  z.strictObject({ recordIds, reason: because }),
  z.strictObject({
    filter: z.strictObject({ ...filterFields, states: z.array(z.enum(skippableStates)).min(1) }),
    reason: because,
  }),
]);

const approving = z.union([
  z.strictObject({ recordIds, reason: because }),
  z.strictObject({ filter: z.strictObject({ ...filter, reason: z.enum(approvableReasons) }), reason: because }),
]);

const found = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('posted'), targetId: z.string().trim().min(1).max(200), reason: because }),
  z.strictObject({ outcome: z.literal('notPosted'), reason: because }),
]);

export const recordDecisionRoutes: Route[] = [
  defineRoute({
    id: 'records.skip',
    method: 'post',
    path: '/tenants/{tenantId}/records/skip',
    summary: 'Takes records out that are not to be posted: they were entered by hand, or are not wanted',
    description:
      'For pending, failed, waiting and blocked records. What waited for them goes on. A replay brings one back as a new version.',
    role: 'operator',
    params: tenantParams,
    body: skipping,
    answer: decided,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, caller, services: { store, clock } }): Promise<Decided> {
      const states = 'filter' in body ? body.filter.states : undefined;
      return skipRecords(store, clock, selected(tenantId, body, { states }), { actor: actorOf(caller), reason: body.reason });
    },
  }),
  defineRoute({
    id: 'records.approve',
    method: 'post',
    path: '/tenants/{tenantId}/records/approve',
    summary: 'Lets records go that wait for approval: older than the limit, of a closed period, or changed since they were taken out',
    role: 'operator',
    params: tenantParams,
    body: approving,
    answer: decided,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, caller, services: { store, clock } }): Promise<Decided> {
      const decision = { actor: actorOf(caller), reason: body.reason };
      return approveRecords(store, clock, selected(tenantId, body, { states: ['waiting'] }), decision);
    },
  }),
  defineRoute({
    id: 'records.decide',
    method: 'post',
    path: '/tenants/{tenantId}/records/{recordId}/outcome',
    summary: 'Says what a person found in the target about a record whose outcome nobody knows',
    description:
      'Only for an uncertain record with the reason OUTCOME_UNKNOWN: before that the relay itself is still finding out. `posted` is linked to ' +
      'the object; `notPosted` is sent again.',
    role: 'operator',
    params: recordParams,
    body: found,
    answer: record,
    audited: (body) => body,
    async handle({ params, body, caller, services }) {
      const { store, clock } = services;
      const story = await recordStory(store, params.tenantId, params.recordId);
      if (!story) throw notFound('record', params.recordId);
      if (story.record.state !== 'uncertain' || !story.record.reason_json?.includes(`"${outcomeUnknown}"`))
        throw conflict('OUTCOME_NOT_ASKED', `record ${params.recordId} does not wait for a person to say this`, 'Leave it to the relay.');
      const last = await lastAttempt(store, params.recordId);
      const flow = services.flows.find(({ id }) => id === story.record.flow_id);
      const { reason } = body;
      const result = { targetId: body.outcome === 'posted' ? body.targetId : '', targetLabel: story.record.label, action: 'created' };
      const outcome =
        body.outcome === 'posted'
          ? ({ outcome: 'applied', result } as const)
          : ({ outcome: 'absent', nextAttemptAt: clock.now() } as const);
      const decided = {
        record: story.record,
        body: last?.body,
        ...(flow ? traitsOf(flow) : { kind: 'document' as const }),
        actor: actorOf(caller),
      };
      await settleLookup(store, clock, decided, { ...outcome, reason });
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showRecord((await recordStory(store, params.tenantId, params.recordId))?.record ?? story.record);
    },
  }),
];

type Selected = z.output<typeof skipping> | z.output<typeof approving>;
type States = Extract<ReplaySelection, { filter: unknown }>['filter']['states'];

function selected(tenantId: string, body: Selected, { states }: { states: States }): ReplaySelection {
  if ('recordIds' in body) return { tenantId, recordIds: body.recordIds };
  const { q, reason, integrationId, flowId, runId } = body.filter;
  return { filter: { tenantId, integrationId, flowId, runId, text: q, states, reasonCode: reason } };
}
