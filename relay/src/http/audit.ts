import { addEvent } from '../ledger/index.ts';
import { actorOf, onlyTenantOf, type Caller } from './caller.ts';
import { toApiError } from './problem.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** Subject of the audit trail of changes that belong to no tenant. */
export const relaySubject = 'relay';

interface Change {
  route: Route;
  params: Record<string, string>;
  body: unknown;
  caller: Caller;
  services: Services;
}

/**
 * Writes who asks for which change before it is made, into the trail of the tenant or the relay; then its failure, or the id of what was
 * made. A relay that dies in between leaves the first line.
 */
/** What a person did with the own account, or somebody who is not signed in; into the relay's trail. Never holds secrets. */
export function auditPerson(
  { store, clock }: Pick<Services, 'store' | 'clock'>,
  { actor, kind, ...data }: { actor: string; kind: string; from: string } & Record<string, unknown>,
): Promise<void> {
  return store.transaction((transaction) =>
    addEvent(transaction, { subjectId: relaySubject, tenantId: relaySubject, at: clock.now(), actor, kind, data }),
  );
}

export async function auditChange<Result>(change: Change, make: () => Promise<Result>): Promise<Result> {
  const { route, params, body } = change;
  const { tenantId: _subject, ...about } = params;
  await write(change, { ...about, ...route.audited?.(body) });
  try {
    const result = await make();
    const made = idOf(result);
    if (route.status === 201 && made !== undefined) await write(change, { outcome: 'done', id: made });
    return result;
  } catch (error) {
    await write(change, { outcome: 'failed', code: toApiError(error).code });
    throw error;
  }
}

function write({ route, params, caller, services }: Change, data: Record<string, unknown>): Promise<void> {
  const { store, clock } = services;
  const subjectId = params['tenantId'] ?? onlyTenantOf(caller) ?? relaySubject;
  return store.transaction((transaction) =>
    addEvent(transaction, {
      subjectId,
      tenantId: subjectId,
      at: clock.now(),
      actor: actorOf(caller),
      kind: route.id,
      data: { by: caller.name, ...data },
    }),
  );
}

function idOf(result: unknown): string | undefined {
  const id = result instanceof Object && 'id' in result ? result.id : undefined;
  return typeof id === 'string' ? id : undefined;
}
