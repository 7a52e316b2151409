import type { CallScope, Exchange } from '../system.ts';

/** A scope that keeps what it is told. */
export function testScope(signal: AbortSignal = new AbortController().signal): CallScope & { exchanges: Exchange[] } {
  const exchanges: Exchange[] = [];
  return { signal, context: {}, exchanges, trace: (exchange) => exchanges.push(exchange) };
}
