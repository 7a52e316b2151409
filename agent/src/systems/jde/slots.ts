/** So many at once; who comes later waits in line. Rejects with the signal's reason for who does not want to wait any more. */
export interface Slots {
  take(signal: AbortSignal): Promise<Disposable>;
}

export function openSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const slot = (): Disposable => {
    let isGiven = false;
    return {
      [Symbol.dispose]: () => {
        if (isGiven) return;
        isGiven = true;
        const next = waiting.shift();
        if (next) next();
        else free++;
      },
    };
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        if (free > 0) {
          free--;
          return resolve(slot());
        }
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason as Error);
        };
        const enter = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve(slot());
        };
        waiting.push(enter);
        signal.addEventListener('abort', onAbort, { once: true });
      }),
  };
}
