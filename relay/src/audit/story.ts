import {
  actionsOn,
  checkChain,
  isContentDropped,
  recordStory,
  stateMeanings,
  type RecordAction,
  type RecordState,
} from '../ledger/index.ts';
import type { AcknowledgementRow, EventRow, Store } from '../store/index.ts';
import { actorNames } from './actor-names.ts';
import { differences, type FieldDifference } from './differences.ts';
import { masked } from './masked.ts';

/** Everything that is known about one record, for people outside of the relay: complete, in plain words, without secrets. */
export interface Story {
  record: {
    id: string;
    key: string;
    label: string;
    version: number;
    state: string;
    meaning: string;
    reasons: unknown;
    targetId: string | null;
    targetLabel: string | null;
    action: string | null;
    mappingVersion: string | null;
    createdAt: string;
    changedAt: string;
    nextAttemptAt: string | null;
    replayOf: string | null;
    supersededBy: string | null;
  };
  /** What a person can do with it as it stands. */
  actions: RecordAction[];
  flow: {
    integrationId: string;
    integration: string;
    flowId: string;
    source: string;
    target: string;
    sourceSystem: string;
    targetSystem: string;
  };
  /** What brought it. */
  trigger: { runId: string; mode: string; trigger: string; startedAt: string } | null;
  /** null once the retention dropped it. */
  payload: unknown;
  payloadHash: string;
  /** Against the version before; null where there is none, or it is gone. */
  changes: { version: number; fields: FieldDifference[] } | null;
  attempts: {
    number: number;
    mappingVersion: string;
    startedAt: string;
    endedAt: string | null;
    outcome: string | null;
    body: unknown;
    notes: unknown;
    problem: unknown;
  }[];
  /** Oldest first: every call with its answer, every wait, retry, replay and decision of a person. */
  events: {
    seq: number;
    at: string;
    actor: string;
    actorName: string | null;
    kind: string;
    data: unknown;
    isDropped: boolean;
    hash: string;
  }[];
  link: { key: string; targetId: string; targetLabel: string; recordId: string; changedAt: string } | null;
  /** Its source is still to be told of the success; without a next attempt, the source refused it. */
  acknowledgement: { failures: number; nextAttemptAt: string | null; problem: unknown } | null;
  versions: { id: string; version: number; state: string; createdAt: string }[];
  /** Of this record's own trail, and the anchors that hold it. */
  verification: { intact: boolean; detail: string; anchors: { number: number; day: string; seq: number; fits: boolean }[] };
}

/** Undefined when the tenant has no such record. */
export async function storyOf(store: Store, tenantId: string, recordId: string): Promise<Story | undefined> {
  const found = await recordStory(store, tenantId, recordId);
  if (!found) return undefined;
  const { record, attempts, events, link, acknowledgement, versions } = found;
  const run = await store.db.selectFrom('run').selectAll().where('id', '=', record.run_id).executeTakeFirst();
  const payload = parsed(record.payload_json);
  const names = await actorNames(
    store,
    events.map(({ actor }) => actor),
  );
  return {
    record: {
      id: record.id,
      key: record.key,
      label: record.label,
      version: record.version,
      state: record.state,
      meaning: stateMeanings[record.state as RecordState],
      reasons: parsed(record.reason_json) ?? [],
      targetId: record.target_id,
      targetLabel: record.target_label,
      action: record.action,
      mappingVersion: record.mapping_version,
      createdAt: iso(record.created_at),
      changedAt: iso(record.changed_at),
      nextAttemptAt: isoOrNull(record.next_attempt_at),
      replayOf: record.replay_of,
      supersededBy: record.superseded_by,
    },
    actions: actionsOn(found),
    flow: await flowOf(store, record.integration_id, record.flow_id),
    trigger: run ? { runId: run.id, mode: run.mode, trigger: run.trigger, startedAt: iso(run.started_at) } : null,
    payload: masked(payload),
    payloadHash: record.payload_hash,
    changes: await changesOf(store, { ...record, payload }),
    attempts: attempts.map((attempt) => ({
      number: attempt.number,
      mappingVersion: attempt.mapping_version,
      startedAt: iso(attempt.started_at),
      endedAt: isoOrNull(attempt.ended_at),
      outcome: attempt.outcome,
      body: masked(parsed(attempt.body_json)),
      notes: parsed(attempt.notes_json),
      problem: masked(parsed(attempt.error_json)),
    })),
    events: events.map(({ seq, at, actor, kind, data_json: json, hash }) => {
      const isDropped = isContentDropped(json);
      return {
        seq,
        at: iso(at),
        actor,
        actorName: names.get(actor) ?? null,
        kind,
        data: isDropped ? null : masked(parsed(json)),
        isDropped,
        hash,
      };
    }),
    link: link
      ? {
          key: link.key,
          targetId: link.target_id,
          targetLabel: link.target_label,
          recordId: link.record_id,
          changedAt: iso(link.changed_at),
        }
      : null,
    acknowledgement: acknowledgement ? acknowledgementOf(acknowledgement) : null,
    versions: versions.map(({ id, version, state, created_at }) => ({ id, version, state, createdAt: iso(created_at) })),
    verification: await verificationOf(store, recordId, events),
  };
}

async function flowOf(store: Store, integrationId: string, flowId: string): Promise<Story['flow']> {
  const row = await store.db
    .selectFrom('integration')
    .innerJoin('connection as source', 'source.id', 'integration.source_connection_id')
    .innerJoin('connection as target', 'target.id', 'integration.target_connection_id')
    .select([
      'integration.name',
      'source.name as source',
      'target.name as target',
      'source.system as sourceSystem',
      'target.system as targetSystem',
    ])
    .where('integration.id', '=', integrationId)
    .executeTakeFirst();
  const { name = integrationId, source = '', target = '', sourceSystem = '', targetSystem = '' } = row ?? {};
  return { integrationId, integration: name, flowId, source, target, sourceSystem, targetSystem };
}

function acknowledgementOf(row: AcknowledgementRow): Story['acknowledgement'] {
  return { failures: row.failures, nextAttemptAt: isoOrNull(row.next_attempt_at), problem: masked(parsed(row.error_json)) };
}

async function changesOf(
  store: Store,
  record: { integration_id: string; flow_id: string; key: string; version: number; payload: unknown },
): Promise<Story['changes']> {
  const before = await store.db
    .selectFrom('record')
    .select(['version', 'payload_json'])
    .where('integration_id', '=', record.integration_id)
    .where('flow_id', '=', record.flow_id)
    .where('key', '=', record.key)
    .where('version', '<', record.version)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const payload = before && parsed(before.payload_json);
  if (!before || payload === null || record.payload === null) return null;
  return { version: before.version, fields: differences(masked(payload), masked(record.payload)) };
}

async function verificationOf(store: Store, recordId: string, events: readonly EventRow[]): Promise<Story['verification']> {
  const heads = await store.db
    .selectFrom('audit_head')
    .innerJoin('audit_anchor', (join) =>
      join.onRef('audit_anchor.tenant_id', '=', 'audit_head.tenant_id').onRef('audit_anchor.number', '=', 'audit_head.number'),
    )
    .select(['audit_head.number', 'audit_head.seq', 'audit_head.hash', 'audit_head.gone', 'audit_anchor.day'])
    .where('audit_head.subject_id', '=', recordId)
    .orderBy('audit_head.number')
    .execute();
  const goneAt = heads.findLastIndex(({ gone }) => gone === 1);
  const anchors = heads.slice(goneAt + 1).map(({ number, day, seq, hash }) => ({ number, day, seq, fits: events[seq - 1]?.hash === hash }));
  const fault = checkChain(events);
  const isIntact = fault === undefined && anchors.every(({ fits }) => fits);
  return { intact: isIntact, detail: detailOf(), anchors };

  function detailOf(): string {
    if (fault) return `event ${fault.seq} is not as it was written (${fault.fault})`;
    const broken = anchors.find(({ fits }) => !fits);
    if (broken) return `event ${broken.seq} is not the one that anchor ${broken.number} of ${broken.day} holds`;
    if (events.length === 0) return goneAt >= 0 ? 'the retention removed this trail; its last hash is anchored' : 'there are no events';
    const last = anchors.at(-1);
    const anchored = last ? `up to event ${last.seq} by the anchor of ${last.day}` : 'not yet';
    return `${events.length} events, each linked to the one before; anchored ${anchored}`;
  }
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function isoOrNull(at: number | null): string | null {
  return at === null ? null : iso(at);
}
