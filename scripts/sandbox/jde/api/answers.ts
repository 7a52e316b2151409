import type { JdeClock } from '../jde-clock.ts';

/** What goes over the wire. */
export interface Answer {
  status: number;
  body: string;
  /** Default JSON. */
  contentType?: string;
}

export function json(value: unknown, status = 200): Answer {
  return { status, body: JSON.stringify(value) };
}

/** A ServiceErrorResponse (facts/jde-ais.md 4). */
export function serviceError(clock: JdeClock, status: number, message: string, exception = 'Exception'): Answer {
  return json({ message, exception, timeStamp: clock.errorStamp() }, status);
}

export function invalidToken(clock: JdeClock): Answer {
  return serviceError(clock, 444, 'Invalid Token');
}

const resultsExpired = 'JAS_MSG347: The query results expired.  Refresh them by clicking Find again.';

export function cursorExpired(): Answer {
  return json({ sysErrors: [{ TITLE: resultsExpired, DESC: resultsExpired }] }, 500);
}

export function page(status: number, text: string): Answer {
  const body = `<!DOCTYPE HTML>\n<html><head><title>${status} ${text}</title></head><body><h1>${text}</h1></body></html>`;
  return { status, body, contentType: 'text/html; charset=UTF-8' };
}

/** Decimal text as a JSON number without needless zeros: `12.50` is 12.5, `12.00` is 12. */
export function plainNumber(text: string): unknown {
  const digits = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits === '-0' ? '0' : digits);
}
