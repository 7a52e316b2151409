import { connectionSecret, relayKeySecret, rewriteSecrets } from './secrets.ts';
import { systemClock } from '@ml-connector/shared';
import { openTestStore } from './testing/index.ts';

test('every secret column is visited with its owner, and nothing is stored when one of them fails', async () => {
  await using store = await openTestStore(systemClock);
  const common = { tenant_id: 'ten_1', system: 'cin7-core', site_id: null, settings_json: '{}', version: 1 };
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller & Söhne', created_at: 0 }).execute();
  for (const [id, secrets] of [
    ['con_1', 'a'],
    ['con_2', null],
    ['con_3', 'b'],
  ] as const) {
    const row = { ...common, id, name: id, secrets, halted_json: null, check_json: null, created_at: 0, changed_at: 0 };
    await store.db.insertInto('connection').values(row).execute();
  }
  const key = { id: 'key_1', purpose: 'name', public_text: '', secret: 'c', created_at: 0, retired_at: null };
  await store.db.insertInto('relay_key').values(key).execute();
  const connections = async () =>
    (await store.db.selectFrom('connection').select('secrets').orderBy('id').execute()).map((row) => row.secrets);

  const seen: string[] = [];
  const failing = rewriteSecrets(store, (_sealed, owner) => {
    seen.push(owner);
    if (owner === relayKeySecret('key_1')) throw new Error('damaged');
    return 'changed';
  });
  await expect(failing).rejects.toThrow('damaged');
  expect(seen).toEqual([connectionSecret('con_1'), connectionSecret('con_3'), relayKeySecret('key_1')]);
  expect(await connections()).toEqual(['a', null, 'b']);

  expect(await rewriteSecrets(store, (sealed) => `${sealed}!`)).toBe(3);
  expect(await connections()).toEqual(['a!', null, 'b!']);
  expect(await store.db.selectFrom('relay_key').select('secret').execute()).toEqual([{ secret: 'c!' }]);
});
