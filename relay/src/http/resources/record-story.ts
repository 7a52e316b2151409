import { z } from 'zod';
import { storyHtml, storyOf, type Story } from '../../audit/index.ts';
import { nextStates, recordActions, type RecordState } from '../../ledger/index.ts';
import { id, tenantParams, time, timeOrNull } from '../ids.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { htmlPage } from '../send-answer.ts';
import { acknowledgement, explanation, reason, reasonsOf } from './records.ts';

const states = Object.keys(nextStates) as [RecordState, ...RecordState[]];

const exportedRecord = z.object({
  id: id('record'),
  key: z.string(),
  label: z.string(),
  version: z.int(),
  state: z.enum(states),
  meaning: z.string(),
  reasons: z.array(reason),
  targetId: z.string().nullable(),
  targetLabel: z.string().nullable(),
  action: z.string().nullable(),
  mappingVersion: z.string().nullable(),
  createdAt: time,
  changedAt: time,
  nextAttemptAt: timeOrNull,
  replayOf: id('record').nullable(),
  supersededBy: id('record').nullable(),
});

const flow = z.object({
  integrationId: id('integration'),
  integration: z.string(),
  flowId: z.string(),
  source: z.string(),
  target: z.string(),
  sourceSystem: z.string(),
  targetSystem: z.string(),
});

const attempt = z.object({
  number: z.int(),
  mappingVersion: z.string(),
  startedAt: time,
  endedAt: timeOrNull,
  outcome: z.string().nullable(),
  body: z.unknown().describe('What was sent'),
  notes: z.array(z.string()).nullable().describe('What the mapping changed on the way'),
  problem: z.unknown().nullable(),
  explanation: explanation.nullable().describe("What the target's own message means, where somebody has described it"),
});

const event = z.object({
  seq: z.int(),
  at: time,
  actor: z.string().describe('`engine`, `person:…`, `token:…`'),
  actorName: z.string().nullable().describe('Of a person or an API token'),
  kind: z.string(),
  data: z.unknown(),
  isDropped: z.boolean().describe('Its content is no longer kept'),
  hash: z.string(),
});

const exportedStory = z
  .object({
    record: exportedRecord,
    actions: z.array(z.enum(recordActions)).describe('What a person can do with it as it stands'),
    flow,
    trigger: z
      .object({ runId: id('run'), mode: z.string(), trigger: z.string(), startedAt: time })
      .nullable()
      .describe('What brought it'),
    payload: z.unknown().describe('What was read from the source; null once it is no longer kept'),
    payloadHash: z.string(),
    changes: z
      .object({ version: z.int(), fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })) })
      .nullable()
      .describe('Against the version before'),
    attempts: z.array(attempt),
    events: z.array(event).describe('Everything that happened, oldest first; chained by hash'),
    link: z
      .object({ key: z.string(), targetId: z.string(), targetLabel: z.string().nullable(), recordId: id('record'), changedAt: time })
      .nullable(),
    acknowledgement: acknowledgement.nullable(),
    versions: z.array(z.object({ id: id('record'), version: z.int(), state: z.enum(states), createdAt: time })).describe('Newest first'),
    verification: z.object({
      intact: z.boolean(),
      detail: z.string(),
      anchors: z.array(z.object({ number: z.int(), day: z.string(), seq: z.int(), fits: z.boolean() })),
    }),
  })
  .meta({ id: 'ExportedStory' });

export const recordStoryRoutes: Route[] = [
  defineRoute({
    id: 'records.story',
    method: 'get',
    path: '/tenants/{tenantId}/records/{recordId}/story',
    summary: "A record's whole story, to be handed on: as JSON, or as a page that stands by itself",
    description:
      'Trigger, payload and its difference to the version before, every attempt with its body, every call with request and answer, waits, ' +
      'retries, ids on both sides, and whether the trail is as it was written. What is named like a secret is covered.',
    role: 'viewer',
    params: tenantParams.extend({ recordId: id('record') }),
    query: z.strictObject({ format: z.enum(['json', 'html']).default('json').describe('html answers text/html') }),
    answer: exportedStory,
    async handle({ params: { tenantId, recordId }, query: { format }, services: { store } }) {
      const story = await storyOf(store, tenantId, recordId);
      if (!story) throw notFound('record', recordId);
      return format === 'html' ? (htmlPage(storyHtml(story)) as unknown as Shown) : show(story);
    },
  }),
];

type Shown = z.input<typeof exportedStory>;

function show({ record, attempts, versions, ...story }: Story): Shown {
  return {
    ...story,
    record: { ...record, state: record.state as RecordState, reasons: reasonsOf(JSON.stringify(record.reasons)) },
    attempts: attempts.map(({ notes, ...one }) => ({
      ...one,
      notes: z.array(z.string()).safeParse(notes).data ?? null,
      explanation: explanation.safeParse((one.problem as { facts?: Record<string, unknown> } | null)?.facts?.['explanation']).data ?? null,
    })),
    versions: versions.map((one) => ({ ...one, state: one.state as RecordState })),
  };
}
