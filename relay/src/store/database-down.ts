const lost = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const lostMessages = /^(?:Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered)/;

/** Whether a query failed because PostgreSQL cannot be reached or takes no queries now, rather than for what it asked. */
export function isDatabaseDown(error: unknown): boolean {
  if (!(error instanceof Object)) return false;
  const code = 'code' in error ? String(error.code) : '';
  // Of PostgreSQL: connection exceptions, too many connections, shutting down and starting up.
  if (lost.has(code) || /^(?:08|53|57P)/.test(code)) return true;
  return 'message' in error && lostMessages.test(String(error.message));
}
