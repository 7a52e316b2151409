import { SystemError, toSystemError } from '@ml-connector/shared';
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
  { sessions, store, clock }: Pick<Services, 'sessions' | 'store' | 'clock'>,
  { id, name }: ConnectionRow,
  signal: AbortSignal,
): Promise<ConnectionCheck> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
  const scope = { signal: limit, context: {}, trace: () => undefined };
  const outcome = await sessions
    .use(id, ({ manifest, session }) => manifest.check(session, scope))
    .then(
      (result): ConnectionCheck => ({ at: clock.now(), result }),
      (cause: unknown): ConnectionCheck => ({ at: clock.now(), problem: problemOf(cause, name, limit) }),
    );
  await store.db
    .updateTable('connection')
    .set({ check_json: JSON.stringify(outcome) })
    .where('id', '=', id)
    .execute();
  return outcome;
}

const checkTimeoutMs = 60_000;

function problemOf(cause: unknown, name: string, limit: AbortSignal): { code: string; message: string; fix: string } {
  const error =
    limit.aborted && (limit.reason as { name?: string }).name === 'TimeoutError'
      ? new SystemError('DEADLINE', 'retry', `testing connection ${name}: no answer within ${checkTimeoutMs / 1000} seconds`, { cause })
      : toSystemError(cause, `testing connection ${name}`);
  return { code: error.code, message: error.message, fix: error.fix ?? '' };
}
