import { z } from 'zod';
import { sendAnchor } from '../../alerts/index.ts';
import { faultMeanings, lastCheck, makeAnchor, runCheck, setRetention, retentionOf, type FaultKind } from '../../audit/index.ts';
import type { AuditAnchorRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const anchor = z
  .object({
    number: z.int().describe('1, 2, 3 … per tenant'),
    kind: z.string().describe('`day`, `now`, or `removal` by the retention'),
    day: z.string().describe('UTC'),
    throughAt: time.describe('Everything dated until then is anchored'),
    madeAt: time,
    chains: z.int().describe('How many trails it commits to'),
    hash: z.string(),
    prevHash: z.string(),
    keyId: z.string(),
    signature: z.string(),
  })
  .meta({ id: 'AuditAnchor' });

const fault = z.object({
  subjectId: z.string().nullable().describe('Record, run, connection …; null: an anchor itself'),
  seq: z.int().describe('Of the event; of the anchor where there is no subject'),
  fault: z.enum(Object.keys(faultMeanings) as [FaultKind, ...FaultKind[]]),
  day: z.string(),
  detail: z.string(),
});

const verification = z
  .object({
    state: z.enum(['never', 'running', 'intact', 'damaged', 'failed']),
    startedAt: timeOrNull,
    endedAt: timeOrNull,
    events: z.int().describe('Looked at so far'),
    chains: z.int().nullable(),
    anchoredThrough: timeOrNull,
    faultCount: z.int(),
    faults: z.array(fault).describe('The first 1000'),
    problem: z.string().nullable().describe('Why it could not be verified'),
  })
  .meta({ id: 'AuditVerification' });

const days = z.int().min(1).max(36_500).nullable();
const retention = z.strictObject({
  detailDays: days.describe('Payloads of old versions, bodies, and what calls sent and got; of finished records and runs'),
  eventDays: days.describe('Trails of old versions; the content of the trails of newest versions. Of finished records'),
  runDays: days.describe('Runs that brought no record'),
  webhookDays: days.default(30).describe('Webhook events that were looked at'),
});
const retentionView = retention
  .extend({
    last: z
      .object({ at: time, details: z.int(), trails: z.int(), runs: z.int(), damaged: z.int().describe('Left alone, as evidence') })
      .nullable(),
  })
  .meta({ id: 'Retention' });

export const auditTrailRoutes: Route[] = [
  defineRoute({
    id: 'audit.anchors.list',
    method: 'get',
    path: '/tenants/{tenantId}/audit/anchors',
    summary: 'Anchors of the audit trail, newest first',
    role: 'admin',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(anchor),
    async handle({ params: { tenantId }, query: { limit, cursor }, services: { store } }) {
      let rows = store.db.selectFrom('audit_anchor').selectAll().where('tenant_id', '=', tenantId).orderBy('number', 'desc');
      if (cursor !== undefined) rows = rows.where('number', '<', Number(decodeCursor(cursor)));
      return toPage({ rows: await rows.limit(limit + 1).execute(), limit, keyOf: ({ number }) => String(number), toItem: showAnchor });
    },
  }),
  defineRoute({
    id: 'audit.anchors.make',
    method: 'post',
    path: '/tenants/{tenantId}/audit/anchors',
    summary: 'Anchors the audit trail up to a quarter of an hour ago',
    description: 'To be kept outside of the relay: with it, whoever can change the database cannot make anybody forget what was there.',
    role: 'admin',
    params: tenantParams,
    answer: anchor,
    status: 201,
    async handle({ params: { tenantId }, caller, services }) {
      const made = await makeAnchor(services, { tenantId, kind: 'now', actor: actorOf(caller) });
      if (!made) throw conflict('ANCHORED', 'everything is anchored already', 'Nothing has to be done.');
      await sendAnchor(services, made);
      const { throughAt, madeAt, headCount, ...rest } = made;
      return { ...rest, throughAt: isoTime(throughAt), madeAt: isoTime(madeAt), chains: headCount };
    },
  }),
  defineRoute({
    id: 'audit.verification.get',
    method: 'get',
    path: '/tenants/{tenantId}/audit/verification',
    summary: 'The last verification of the audit trail, or the one under way with its progress',
    role: 'admin',
    params: tenantParams,
    answer: verification,
    handle: ({ params: { tenantId }, services }) => showCheck(services, tenantId),
  }),
  defineRoute({
    id: 'audit.verification.start',
    method: 'post',
    path: '/tenants/{tenantId}/audit/verification',
    summary: 'Verifies the audit trail in the background',
    role: 'admin',
    params: tenantParams,
    answer: verification,
    status: 202,
    async handle({ params: { tenantId }, services }) {
      const before = await lastCheck(services, tenantId);
      const check = runCheck(services, tenantId);
      check.catch((error: unknown) => services.log.error({ err: error, tenantId }, 'a verification of the audit trail could not be kept'));
      // Small trails are through at once; of others the progress is shown from here on.
      await Promise.race([check.catch(() => undefined), services.clock.wait(before?.state === 'running' ? 0 : 300)]);
      return showCheck(services, tenantId);
    },
  }),
  defineRoute({
    id: 'retention.get',
    method: 'get',
    path: '/tenants/{tenantId}/retention',
    summary: 'How long what is kept, and what was removed last',
    role: 'viewer',
    params: tenantParams,
    answer: retentionView,
    etag: ({ last: _last, ...edited }) => edited,
    handle: ({ params: { tenantId }, services }) => showRetention(services, tenantId),
  }),
  defineRoute({
    id: 'retention.change',
    edits: 'retention.get',
    method: 'put',
    path: '/tenants/{tenantId}/retention',
    summary: 'Changes how long what is kept; null keeps it for ever',
    description: 'Takes effect within the hour, and cannot be taken back. Unfinished records, links and newest versions always stay.',
    role: 'admin',
    params: tenantParams,
    body: retention,
    answer: retentionView,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, services }) {
      await setRetention(services.store, services.clock, tenantId, body);
      return showRetention(services, tenantId);
    },
  }),
];

function showAnchor(row: AuditAnchorRow): z.input<typeof anchor> {
  const { number, kind, day, hash, signature } = row;
  const times = { throughAt: isoTime(row.through_at), madeAt: isoTime(row.made_at) };
  return { number, kind, day, ...times, chains: row.head_count, hash, prevHash: row.prev_hash, keyId: row.key_id, signature };
}

async function showCheck({ store }: Services, tenantId: string): Promise<z.input<typeof verification>> {
  const check = await lastCheck({ store }, tenantId);
  const report = check?.report;
  return {
    state: check?.state ?? 'never',
    startedAt: isoTimeOrNull(check?.startedAt),
    endedAt: isoTimeOrNull(check?.endedAt),
    events: check?.events ?? 0,
    chains: report?.chains ?? null,
    anchoredThrough: isoTimeOrNull(report?.anchoredThrough),
    faultCount: report?.faultCount ?? 0,
    faults: report?.faults ?? [],
    problem: check?.problem ?? null,
  };
}

async function showRetention({ store }: Services, tenantId: string): Promise<z.input<typeof retentionView>> {
  const { settings, last } = await retentionOf(store, tenantId);
  return { ...settings, last: last ? { ...last, at: isoTime(last.at) } : null };
}
