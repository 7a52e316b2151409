import { SystemError, toSystemError } from '@ml-connector/shared';
import type { OpenedConnection } from '../engine/index.ts';
import type { ConnectionRow } from '../store/index.ts';
import type { CheckResult } from '../systems/index.ts';
import type { Services } from './services.ts';

/** Outcome of a connection test, kept with the connection. */
export interface ConnectionCheck {
  at: number;
  result?: CheckResult;
  problem?: { code: string; message: string; fix: string };
}

/** Tries a connection as it is stored now. A connection that does not work is an outcome, not an error. */
export async function checkConnection(
  services: Pick<Services, 'sessions' | 'store' | 'clock'>,
  row: ConnectionRow,
  signal: AbortSignal,
): Promise<ConnectionCheck> {
  const outcome = await check(services, row, { signal, use: (work) => services.sessions.use(row.id, work) });
  await services.store.db
    .updateTable('connection')
    .set({ check_json: JSON.stringify(outcome) })
    .where('id', '=', row.id)
    .execute();
  return outcome;
}

/** Tries a connection as it would be; nothing of it is kept. */
export function checkUnsaved(
  services: Pick<Services, 'sessions' | 'clock'>,
  row: ConnectionRow,
  signal: AbortSignal,
): Promise<ConnectionCheck> {
  return check(services, row, { signal, use: (work) => services.sessions.useUnsaved(row, work) });
}

interface Trial {
  signal: AbortSignal;
  use: (work: (opened: OpenedConnection) => Promise<CheckResult>) => Promise<CheckResult>;
}

async function check({ clock }: Pick<Services, 'clock'>, { name }: ConnectionRow, { signal, use }: Trial): Promise<ConnectionCheck> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
  const scope = { signal: limit, context: {}, trace: () => undefined };
  try {
    return { at: clock.now(), result: await use(({ manifest, session }) => manifest.check(session, scope)) };
  } catch (cause) {
    return { at: clock.now(), problem: problemOf(cause, name, limit) };
  }
}

const checkTimeoutMs = 60_000;

function problemOf(cause: unknown, name: string, limit: AbortSignal): { code: string; message: string; fix: string } {
  const error =
    limit.aborted && (limit.reason as { name?: string }).name === 'TimeoutError'
      ? new SystemError('DEADLINE', 'retry', `testing connection ${name}: no answer within ${checkTimeoutMs / 1000} seconds`, { cause })
      : toSystemError(cause, `testing connection ${name}`);
  return { code: error.code, message: error.message, fix: error.fix ?? '' };
}
