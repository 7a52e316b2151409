import { silentLog } from '@ml-connector/shared';
import { loadActiveFlows } from '../active-flow.ts';
import { mappingOf } from '../extraction/extraction.ts';
import { createGates } from '../gates.ts';
import { lookUp } from './look-up.ts';
import type { EngineParts } from '../parts.ts';
import { postRecord } from './post-record.ts';
import { defaultEngineSettings } from '../settings.ts';
import { EngineBench } from '../testing/engine-bench.ts';

test.each([
  ['post', postRecord],
  ['look-up', lookUp],
])('a %s that was in hand when its target was halted does not go out', async (_what, work) => {
  await using bench = await EngineBench.open();
  bench.source.batches = [[{ key: '1', name: 'Lieferant 1' }]];
  bench.target.faults.set('1', ['halt']);
  bench.start();
  await bench.until('sent', () => bench.target.calls.length === 1);
  await bench.untilAll('pending');
  await bench.stop();
  const { store, clock, flow } = bench;
  const { flows } = await loadActiveFlows(store, new Map([[flow.id, flow]]), clock.now());
  const [[record], [active]] = [await bench.records(), flows];
  if (!record || !active) throw new Error('nothing was read');
  const gates = createGates(defaultEngineSettings);
  gates('con_target').setHalted(true);
  const opened: string[] = [];
  const use = async (id: string): Promise<never> => {
    opened.push(id);
    throw new Error('nothing may be opened');
  };
  const parts = { store, clock, gates, log: silentLog, sessions: { use } } as unknown as EngineParts;
  expect(await work(parts, { active, record, mapping: await mappingOf(parts, active) })).toBe('unopened');
  expect(opened).toEqual([]);
});
