import { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../../systems/index.ts';

export interface Batching<Item, Answer> {
  /** `reading products`, for messages. */
  doing: string;
  most: number;
  /** One call for several; answers in their order. Sent twice it must leave nothing twice. */
  send(items: Item[], scope: CallScope): Promise<Answer[]>;
}

interface Waiting<Item, Answer> {
  item: Item;
  scope: CallScope;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * Makes one call of what several records ask for while the call before is under way: alone nobody waits, and the slower the store the more
 * go together. Each gets its own answer; a refusal of the whole is tried one by one, so that it hits only whom it concerns.
 */
export function openBatcher<Item, Answer>(batching: Batching<Item, Answer>): (item: Item, scope: CallScope) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let isSending = false;
  const sendAll = async (): Promise<void> => {
    isSending = true;
    // Those that ask in the same moment go together.
    await Promise.resolve();
    for (; waiting.length > 0;) {
      const batch = waiting.slice(0, batching.most);
      waiting = waiting.slice(batching.most);
      await sendOne(batching, batch);
    }
    isSending = false;
  };
  return (item, scope) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    waiting.push({ item, scope, resolve, reject });
    if (!isSending) void sendAll();
    return promise;
  };
}

/** Never rejects: what goes wrong goes to those it concerns. */
async function sendOne<Item, Answer>(batching: Batching<Item, Answer>, asked: Waiting<Item, Answer>[]): Promise<void> {
  const batch = asked.filter(({ scope }) => !scope.signal.aborted);
  for (const { scope, reject } of asked) if (scope.signal.aborted) reject(cancelled(batching, scope));
  const [first] = batch;
  if (!first) return;
  const whole = new AbortController();
  const watched = batch.map((one) => ({ one, onAbort: () => leave(one) }));
  const leave = (one: Waiting<Item, Answer>): void => {
    one.reject(cancelled(batching, one.scope));
    if (batch.every(({ scope }) => scope.signal.aborted)) whole.abort(one.scope.signal.reason);
  };
  for (const { one, onAbort } of watched) one.scope.signal.addEventListener('abort', onAbort, { once: true });
  const scope: CallScope = {
    signal: whole.signal,
    context: first.scope.context,
    // Also of those that were given up: the call may have been done.
    trace: (exchange) => batch.forEach((one) => one.scope.trace(exchange)),
  };
  try {
    const answers = await batching.send(
      batch.map(({ item }) => item),
      scope,
    );
    batch.forEach(({ resolve }, at) => resolve(answers[at] as Answer));
  } catch (error) {
    if (batch.length > 1 && isRefusal(error)) for (const one of batch) await sendOne(batching, [one]);
    else for (const { reject } of batch) reject(error);
  } finally {
    for (const { one, onAbort } of watched) one.scope.signal.removeEventListener('abort', onAbort);
  }
}

function isRefusal(error: unknown): boolean {
  return (error as { verdict?: unknown } | undefined)?.verdict === 'refused';
}

function cancelled({ doing }: { doing: string }, { signal }: CallScope): SystemError {
  return new SystemError('BIGCOMMERCE_CANCELLED', 'retry', `${doing}: given up`, { cause: signal.reason });
}
