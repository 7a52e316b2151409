import { backoffMs, SystemError, toSystemError, toWireError, type WireError } from '@ml-connector/shared';
import type { ConnectionRow, WebhookEndpointRow } from '../store/index.ts';
import { addEvent } from '../ledger/index.ts';
import type { CallScope, KeptSubscriptions, SystemManifest } from '../systems/index.ts';
import { endpointOf, findEndpoint, type EndpointDeps } from './endpoints.ts';

/** A connection whose session is open. */
export interface OpenConnection {
  connection: ConnectionRow;
  manifest: SystemManifest;
  session: unknown;
}

const hourMs = 3_600_000;
const retry = { firstMs: 60_000, capMs: hourMs };

/** Whether the subscriptions of a connection are to be looked at now. */
export function isKeepDue(row: WebhookEndpointRow, connection: Pick<ConnectionRow, 'version'>, now: number): boolean {
  return row.keep_at <= now || row.keep_at > now + 2 * hourMs || row.kept_version !== connection.version;
}

/** Sees to it that the system sends to the connection's address, and writes down how that went. Rejects only when that cannot be written. */
export async function keepSubscriptions(
  deps: EndpointDeps,
  open: OpenConnection,
  row: WebhookEndpointRow,
  signal: AbortSignal,
): Promise<void> {
  const { connection, manifest, session } = open;
  let outcome: { kept: KeptSubscriptions } | { error: WireError };
  try {
    const kept = await manifest.webhooks?.keep(session, endpointOf(deps, row, manifest.id), quietScope(signal));
    outcome = { kept: kept ?? { subscriptions: [] } };
  } catch (error) {
    if (signal.aborted && !isTimeout(signal.reason)) return;
    const doing = `subscribing to webhooks of ${connection.name}`;
    const fault = isTimeout(error)
      ? new SystemError('WEBHOOKS_TOO_SLOW', 'retry', `${doing}: it took too long`)
      : toSystemError(error, doing);
    outcome = { error: toWireError(fault) };
  }
  await noteOutcome(deps, open, row, outcome);
}

function isTimeout(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'name' in reason && reason.name === 'TimeoutError';
}

async function noteOutcome(
  { store, clock }: EndpointDeps,
  { connection }: OpenConnection,
  row: WebhookEndpointRow,
  outcome: { kept: KeptSubscriptions } | { error: WireError },
): Promise<void> {
  const now = clock.now();
  const failures = row.keep_failures + 1;
  const news =
    'kept' in outcome
      ? {
          kept_at: now,
          kept_json: JSON.stringify(outcome.kept),
          keep_at: now + hourMs,
          keep_failures: 0,
          keep_failing_since: null,
          keep_error_json: null,
        }
      : {
          // One planned for later would count as planned by a clock that was ahead.
          keep_at: now + Math.min(hourMs, Math.max(outcome.error.retryAfterMs ?? 0, backoffMs(failures, { ...retry, random: () => 1 }))),
          keep_failures: failures,
          keep_failing_since: row.keep_failing_since ?? now,
          keep_error_json: JSON.stringify(outcome.error),
        };
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('webhook_endpoint')
      .set({ ...news, kept_version: connection.version })
      .where('connection_id', '=', connection.id)
      // Rotated meanwhile: the system is to be told at once.
      .where('secrets', '=', row.secrets)
      .execute();
    const event = eventOf(row, outcome);
    if (!event) return;
    await addEvent(transaction, { subjectId: connection.id, tenantId: connection.tenant_id, at: now, actor: 'engine', ...event });
  });
}

// Every hour the same is no news.
function eventOf(
  row: WebhookEndpointRow,
  outcome: { kept: KeptSubscriptions } | { error: WireError },
): { kind: string; data: unknown } | undefined {
  if ('error' in outcome) return row.keep_failures === 0 ? { kind: 'webhooks.failed', data: outcome.error } : undefined;
  const changed = outcome.kept.subscriptions.filter(({ state }) => state !== 'active');
  if (changed.length === 0 && row.keep_failures === 0) return undefined;
  return { kind: 'webhooks.kept', data: { subscriptions: changed } };
}

/**
 * Takes the subscriptions back, before the connection is deleted; nothing when there are none. Resolves with what went wrong, if anything:
 * a system that does not answer keeps nobody from deleting a connection.
 */
export async function removeSubscriptions(
  deps: EndpointDeps,
  { connection, manifest, session }: OpenConnection,
  signal: AbortSignal,
): Promise<WireError | undefined> {
  const row = await findEndpoint(deps.store, connection.id);
  if (!row || !manifest.webhooks || deps.publicUrl === undefined) return undefined;
  try {
    await manifest.webhooks.remove(session, endpointOf(deps, row, manifest.id), quietScope(signal));
    return undefined;
  } catch (error) {
    return toWireError(toSystemError(error, `taking back the webhooks of ${connection.name}`));
  }
}

// Looking at subscriptions every hour would bury the trail of the connection; what changed is an event of it.
function quietScope(signal: AbortSignal): CallScope {
  return { signal, context: {}, trace: () => undefined };
}
