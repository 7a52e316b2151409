import { silentLog, systemClock } from '@ml-connector/shared';
import { Dispatcher } from './dispatcher.ts';
import type { FlowWorker } from './flow-worker.ts';
import { createGates } from '../gates.ts';
import type { EngineParts } from '../parts.ts';
import { defaultEngineSettings } from '../settings.ts';

test.each(Array.from({ length: 12 }, (_, turns) => turns))(
  'what becomes due %i turns after a look began does not wait for the next round',
  async (turns) => {
    const settings = defaultEngineSettings;
    const parts = { settings, gates: createGates(settings), clock: systemClock, log: silentLog } as unknown as EngineParts;
    const dispatcher = new Dispatcher(parts, 'con_1');
    let due = 0;
    let started = 0;
    const next = async () => {
      if (due === 0) return undefined;
      due--;
      return async () => void started++;
    };
    dispatcher.setWorkers([{ next } as unknown as FlowWorker]);
    dispatcher.dispatch();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    due = 1;
    dispatcher.dispatch();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toBe(1);
    await dispatcher.stop();
  },
);
