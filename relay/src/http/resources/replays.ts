import { z } from 'zod';
import { nextStates, type RecordState } from '../../ledger/index.ts';
import {
  cancelReplay,
  causesOf,
  continueReplay,
  listReplays,
  previewReplay,
  replayItemStates,
  standingStates,
  startReplay,
  viewReplay,
  type RecordSelection,
  type Replay,
} from '../../trials/index.ts';
import { actorOf } from '../caller.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { filterFields } from './records.ts';

const replayParams = tenantParams.extend({ replayId: id('replay') });
const states = Object.keys(nextStates) as [RecordState, ...RecordState[]];
const causeId = z
  .string()
  .regex(/^cause_[0-9a-f]{16}$/, { error: 'is not written as the id of a cause' })
  .describe('As GET …/records/causes names it');

const selection = z.union([
  z.strictObject({ recordIds: z.array(id('record')).min(1).max(10_000) }),
  z.strictObject({ causeId }),
  z.strictObject({ filter: z.strictObject({ ...filterFields, states: z.array(z.enum(states)).min(1).default(['blocked', 'failed']) }) }),
]);

const example = z.object({ recordId: z.string(), key: z.string(), label: z.string(), message: z.string() });

const cause = z
  .object({
    id: causeId,
    integrationId: id('integration'),
    flowId: z.string(),
    code: z.string(),
    message: z.string().describe('Without what differs from record to record'),
    missing: z
      .object({ valueMapId: z.string(), codes: z.array(z.object({ code: z.string(), records: z.int() })) })
      .nullable()
      .describe('Entries that are missing, those holding up most records first'),
    records: z.int(),
    states: z.partialRecord(z.enum(states), z.int()),
    oldestAt: time,
    examples: z.array(example),
    fix: z.string(),
    frees: z.string().describe('What lets these records go'),
  })
  .meta({ id: 'Cause' });

const replayItem = z.object({
  recordId: z.string(),
  resultId: z.string().nullable().describe('The record that carried it: itself, or a new version'),
  outcome: z.object({ state: z.string(), why: z.string() }).nullable(),
});

const replay = z
  .object({
    id: id('replay'),
    state: z.enum(['running', 'stopped', 'done', 'cancelled']).describe('`stopped`: by a record that ended otherwise than foreseen'),
    note: z.string().describe('Why it stopped, or what it waits for'),
    steps: z.int(),
    nextStepSize: z.int(),
    counts: z
      .record(z.enum(replayItemStates), z.int())
      .describe('`left`: not sent yet; `kept`: not sent, as the mapping blocks it or it is under way'),
    surprises: z.array(replayItem),
    kept: z.array(replayItem),
    createdAt: time,
    endedAt: timeOrNull,
  })
  .meta({ id: 'Replay' });

export const causeRoutes: Route[] = [
  defineRoute({
    id: 'records.causes',
    method: 'get',
    path: '/tenants/{tenantId}/records/causes',
    summary: 'What stands still, by cause: how many records, since when, and what would free them',
    description: 'A record with several reasons counts for each of them.',
    role: 'viewer',
    params: tenantParams,
    query: z.strictObject({
      integrationId: id('integration').optional(),
      flowId: z.string().min(1).max(80).optional(),
      state: z.enum(standingStates).optional().describe('Default: all that stand still'),
    }),
    answer: z.object({
      items: z.array(cause),
      examined: z.int().describe('Records looked at'),
      isComplete: z.boolean().describe('false: there are more than are looked at'),
    }),
    async handle({ params, query: { state, ...filter }, services: { store } }) {
      const { causes, ...more } = await causesOf(store, { ...params, ...filter, ...(state && { states: [state] }) });
      return { items: causes.map(({ oldestAt, ...one }) => ({ ...one, oldestAt: isoTime(oldestAt) })), ...more };
    },
  }),
];

export const replayRoutes: Route[] = [
  defineRoute({
    id: 'replays.preview',
    method: 'post',
    path: '/tenants/{tenantId}/replays/preview',
    summary: "How many of these records would pass with today's mapping, and why the others would not; nothing is sent",
    role: 'operator',
    params: tenantParams,
    body: selection,
    answer: z.object({
      selected: z.int(),
      examined: z.int().describe('At most 5,000'),
      wouldPass: z.int(),
      wouldBeSkipped: z.int(),
      stillBlocked: z.int(),
      underWay: z.int().describe('Not touched by a replay'),
      blockedBy: z.array(z.object({ code: z.string(), message: z.string(), records: z.int(), examples: z.array(example) })),
    }),
    handle: async ({ params: { tenantId }, body, services, signal }) => previewReplay(services, tenantId, toSelection(body), signal),
  }),
  defineRoute({
    id: 'replays.start',
    method: 'post',
    path: '/tenants/{tenantId}/replays',
    summary: 'Replays many records in growing steps, and stops at the first surprise',
    description:
      'Steps of 1, 10, 100 … records, oldest first, each after the one before is settled. Records that the mapping still blocks are kept. A ' +
      'record that ends otherwise than the mapping said stops the replay; the rest stays untouched. It goes on after a restart of the relay.',
    role: 'operator',
    params: tenantParams,
    body: selection,
    answer: replay,
    status: 202,
    audited: (body) => ('recordIds' in body ? { records: body.recordIds.length } : body),
    async handle({ params: { tenantId }, body, caller, services }) {
      const { store, clock } = services;
      const replayId = await startReplay(store, clock, { tenantId, selection: toSelection(body), actor: actorOf(caller) });
      return show(await find(services, { tenantId, replayId }));
    },
  }),
  defineRoute({
    id: 'replays.list',
    method: 'get',
    path: '/tenants/{tenantId}/replays',
    summary: 'Replays of a tenant, newest first',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(replay),
    async handle({ params: { tenantId }, query: { limit, cursor }, services: { store } }) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      return toPage({
        rows: await listReplays(store, tenantId, { before, limit: limit + 1 }),
        limit,
        keyOf: (row) => row.id,
        toItem: show,
      });
    },
  }),
  defineRoute({
    id: 'replays.get',
    method: 'get',
    path: '/tenants/{tenantId}/replays/{replayId}',
    summary: 'How far a replay is, and what surprised it',
    role: 'viewer',
    params: replayParams,
    answer: replay,
    handle: async ({ params, services }) => show(await find(services, params)),
  }),
  defineRoute({
    id: 'replays.continue',
    method: 'post',
    path: '/tenants/{tenantId}/replays/{replayId}/continue',
    summary: 'Goes on after a surprise, with a step of one record',
    role: 'operator',
    params: replayParams,
    answer: replay,
    async handle({ params, caller, services }) {
      const { state } = await find(services, params);
      if (!(await continueReplay(services.store, services.clock, { ...params, actor: actorOf(caller) })))
        throw conflict('REPLAY_NOT_STOPPED', `the replay is ${state}`, 'Only a replay that was stopped can go on.');
      return show(await find(services, params));
    },
  }),
  defineRoute({
    id: 'replays.cancel',
    method: 'post',
    path: '/tenants/{tenantId}/replays/{replayId}/cancel',
    summary: 'Ends a replay; what was not sent stays as it is',
    role: 'operator',
    params: replayParams,
    answer: replay,
    async handle({ params, caller, services }) {
      const { state } = await find(services, params);
      if (!(await cancelReplay(services.store, services.clock, { ...params, actor: actorOf(caller) })))
        throw conflict('REPLAY_ENDED', `the replay is ${state} already`, 'There is nothing to do.');
      return show(await find(services, params));
    },
  }),
];

function toSelection(body: z.output<typeof selection>): RecordSelection {
  if (!('filter' in body)) return body;
  const { q, reason, ...filter } = body.filter;
  return { filter: { ...filter, text: q, reasonCode: reason } };
}

async function find({ store }: Services, { tenantId, replayId }: { tenantId: string; replayId: string }): Promise<Replay> {
  const found = await viewReplay(store, tenantId, replayId);
  if (!found) throw notFound('replay', replayId);
  return found;
}

function show({ createdAt, endedAt, ...rest }: Replay): z.input<typeof replay> {
  return { ...rest, createdAt: isoTime(createdAt), endedAt: isoTimeOrNull(endedAt) };
}
