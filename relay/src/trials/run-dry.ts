import { SystemError, toSystemError, toWireError, type Clock, type Log } from '@ml-connector/shared';
import { blackoutAt, windowsOf, type Sessions } from '../engine/index.ts';
import type { DayRange, ExtractedRecord, ExtractMode, Flow } from '../flows/index.ts';
import { haltOf, linkedKeys } from '../ledger/index.ts';
import { loadMapping } from '../mapping/index.ts';
import type { DryRunRow, Store } from '../store/index.ts';
import type { CallScope } from '../systems/index.ts';
import { emptyDryRunReport, type DryRunOutcome, type DryRunReport } from './dry-runs.ts';
import { judgeBatch, type Judged } from './judge-batch.ts';
import { flowRefOf } from './mappers.ts';
import { messageClass } from './message-class.ts';
import { tryOut, type TryingOut } from './try-out.ts';

export interface DryRunDeps {
  store: Store;
  sessions: Sessions;
  flows: readonly Flow[];
  clock: Clock;
  log: Log;
  /** Default: there is one only. */
  nodeName?: string;
}

/** Records kept of each outcome, with their bodies. */
const mostItems = 25;
const mostCauses = 100;

/** Runs one dry run to its end: reads and maps, and writes down the report only. Never rejects for what the source does. */
export async function runDry(deps: DryRunDeps, row: DryRunRow, signal: AbortSignal): Promise<void> {
  const { store, clock } = deps;
  const { numUpdatedRows } = await store.db
    .updateTable('dry_run')
    .set({ state: 'running', started_at: clock.now(), node_name: deps.nodeName ?? null })
    .where('id', '=', row.id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const work = new DryRunWork(deps, row);
  try {
    await read(deps, row, work, signal);
    await work.end(signal.aborted ? 'interrupted' : 'succeeded');
  } catch (error) {
    if (signal.aborted) await work.end('interrupted');
    else await work.end('failed', JSON.stringify(toWireError(toSystemError(error, `dry run of ${row.flow_id}`))));
  }
}

async function read(deps: DryRunDeps, row: DryRunRow, work: DryRunWork, signal: AbortSignal): Promise<void> {
  const { store, sessions, clock } = deps;
  const flow = deps.flows.find(({ id }) => id === row.flow_id);
  if (!flow) throw new Error(`this relay has no flow ${row.flow_id}`);
  const ref = flowRefOf(row);
  const mapping = await loadMapping(store, ref, flow);
  const stored = await store.db
    .selectFrom('integration_flow')
    .innerJoin('integration', 'integration.id', 'integration_flow.integration_id')
    .select(['integration_flow.cursor_json', 'integration.source_connection_id', 'integration.target_connection_id'])
    .where('integration_flow.integration_id', '=', ref.integrationId)
    .where('integration_flow.flow_id', '=', ref.flowId)
    .executeTakeFirstOrThrow();
  const mode = row.mode as ExtractMode;
  const range = row.range_json === null ? undefined : (JSON.parse(row.range_json) as DayRange);
  const cursor: unknown = mode === 'full' || stored.cursor_json === null ? null : JSON.parse(stored.cursor_json);
  const targetId = stored.target_connection_id;
  await refuseShut(deps, stored.source_connection_id);
  const scope: CallScope = { signal, context: { flowId: flow.id }, trace: ({ what }) => work.called(what) };
  await sessions.use(stored.source_connection_id, async ({ session }) => {
    const batches = flow.extract({
      mode,
      cursor,
      ...(range && { range }),
      settings: mapping.settings,
      source: session,
      scope,
      clock,
      linkedKeys: (known) => linkedKeys(store, ref, known),
      progress: (message) => work.say(message),
    });
    for await (const { records } of batches) {
      const judging = { store, ref, flow, mapping };
      const judged = await judgeBatch(judging, records);
      await work.add(flow.tryOut ? await askTarget({ judging, source: session, scope }, records, judged) : judged);
      if (signal.aborted || !(await work.isWanted())) break;
      await refuseShut(deps, stored.source_connection_id);
    }
  });

  async function askTarget(asking: Omit<TryingOut, 'target'>, records: readonly ExtractedRecord<unknown>[], judged: readonly Judged[]) {
    await refuseShut(deps, targetId);
    return sessions.use(targetId, ({ session: target }) => tryOut({ ...asking, target }, records, judged));
  }
}

/** A connection that is halted is not tried, and one in its blackout not asked: a dry run is worth no locked user and no slow night batch. */
async function refuseShut({ store, clock }: DryRunDeps, connectionId: string): Promise<void> {
  const connection = await store.db.selectFrom('connection').selectAll().where('id', '=', connectionId).executeTakeFirst();
  const halt = connection && haltOf(connection);
  if (halt)
    throw new SystemError('CONNECTION_HALTED', 'halt', `connection ${connection.name} is halted: ${halt.message}`, {
      fix: 'Repair the connection and resume it, then ask for the dry run again.',
    });
  const blackout = await store.db.selectFrom('blackout').selectAll().where('connection_id', '=', connectionId).executeTakeFirst();
  const hold = blackout && blackoutAt(windowsOf(blackout), clock.now());
  if (hold)
    throw new SystemError(
      'CONNECTION_BLACKOUT',
      'retry',
      `reading from connection ${connection?.name ?? connectionId} within its blackout`,
      {
        fix: 'Ask for the dry run again when the blackout is over.',
      },
    );
}

/** The report as it grows: counts, the first records of each outcome, and nothing else. */
class DryRunWork {
  readonly #deps: DryRunDeps;
  readonly #id: string;
  readonly #report: DryRunReport = emptyDryRunReport();
  readonly #kept = new Map<DryRunOutcome, number>();
  #items = 0;
  #progress = '';

  constructor(deps: DryRunDeps, { id }: DryRunRow) {
    this.#deps = deps;
    this.#id = id;
  }

  say(message: string): void {
    this.#progress = message.slice(0, 300);
  }

  called(what: string): void {
    const { calls } = this.#report;
    const name = what in calls || Object.keys(calls).length < 50 ? what : 'others';
    calls[name] = (calls[name] ?? 0) + 1;
  }

  async add(judged: readonly Judged[]): Promise<void> {
    const report = this.#report;
    const items = judged.flatMap(({ item, reasons, isStale }) => {
      report.read++;
      report.counts[item.outcome]++;
      if (isStale) report.unchangedButMappedDifferently++;
      for (const reason of reasons) this.#addCause(reason, item);
      const kept = this.#kept.get(item.outcome) ?? 0;
      if (kept >= mostItems) return [];
      this.#kept.set(item.outcome, kept + 1);
      const { outcome, key, label, ...rest } = item;
      return [{ dry_run_id: this.#id, number: this.#items++, outcome, key, label, item_json: JSON.stringify(rest) }];
    });
    await this.#deps.store.transaction(async (transaction) => {
      if (items.length > 0) await transaction.insertInto('dry_run_item').values(items).execute();
      await transaction
        .updateTable('dry_run')
        .set({ report_json: JSON.stringify(report), progress: this.#progress })
        .where('id', '=', this.#id)
        .execute();
    });
  }

  async isWanted(): Promise<boolean> {
    const row = await this.#deps.store.db.selectFrom('dry_run').select('state').where('id', '=', this.#id).executeTakeFirst();
    return row?.state === 'running';
  }

  async end(state: 'succeeded' | 'failed' | 'interrupted', error: string | null = null): Promise<void> {
    await this.#deps.store.db
      .updateTable('dry_run')
      .set({
        state,
        error_json: error,
        report_json: JSON.stringify(this.#report),
        progress: this.#progress,
        ended_at: this.#deps.clock.now(),
      })
      .where('id', '=', this.#id)
      .where('state', '=', 'running')
      .execute();
  }

  #addCause({ code, message, missing }: Judged['reasons'][number], item: { key: string; label: string }): void {
    const text = missing ? `no entry for ${missing.code} in the value map ${missing.valueMapId}` : messageClass(message, item);
    const { blockedBy } = this.#report;
    const known = blockedBy.find((cause) => cause.code === code && cause.message === text);
    if (known) known.records++;
    else if (blockedBy.length < mostCauses) blockedBy.push({ code, message: text, records: 1, example: `${item.label} (${item.key})` });
    blockedBy.sort((one, other) => other.records - one.records);
  }
}
