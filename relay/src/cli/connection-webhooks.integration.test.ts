import { SystemError, systemClock } from '@ml-connector/shared';
import { openStore } from '../store/index.ts';
import { openVault } from '../vault/index.ts';
import { ensureEndpoint } from '../webhooks/index.ts';
import path from 'node:path';
import { describeFailure } from './failure.ts';
import { startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startRelay();
  await relay.cli(['tenants', 'add', "O'Brien Imports"]);
  const set = ['storeHash=abc123', 'clientId=x', 'baseUrl=http://127.0.0.1:9/{hash}'];
  const { code, err } = await relay.cli(
    ['connections', 'add', 'Shop', '--system', 'bigcommerce', '--set', ...set, '--secret', 'accessToken', 'clientSecret', '--stdin'],
    { stdin: 'token\nclient-secret\n' },
  );
  if (code !== 0) throw new Error(err);
});
afterAll(() => relay[Symbol.asyncDispose]());

test('webhooks are shown, their mode is set and their secret rotated', async () => {
  expect((await relay.cli(['webhooks', 'show', 'Shop'])).out).toContain('no address yet');
  expect((await relay.cli(['webhooks', 'rotate-secret', 'Shop'])).err).toContain('has no address for webhooks yet');
  await using store = await openStore(relay.database);
  const connection = await store.db.selectFrom('connection').selectAll().executeTakeFirstOrThrow();
  const vault = openVault({ file: path.join(relay.dataDir, 'master.key') });
  await ensureEndpoint({ store, vault, clock: systemClock }, connection);
  expect((await relay.cli(['webhooks', 'mode', 'Shop', 'required'])).out).toMatch(/mode required, set by token:/);
  expect(await relay.cli(['webhooks', 'mode', 'Shop', 'sometimes'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('known are observe') as unknown,
  });
  expect((await relay.cli(['webhooks', 'rotate-secret', 'Shop'])).code).toBe(0);
  expect(JSON.parse((await relay.cli(['webhooks', 'show', 'Shop', '--json'])).out)).toMatchObject({
    mode: 'required',
    secretRotatedAt: expect.any(String),
  });
});

test('words of another system reach the terminal without escape sequences and marks of direction', async () => {
  await using store = await openStore(relay.database);
  const error = { code: 'X', verdict: 'halt', message: 'no \u001b[2J\u009b31m\u202Egnp', fix: 'ask\u0007' };
  await store.db
    .updateTable('webhook_endpoint')
    .set({ keep_error_json: JSON.stringify(error) })
    .execute();
  for (const options of [[], ['--json']]) {
    const { out } = await relay.cli(['webhooks', 'show', 'Shop', ...options]);
    expect(out).toContain('gnp');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test('nor does what a failure says', () => {
  const { text } = describeFailure(new SystemError('X', 'halt', 'no \u001b[2J\r', { fix: '\u009b31m\u202Eask' }));
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.split('\n')).toHaveLength(2);
});
