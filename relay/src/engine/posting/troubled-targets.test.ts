import { EngineBench } from '../testing/engine-bench.ts';

let bench: EngineBench;
afterEach(async () => bench[Symbol.asyncDispose]());

const document = (key: string) => ({ key, name: `Beleg ${key}` });
const posted = () => bench.target.calls.filter((call) => call.startsWith('create'));
const reasonOf = async (key: string): Promise<string> => (await bench.records()).find((record) => record.key === key)?.reason_json ?? '';

test('a halt or an open breaker of one target leaves the flows towards others alone', async () => {
  bench = await EngineBench.open({ kind: 'document' });
  const { db } = bench.store;
  const connection = await db.selectFrom('connection').selectAll().where('id', '=', 'con_target').executeTakeFirstOrThrow();
  const integration = await db.selectFrom('integration').selectAll().executeTakeFirstOrThrow();
  const flow = await db.selectFrom('integration_flow').selectAll().executeTakeFirstOrThrow();
  await db
    .insertInto('connection')
    .values({ ...connection, id: 'con_other', name: 'Cin7 of Köln' })
    .execute();
  await db
    .insertInto('integration')
    .values({ ...integration, id: 'int_2', name: 'Köln', target_connection_id: 'con_other' })
    .execute();
  await db
    .insertInto('integration_flow')
    .values({ ...flow, integration_id: 'int_2' })
    .execute();
  const halt = { code: 'UNAUTHORIZED', message: 'the application key is not valid', at: 0, version: 1 };
  await db
    .updateTable('connection')
    .set({ halted_json: JSON.stringify(halt) })
    .where('id', '=', 'con_target')
    .execute();
  bench.source.batches = [[document('1'), document('2')]];
  bench.start();
  const statesOf = async (integration: string) =>
    (await bench.records()).filter((record) => record.integration_id === integration).map(({ state }) => state);
  await bench.until('all of int_2', async () => (await statesOf('int_2')).join() === 'succeeded,succeeded');
  await bench.until('int_1 read', async () => (await statesOf('int_1')).length === 2);
  await bench.rounds();
  expect(await statesOf('int_1')).toEqual(['pending', 'pending']);
});

test('when the target answers again, all that failed towards it is due at once', async () => {
  const hours = { firstMs: 36_000_000, capMs: 36_000_000, random: () => 0.9 };
  const breaker = { after: 2, firstMs: 100, capMs: 100, random: () => 0.9 };
  bench = await EngineBench.open({ kind: 'document', settings: { retry: hours, breaker, concurrency: 1 } });
  bench.source.batches = [['1', '2', '3'].map((key) => document(key))];
  bench.target.faults.set('1', ['retry']).set('2', ['retry']);
  bench.start();
  await bench.untilAll('succeeded');
  expect(posted()).toEqual(['create 1', 'create 2', 'create 3', 'create 1', 'create 2']);
});

test('an outcome that stays unknown is asked for ever less often, and then by a person, with what was found on the record', async () => {
  const lookup = { firstMs: 10, capMs: 50, marginMs: 100, personAfterMs: 300 };
  bench = await EngineBench.open({ kind: 'document', settings: { lookup } });
  bench.source.batches = [[document('1')]];
  bench.target.faults.set('1', ['lost after']);
  bench.target.probeFaults.set(
    '1',
    Array.from({ length: 1000 }, () => 'unknown' as const),
  );
  bench.start();
  await bench.until('undecided', async () => (await reasonOf('1')).includes('LOOKUP_UNDECIDED'));
  const [{ changed_at: since } = { changed_at: 0 }] = await bench.records();
  await bench.until('a person is asked', async () => (await reasonOf('1')).includes('OUTCOME_UNKNOWN'));
  expect(JSON.parse(await reasonOf('1'))).toMatchObject([
    { code: 'TUNNEL_LOST' },
    { code: 'OUTCOME_UNKNOWN', message: expect.stringContaining('cannot tell') as string, fix: expect.any(String) as string },
  ]);
  expect((await bench.records())[0]).toMatchObject({ state: 'uncertain', changed_at: since });
  bench.target.probeFaults.clear();
  await bench.untilAll('succeeded');
});
