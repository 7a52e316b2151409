/**
 * Preloaded into a process by NODE_OPTIONS: moves what its programs see as the time of day by the milliseconds that a file says, while
 * timers and monotonic clocks go on, as on a machine whose clock is set. CHAOS_CLOCK names the file.
 */
import { readFileSync, watch } from 'node:fs';

const file = process.env['CHAOS_CLOCK'];
if (file) shiftBy(file);

function shiftBy(controlFile: string): void {
  let offsetMs = 0;
  const read = (): void => {
    offsetMs = Number(readFileSync(controlFile, 'utf8')) || 0;
  };
  read();
  watch(controlFile, { persistent: false }, read);
  const RealDate = Date;
  const now = (): number => RealDate.now() + offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, property, receiver) => (property === 'now' ? now : (Reflect.get(target, property, receiver) as unknown)),
  });
}
