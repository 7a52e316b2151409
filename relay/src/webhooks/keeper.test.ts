import { openReceiver, type ReceiverBench } from './testing/index.ts';
import { findEndpoint } from './endpoints.ts';
import { keepSubscriptions, type OpenConnection } from './keeper.ts';
import { connectionId } from './testing/receiver-bench.ts';

let bench: ReceiverBench;
beforeEach(async () => {
  bench = await openReceiver();
});
afterEach(() => bench[Symbol.asyncDispose]());

async function keepAborted(reason: unknown) {
  const row = await findEndpoint(bench.store, connectionId);
  const connection = await bench.store.db.selectFrom('connection').selectAll().where('id', '=', connectionId).executeTakeFirst();
  if (!row || !connection) throw new Error('there is no endpoint');
  const stop = new AbortController();
  const manifest = {
    id: 'bigcommerce',
    webhooks: {
      keep: () => {
        stop.abort(reason);
        return Promise.reject(reason);
      },
    },
  } as unknown as OpenConnection['manifest'];
  await keepSubscriptions({ ...bench, publicUrl: 'https://relay.example.com' }, { connection, manifest, session: {} }, row, stop.signal);
  return findEndpoint(bench.store, connectionId);
}

test('a system that does not answer in time is a failure that is written down, told of, and tried again with pauses', async () => {
  const row = await keepAborted(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  expect(row).toMatchObject({ keep_failures: 1, keep_failing_since: bench.clock.at, keep_at: bench.clock.at + 60_000 });
  expect(JSON.parse(row?.keep_error_json ?? '')).toMatchObject({ verdict: 'retry' });
});

test('a relay that stops meanwhile leaves everything as it was', async () => {
  expect(await keepAborted(new Error('the relay stops'))).toMatchObject({ keep_failures: 0, keep_error_json: null });
});
