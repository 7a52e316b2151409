import { SystemError } from '@ml-connector/shared';
import { flowRef, EngineBench } from '../engine/testing/engine-bench.ts';
import type { FakeFlow } from '../engine/testing/fake-systems.ts';
import { testScope } from '../systems/testing/index.ts';
import { loadMapping } from '../mapping/index.ts';
import { judgeBatch } from './judge-batch.ts';
import { tryOut } from './try-out.ts';

const records = ['1', '2', '3'].map((key) => ({ key, label: `Größe ${key}`, payload: { name: `Größe ${key}` } }));

async function judgedBy(answer: NonNullable<FakeFlow['tryOut']>) {
  await using bench = await EngineBench.open({ flow: { tryOut: answer } });
  const { store, flow, source, target } = bench;
  const judging = { store, ref: flowRef, flow, mapping: await loadMapping(store, flowRef, flow) };
  const judged = await judgeBatch(judging, records);
  const tried = await tryOut({ judging, source, target, scope: testScope() }, records, judged);
  expect(bench.target.objects).toEqual([]);
  return tried;
}

test('what the target would refuse is blocked in a dry run, with its words; the rest stays as it was judged', async () => {
  const tried = await judgedBy(({ record, body }) =>
    Promise.resolve(
      record.key === '2' ? [{ code: 'SAP_PERIOD_CLOSED', message: `period 05 is not open for ${JSON.stringify(body)}` }] : [],
    ),
  );
  expect(tried.map(({ item }) => `${item.key} ${item.outcome}`)).toEqual(['1 created', '2 blocked', '3 created']);
  expect(tried[1]?.item.why).toBe('period 05 is not open for {"name":"Größe 2","term":"none"}');
  expect(tried[1]?.reasons).toEqual([expect.objectContaining({ code: 'SAP_PERIOD_CLOSED' })]);
});

test('a refusal that the asking itself meets is a finding; trouble with the connection ends the dry run', async () => {
  const refusal = new SystemError('FI_TOO_LONG', 'refused', 'the reference is too long');
  const tried = await judgedBy(() => Promise.reject(refusal));
  expect(tried.map(({ item }) => item.outcome)).toEqual(['blocked', 'blocked', 'blocked']);
  await expect(judgedBy(() => Promise.reject(new SystemError('NO_TUNNEL', 'retry', 'no agent')))).rejects.toMatchObject({
    code: 'NO_TUNNEL',
  });
});
