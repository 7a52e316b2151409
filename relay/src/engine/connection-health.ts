import { SystemError } from '@ml-connector/shared';
import { wakeConnections } from '../ledger/index.ts';
import type { ConnectionRow } from '../store/index.ts';
import type { Gate } from './gates.ts';
import type { EngineParts } from './parts.ts';

/** Code of the refusal to ask a connection within its blackout. */
export const blackoutCode = 'CONNECTION_BLACKOUT';

/** A connection answered. Where its breaker was open, all that waits for it is due at once. */
export async function answered({ gates, store, clock, log }: EngineParts, connectionId: string): Promise<void> {
  if (!gates(connectionId).answered()) return;
  log.info({ connectionId }, 'the connection answers again; what waited for it goes out');
  await wakeConnections(store, clock, [connectionId]).catch((error: unknown) =>
    log.warn({ err: error, connectionId }, 'what waits for the connection is not told; it goes out at its own time'),
  );
}

/** Throws within a blackout. Nothing was sent. */
export function refuseDark(gate: Gate, { name }: Pick<ConnectionRow, 'name'>): void {
  if (gate.isDark) throw new SystemError(blackoutCode, 'retry', `${name} is left alone at the moment`);
}
