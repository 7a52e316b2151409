import type { RecordRow } from '../store/index.ts';
import { newId } from '../store/index.ts';
import { dayMs } from './anchor.ts';
import { dropContent, dropDetails } from './drop-details.ts';
import { isFollowed } from './is-followed.ts';
import type { AnchorDeps } from './make-anchor.ts';
import { allowDropping, removeTrails } from './remove-trails.ts';
import { retentionOf, type RetentionResult } from './retention-settings.ts';
import { addEvent } from '../ledger/index.ts';

/**
 * Removes what a tenant keeps no longer, in small transactions. Never touches what is unfinished, links, the newest version of a key (but
 * for its bodies and call details), nor anything younger. What is dropped leaves its digest, what is removed its last hash in a signed
 * anchor, so the trail stays verifiable. What was removed is an event of the tenant.
 */
export async function applyRetention(deps: AnchorDeps, tenantId: string, signal?: AbortSignal): Promise<RetentionResult> {
  const { store, clock } = deps;
  const now = clock.now();
  const { settings } = await retentionOf(store, tenantId);
  const before = (days: number | null): number | undefined => (days === null ? undefined : now - days * dayMs);
  const horizons = { details: before(settings.detailDays), events: before(settings.eventDays), runs: before(settings.runDays) };
  const result: RetentionResult = { at: now, details: 0, trails: 0, runs: 0, damaged: 0 };
  const contentBefore = Math.max(horizons.details ?? 0, horizons.events ?? 0);
  const round: Round = { deps, tenantId, contentBefore, result, ...(signal && { signal }) };
  if (contentBefore > 0) await allowDropping(deps, { tenantId, contentBefore });
  if (horizons.runs !== undefined) await removeRuns(round, horizons.runs);
  if (horizons.events !== undefined) await thinTrails(round, horizons.events);
  if (horizons.details !== undefined) await thinRecords(round, horizons.details);
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('retention')
      .set({ last_at: now, last_json: JSON.stringify(result) })
      .where('tenant_id', '=', tenantId)
      .execute();
    if (result.details + result.trails + result.runs === 0) return;
    const data = { ...settings, details: result.details, trails: result.trails, runs: result.runs };
    await addEvent(transaction, { subjectId: tenantId, tenantId, at: clock.now(), actor: 'engine', kind: 'retention.applied', data });
  });
  return result;
}

interface Round {
  deps: AnchorDeps;
  tenantId: string;
  contentBefore: number;
  result: RetentionResult;
  signal?: AbortSignal;
}

const batch = 200;

async function thinRecords({ deps, tenantId, result, signal }: Round, horizon: number): Promise<void> {
  for await (const records of finishedBefore(deps, tenantId, horizon)) {
    signal?.throwIfAborted();
    result.details += await dropDetails(deps.store, records);
  }
  for await (const runs of endedRuns(deps, tenantId, horizon)) {
    signal?.throwIfAborted();
    result.details += await deps.store.transaction((transaction) => dropContent(transaction, runs, ['call']));
  }
}

async function thinTrails({ deps, tenantId, result, signal }: Round, horizon: number): Promise<void> {
  for await (const records of finishedBefore(deps, tenantId, horizon)) {
    signal?.throwIfAborted();
    const { newest, older } = await split(deps, records);
    result.details += await deps.store.transaction((transaction) => dropContent(transaction, newest, 'all'));
    const { removed, damaged } = await removeTrails(deps, { tenantId, subjects: older });
    result.trails += removed;
    result.damaged += damaged;
  }
}

async function removeRuns({ deps, tenantId, result, signal }: Round, horizon: number): Promise<void> {
  for await (const runs of endedRuns(deps, tenantId, horizon)) {
    signal?.throwIfAborted();
    const kept = await deps.store.db.selectFrom('record').select('run_id').distinct().where('run_id', 'in', runs).execute();
    const withRecords = new Set(kept.map(({ run_id }) => run_id));
    const empty = runs.filter((id) => !withRecords.has(id));
    const { removed, damaged } = await removeTrails(deps, { tenantId, subjects: empty, runs: true });
    result.runs += removed;
    result.damaged += damaged;
  }
}

type Finished = Pick<RecordRow, 'id' | 'integration_id' | 'flow_id' | 'key' | 'version'>;

/** Finished records that have not changed since the horizon; ids tell when they were made, so younger ones are not looked at. */
async function* finishedBefore({ store }: AnchorDeps, tenantId: string, horizon: number): AsyncGenerator<Finished[]> {
  for (const state of ['succeeded', 'skipped'])
    for (let after = ''; ;) {
      const page = await store.db
        .selectFrom('record')
        .select(['id', 'integration_id', 'flow_id', 'key', 'version', 'changed_at'])
        .where('tenant_id', '=', tenantId)
        .where('state', '=', state)
        .where('id', '>', after)
        .where('id', '<', idAt('record', horizon))
        .orderBy('id')
        .limit(batch)
        .execute();
      const old = page.filter(({ changed_at }) => changed_at < horizon);
      if (old.length > 0) yield old;
      const last = page.at(-1);
      if (!last || page.length < batch) break;
      after = last.id;
    }
}

async function* endedRuns({ store }: AnchorDeps, tenantId: string, horizon: number): AsyncGenerator<string[]> {
  for (let after = ''; ;) {
    const page = await store.db
      .selectFrom('run')
      .select(['id', 'ended_at'])
      .where('tenant_id', '=', tenantId)
      .where('id', '>', after)
      .where('id', '<', idAt('run', horizon))
      .orderBy('id')
      .limit(batch)
      .execute();
    const old = page.filter(({ ended_at }) => ended_at !== null && ended_at < horizon).map(({ id }) => id);
    if (old.length > 0) yield old;
    const last = page.at(-1);
    if (!last || page.length < batch) return;
    after = last.id;
  }
}

async function split({ store }: AnchorDeps, records: readonly Finished[]): Promise<{ newest: string[]; older: string[] }> {
  const followed = await store.db
    .selectFrom('record')
    .select('id')
    .where(
      'id',
      'in',
      records.map(({ id }) => id),
    )
    .where(isFollowed)
    .execute();
  const older = followed.map(({ id }) => id);
  const isOlder = new Set(older);
  return { newest: records.map(({ id }) => id).filter((id) => !isOlder.has(id)), older };
}

/** Ids made before that time are smaller. */
function idAt(kind: 'record' | 'run', at: number): string {
  return newId(kind, Math.max(0, at)).slice(0, 14);
}
