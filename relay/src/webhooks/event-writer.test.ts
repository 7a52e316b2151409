import type { NewWebhookEvent } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import { openEventWriter } from './event-writer.ts';

const event = (connectionId: string, body = '{"topic":"object/changed"}'): NewWebhookEvent => ({
  tenantId: 'ten_1',
  connectionId,
  deduplicationKey: 'evt_1',
  topic: 'object/changed',
  verdict: 'genuine',
  body,
  receivedAt: 1_900_000_000_000,
});

test.each([
  ['the database is locked by another process', 'SQLITE_BUSY', 1],
  ['the disk is full', 'SQLITE_FULL', 1],
  ['the disk fails', 'SQLITE_IOERR_WRITE', 1],
  ['a statement ran into its time limit', '57014', 1],
  ['the server is gone', 'ECONNRESET', 1],
  ['one of them is at fault', '22P05', 101],
])('while %s a hundred events make no more than %s: %i commits', async (_what, code, commits) => {
  let count = 0;
  const commit = (): Promise<never> => {
    count += 1;
    return Promise.reject(Object.assign(new Error('cannot be stored'), { code }));
  };
  const writer = openEventWriter({ commit } as unknown as Store);
  const outcomes: unknown[] = [];
  for (let number = 0; number < 100; number += 1) writer.write(event('con_1'), false, (outcome) => void outcomes.push(outcome));
  await writer.idle();
  expect(count).toBe(commits);
  expect(outcomes).toHaveLength(100);
  expect(outcomes.every((outcome) => typeof outcome === 'object')).toBe(true);
});

test('a database that hangs does not fill the memory: what is too much is to be sent again, and one source leaves room for the others', async () => {
  const hanging: (() => void)[] = [];
  const commit = (): Promise<never> => new Promise((_resolve, reject) => hanging.push(() => reject(new Error('given up'))));
  const writer = openEventWriter({ commit } as unknown as Store);
  const refused = new Map<string, number>();
  const body = JSON.stringify('x'.repeat(250_000));
  const send = (connectionId: string): void =>
    writer.write(event(connectionId, body), false, (outcome) => {
      if (typeof outcome === 'object' && String(outcome.error).includes('too many'))
        refused.set(connectionId, (refused.get(connectionId) ?? 0) + 1);
    });
  for (let number = 0; number < 1000; number += 1) send('con_storm');
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(hanging).toHaveLength(1);
  for (let number = 0; number < 1000; number += 1) send('con_storm');
  expect(refused.get('con_storm')).toBeGreaterThan(1900);
  send('con_quiet');
  expect(refused.get('con_quiet')).toBeUndefined();
  for (let place = 0; place < hanging.length; place += 1) {
    hanging[place]?.();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
});
