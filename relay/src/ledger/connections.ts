import type { Clock, WireError } from '@ml-connector/shared';
import type { ConnectionRow, Store } from '../store/index.ts';
import { addEvent } from './events.ts';
import { wakeConnections } from './wake.ts';

/** Why nothing works on a connection until someone acts. Any change of the connection (its `version`) ends it. */
export interface Halt {
  code: string;
  message: string;
  fix?: string | undefined;
  at: number;
  /** Of the connection that was found not to work. */
  version: number;
}

export function haltOf({ halted_json, version }: Pick<ConnectionRow, 'halted_json' | 'version'>): Halt | undefined {
  if (halted_json === null) return undefined;
  const halt = JSON.parse(halted_json) as Halt;
  return halt.version === version ? halt : undefined;
}

/** Marks a connection as not working. Answers false when it was changed meanwhile: the new settings deserve their own try. */
export async function haltConnection(store: Store, clock: Clock, connection: ConnectionRow, error: WireError): Promise<boolean> {
  const { id, tenant_id: tenantId, version } = connection;
  const halt: Halt = { code: error.code, message: error.message, fix: error.fix, at: clock.now(), version };
  const halted = await store.transaction(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('connection')
      .set({ halted_json: JSON.stringify(halt) })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await addEvent(transaction, { subjectId: id, tenantId, at: halt.at, actor: 'engine', kind: 'halted', data: error });
    return true;
  });
  store.notify({ about: 'connection', tenantId, id });
  return halted;
}

/** A person says that the connection works again; what waited for it goes out. */
export async function resumeConnection(store: Store, clock: Clock, connectionId: string, actor: string): Promise<void> {
  await store.transaction(async (transaction) => {
    const row = await transaction
      .selectFrom('connection')
      .select(['tenant_id', 'version'])
      .where('id', '=', connectionId)
      .executeTakeFirstOrThrow();
    await transaction
      .updateTable('connection')
      .set({ halted_json: null, version: row.version + 1 })
      .where('id', '=', connectionId)
      .execute();
    const event = { subjectId: connectionId, tenantId: row.tenant_id, at: clock.now(), actor, kind: 'resumed', data: null };
    await addEvent(transaction, event);
  });
  await wakeConnections(store, clock, [connectionId]);
}

/** A tunnel of the site is up: everything that goes through it is due now. */
export async function wakeSite(store: Store, clock: Clock, siteId: string): Promise<void> {
  const rows = await store.db.selectFrom('connection').select('id').where('site_id', '=', siteId).execute();
  await wakeConnections(
    store,
    clock,
    rows.map(({ id }) => id),
  );
}
