import type { WireError } from '@ml-connector/shared';
import { z } from 'zod';
import {
  acknowledgeNow,
  nextStates,
  recordStory,
  removeLink,
  replayRecords,
  searchRecords,
  stateMeanings,
  type RecordState,
  type RecordStory,
} from '../../ledger/index.ts';
import type { AcknowledgementRow, AttemptRow, EventRow, RecordRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from '../paging.ts';
import { conflict, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

const states = Object.keys(nextStates) as [RecordState, ...RecordState[]];
export const recordParams = tenantParams.extend({ recordId: id('record') });

export const reason = z.object({
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  missing: z.object({ valueMapId: z.string(), code: z.string() }).nullable(),
});

export const record = z
  .object({
    id: id('record'),
    integrationId: id('integration'),
    flowId: z.string(),
    runId: id('run'),
    key: z.string().describe('Identity in the source'),
    label: z.string(),
    version: z.int().describe('1, 2, 3 … per key'),
    state: z.enum(states),
    meaning: z.string().describe('What the state means'),
    reasons: z.array(reason).describe('Why it is in this state'),
    attempts: z.int(),
    nextAttemptAt: timeOrNull,
    uncertainSince: timeOrNull.describe('Since when nobody knows whether the target applied it'),
    action: z.string().nullable().describe('`created`, `updated` or `unchanged`, once succeeded'),
    targetId: z.string().nullable(),
    targetLabel: z.string().nullable(),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: 'Record' });

export const explanation = z.object({
  message: z.string().describe('The message: `F5 201`'),
  meaning: z.string(),
  cause: z.string(),
  who: z.string().describe('Who repairs it'),
  transaction: z.string().describe('Where, and what to do there'),
  retryHelps: z.enum(['yes', 'after the repair', 'no']),
});

const attempt = z.object({
  number: z.int(),
  mappingVersion: z.string(),
  body: z.unknown().describe('What was sent'),
  notes: z.array(z.string()).describe('What the mapping changed on the way'),
  startedAt: time,
  endedAt: timeOrNull,
  outcome: z.string().nullable(),
  problem: z.unknown().nullable(),
  explanation: explanation.nullable().describe("What the target's own message means, where somebody has described it"),
});

const event = z.object({ seq: z.int(), at: time, actor: z.string(), kind: z.string(), data: z.unknown(), hash: z.string() });

export const acknowledgement = z
  .object({ failures: z.int(), nextAttemptAt: timeOrNull, problem: z.unknown().nullable() })
  .meta({ id: 'Acknowledgement' });

const story = record
  .extend({
    payload: z.unknown().describe('What was read from the source'),
    payloadHash: z.string(),
    mappingVersion: z.string().nullable(),
    replayOf: id('record').nullable(),
    supersededBy: id('record').nullable(),
    attemptList: z.array(attempt),
    events: z.array(event).describe('Everything that happened, oldest first; chained by hash'),
    link: z.object({ targetId: z.string(), targetLabel: z.string(), recordId: z.string(), changedAt: time }).nullable(),
    acknowledgement: acknowledgement
      .nullable()
      .describe('Its source is still to be told of the success; without a next attempt, the source refused it'),
    versions: z.array(z.object({ id: id('record'), version: z.int(), state: z.enum(states), createdAt: time })),
  })
  .meta({ id: 'RecordStory' });

export const filterFields = {
  q: z.string().min(1).max(200).optional().describe('Any id, key (leading zeros may be left out), target id, or part of a name'),
  integrationId: id('integration').optional(),
  flowId: z.string().min(1).max(80).optional(),
  runId: id('run').optional(),
  reason: z.string().min(1).max(80).optional().describe('Code of a reason: VALUE_MAP_MISSING'),
};
const stateList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(states)).min(1))
  .meta({ override: { type: 'string' }, description: 'One state or several, separated by commas', example: 'blocked,failed' });

const selection = z.union([
  z.strictObject({ recordIds: z.array(id('record')).min(1).max(1000) }),
  z.strictObject({
    filter: z.strictObject({ ...filterFields, states: z.array(z.enum(states)).min(1).default(['blocked', 'failed']) }),
  }),
]);

export const recordRoutes: Route[] = [
  defineRoute({
    id: 'records.list',
    method: 'get',
    path: '/tenants/{tenantId}/records',
    summary: 'Records of a tenant, newest first; found by any id of either side, or a name',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ ...filterFields, state: stateList.optional() }),
    answer: pageOf(record),
    async handle({ params: { tenantId }, query: { limit, cursor, q, state, reason, ...filter }, services: { store } }) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      const page = await searchRecords(store, { tenantId, ...filter, text: q, states: state, reasonCode: reason }, { before, limit });
      return { items: page.records.map(showRecord), nextCursor: page.next === null ? null : encodeCursor(page.next) };
    },
  }),
  defineRoute({
    id: 'records.get',
    method: 'get',
    path: '/tenants/{tenantId}/records/{recordId}',
    summary: "A record's whole story: payload, every attempt with what was sent, every call and answer, its versions",
    role: 'viewer',
    params: recordParams,
    answer: story,
    async handle({ params: { tenantId, recordId }, services }) {
      const found = await recordStory(services.store, tenantId, recordId);
      if (!found) throw notFound('record', recordId);
      return showStory(found);
    },
  }),
  defineRoute({
    id: 'records.unlink',
    method: 'delete',
    path: '/tenants/{tenantId}/records/{recordId}/link',
    summary: "Forgets which object of the target is this record's",
    description:
      'For an object that was deleted there, or is another one. The next post looks for it anew, as at the first time, and creates it only ' +
      'where the target has none: replay the record afterwards.',
    role: 'operator',
    params: recordParams,
    status: 204,
    async handle({ params, caller, services: { store, clock } }) {
      const outcome = await removeLink(store, clock, { ...params, actor: actorOf(caller) });
      if (outcome === 'none') throw notFound('link of record', params.recordId);
      if (outcome === 'in use')
        throw conflict('LINK_IN_USE', 'a version of this record is being sent or looked up', 'Try again when it is finished.');
    },
  }),
  defineRoute({
    id: 'records.acknowledge',
    method: 'post',
    path: '/tenants/{tenantId}/records/{recordId}/acknowledge',
    summary: 'Tells the source now what became of the record',
    description:
      'For what the source refused before, or is to take at once. Conflicts when nothing is to be told. Never sends the record again.',
    role: 'operator',
    params: recordParams,
    status: 202,
    answer: acknowledgement,
    async handle({ params, caller, services: { store, clock } }) {
      const found = await recordStory(store, params.tenantId, params.recordId);
      if (!found) throw notFound('record', params.recordId);
      const waiting = found.acknowledgement;
      if (waiting && (await acknowledgeNow(store, clock, { ...params, actor: actorOf(caller) })))
        return showAcknowledgement({ ...waiting, next_attempt_at: clock.now() });
      throw conflict(
        'NOTHING_TO_TELL',
        `the source of record ${params.recordId} is not to be told anything`,
        'It was told, or need not be.',
      );
    },
  }),
  defineRoute({
    id: 'records.replay',
    method: 'post',
    path: '/tenants/{tenantId}/records/replay',
    summary: "Maps and posts records again, with today's mapping",
    description:
      'Records that wait or were refused go out again. A finished record becomes a new version: an update of what the target holds, ' +
      'never a second creation. A filter takes blocked and failed records unless it names other states.',
    role: 'operator',
    params: tenantParams,
    body: selection,
    answer: z
      .object({
        released: z.array(id('record')).describe('Go out again'),
        created: z.array(id('record')).describe('New versions of finished records'),
        untouched: z.array(id('record')).describe('Already under way'),
      })
      .meta({ id: 'ReplayResult' }),
    audited: (body) => body,
    async handle({ params: { tenantId }, body, caller, services: { store, clock } }) {
      if ('recordIds' in body) return replayRecords(store, clock, { tenantId, recordIds: body.recordIds }, actorOf(caller));
      const { q, reason, ...filter } = body.filter;
      return replayRecords(store, clock, { filter: { tenantId, ...filter, text: q, reasonCode: reason } }, actorOf(caller));
    },
  }),
];

export function showRecord(row: RecordRow): z.input<typeof record> {
  const state = row.state as RecordState;
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    runId: row.run_id,
    key: row.key,
    label: row.label,
    version: row.version,
    state,
    meaning: stateMeanings[state],
    reasons: reasonsOf(row.reason_json),
    attempts: row.attempts,
    nextAttemptAt: isoTimeOrNull(row.next_attempt_at),
    uncertainSince: isoTimeOrNull(state === 'uncertain' ? row.changed_at : null),
    action: row.action,
    targetId: row.target_id,
    targetLabel: row.target_label,
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}

export function reasonsOf(json: string | null): z.input<typeof reason>[] {
  const reasons = json === null ? [] : (JSON.parse(json) as Partial<z.input<typeof reason>>[]);
  return reasons.map(({ code = '', message = '', fix = '', missing = null }) => ({ code, message, fix, missing }));
}

function showStory({ record: row, attempts, events, link, acknowledgement: untold, versions }: RecordStory): z.input<typeof story> {
  return {
    ...showRecord(row),
    payload: JSON.parse(row.payload_json) as unknown,
    payloadHash: row.payload_hash,
    mappingVersion: row.mapping_version,
    replayOf: row.replay_of,
    supersededBy: row.superseded_by,
    attemptList: attempts.map(showAttempt),
    events: events.map(showEvent),
    link: link
      ? { targetId: link.target_id, targetLabel: link.target_label, recordId: link.record_id, changedAt: isoTime(link.changed_at) }
      : null,
    acknowledgement: untold ? showAcknowledgement(untold) : null,
    versions: versions.map(({ id, version, state, created_at }) => ({
      id,
      version,
      state: state as RecordState,
      createdAt: isoTime(created_at),
    })),
  };
}

function showAcknowledgement({
  failures,
  next_attempt_at: nextAttemptAt,
  error_json: error,
}: AcknowledgementRow): z.input<typeof acknowledgement> {
  return { failures, nextAttemptAt: isoTimeOrNull(nextAttemptAt), problem: error === null ? null : (JSON.parse(error) as unknown) };
}

function showAttempt(row: AttemptRow): z.input<typeof attempt> {
  const problem = row.error_json === null ? null : (JSON.parse(row.error_json) as WireError);
  return {
    number: row.number,
    mappingVersion: row.mapping_version,
    body: JSON.parse(row.body_json) as unknown,
    notes: JSON.parse(row.notes_json) as string[],
    startedAt: isoTime(row.started_at),
    endedAt: isoTimeOrNull(row.ended_at),
    outcome: row.outcome,
    problem,
    explanation: explanation.safeParse(problem?.facts?.['explanation']).data ?? null,
  };
}

function showEvent({ seq, at, actor, kind, data_json, hash }: EventRow): z.input<typeof event> {
  return { seq, at: isoTime(at), actor, kind, data: JSON.parse(data_json) as unknown, hash };
}
