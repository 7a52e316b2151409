import { toSystemError, toWireError, type WireError } from '@ml-connector/shared';
import { addEvent } from '../ledger/index.ts';
import type { ConnectionRow } from '../store/index.ts';
import { findEndpoint, removeSubscriptions } from '../webhooks/index.ts';
import { actorOf, type Caller } from './caller.ts';
import type { Services } from './services.ts';

const timeoutMs = 15_000;

/**
 * Tells the system of a connection that is about to be deleted to send no more; nothing where it was never told to. What it did not take
 * back is an event of the tenant: deliveries then find no address, and the system gives up by itself.
 */
export async function takeBackWebhooks(services: Services, connection: ConnectionRow, caller: Caller): Promise<void> {
  const { store, clock, log, sessions } = services;
  if (!(await findEndpoint(store, connection.id))) return;
  const problem = await sessions
    .use(connection.id, (open) => removeSubscriptions(services, open, AbortSignal.timeout(timeoutMs)))
    .catch((error: unknown): WireError => toWireError(toSystemError(error, `taking back the webhooks of ${connection.name}`)));
  if (problem) log.warn({ connectionId: connection.id, problem }, 'the webhooks of a deleted connection could not be taken back');
  const { tenant_id: tenantId } = connection;
  const data = { connectionId: connection.id, ...(problem && { problem }) };
  await store.transaction((transaction) =>
    addEvent(transaction, {
      subjectId: tenantId,
      tenantId,
      at: clock.now(),
      actor: actorOf(caller),
      kind: problem ? 'webhooks.left' : 'webhooks.removed',
      data,
    }),
  );
}
