import { SystemError } from '@ml-connector/shared';
import { testScope } from '../../systems/testing/index.ts';
import { openBatcher } from './batcher.ts';

/** Holds every call until the test lets it go. */
function open(answer: (items: number[]) => string[] | Promise<string[]> = (items) => items.map(String), most = 3) {
  const calls: number[][] = [];
  const gates: (() => void)[] = [];
  const ask = openBatcher<number, string>({
    doing: 'asking',
    most,
    send: async (items, scope) => {
      calls.push(items);
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(resolve);
      scope.signal.addEventListener('abort', () => resolve());
      await promise;
      scope.trace({ system: 'bigcommerce', what: `GET ${items.join(',')}`, at: 0, ms: 0 });
      return answer(items);
    },
  });
  const letGo = async (): Promise<void> => {
    while (gates.length === 0) await new Promise((resolve) => setImmediate(resolve));
    gates.shift()?.();
  };
  return { ask, calls, letGo };
}

test('who asks while a call is under way goes with the next one, up to the most; each has its own answer and story', async () => {
  const { ask, calls, letGo } = open();
  const scopes = [1, 2, 3, 4, 5].map(() => testScope());
  const first = ask(1, scopes[0]!);
  await letGo();
  const others = [2, 3, 4, 5].map((item) => ask(item, scopes[item - 1]!));
  expect(await first).toBe('1');
  await letGo();
  await letGo();
  expect(await Promise.all(others)).toEqual(['2', '3', '4', '5']);
  expect(calls).toEqual([[1], [2, 3, 4], [5]]);
  expect(scopes[2]?.exchanges.map(({ what }) => what)).toEqual(['GET 2,3,4']);
});

test('a refusal hits only whom it concerns', async () => {
  const { ask, letGo } = open((items) => {
    if (items.includes(2)) throw new SystemError('REFUSED', 'refused', 'no');
    return items.map(String);
  });
  const asked = Promise.allSettled([1, 2, 3].map((item) => ask(item, testScope())));
  for (let call = 0; call < 4; call += 1) await letGo();
  expect((await asked).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('a lost answer is lost for all, and the next call goes on', async () => {
  let isBroken = true;
  const { ask, letGo } = open((items) => {
    if (isBroken) throw new SystemError('LOST', 'retry', 'no answer');
    return items.map(String);
  });
  const asked = Promise.allSettled([1, 2].map((item) => ask(item, testScope())));
  await letGo();
  expect((await asked).map((one) => (one as PromiseRejectedResult).reason as SystemError)).toMatchObject([
    { code: 'LOST' },
    { code: 'LOST' },
  ]);
  isBroken = false;
  const again = ask(3, testScope());
  await letGo();
  expect(await again).toBe('3');
});

test('one that is given up leaves the others; the call is cut when nobody wants it', async () => {
  const { ask, calls, letGo } = open((items) => items.map(String), 2);
  const [one, other] = [new AbortController(), new AbortController()];
  const given = ask(1, testScope(one.signal));
  const kept = ask(2, testScope(other.signal));
  const waiting = ask(3, testScope(one.signal));
  while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
  one.abort();
  await expect(given).rejects.toMatchObject({ code: 'BIGCOMMERCE_CANCELLED', verdict: 'retry' });
  await letGo();
  expect(await kept).toBe('2');
  await expect(waiting).rejects.toMatchObject({ verdict: 'retry' });
  expect(calls).toEqual([[1, 2]]);

  const alone = ask(4, testScope(other.signal));
  while (calls.length === 1) await new Promise((resolve) => setImmediate(resolve));
  other.abort();
  await expect(alone).rejects.toMatchObject({ verdict: 'retry' });
});
