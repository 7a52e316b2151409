import { checkChain } from './events.ts';
import { linkedKeys, ownerOf, removeLink } from './links.ts';
import { recordStory } from './search.ts';
import { settlePosting } from './settle-posting.ts';
import { flowRef, recordOf, takeIn } from './testing/ledger-bench.ts';
import { busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('a link is removed by a person only while nothing of its key is under way, and the story says so', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const unlink = async () =>
      removeLink(ledger.store, clock, { tenantId: 'ten_1', recordId: (await recordOf(ledger.store, 'a')).id, actor: 'user:eva' });
    expect(await unlink()).toBe('none');
    await ledger.post('a');
    await takeIn(ledger.store, clock, { a: '2' });
    const next = await ledger.begin('a');
    expect(await unlink()).toBe('in use');
    await settlePosting(ledger.store, clock, next, { state: 'blocked', error: busy });
    expect(await removeLink(ledger.store, clock, { tenantId: 'ten_2', recordId: next.record.id, actor: 'user:eva' })).toBe('none');
    expect(await unlink()).toBe('removed');
    expect(await ownerOf(ledger.store, flowRef, 'target-a')).toBeUndefined();
    const story = await recordStory(ledger.store, 'ten_1', next.record.id);
    expect(story?.events.at(-1)).toMatchObject({ kind: 'link removed', actor: 'user:eva', data_json: expect.stringContaining('target-a') });
    expect(checkChain(story?.events ?? [])).toBeUndefined();
  });

  test('of linked keys those are left out that are known as what they were read last', async () => {
    await takeIn(ledger.store, clock, { a: '1', b: '1', c: '1' });
    for (const key of ['a', 'b']) await ledger.post(key);
    await takeIn(ledger.store, clock, { b: 'gone' });
    const gone = () => ({ name: 'gone' });
    expect(await linkedKeys(ledger.store, flowRef)).toEqual(['a', 'b']);
    expect(await linkedKeys(ledger.store, flowRef, gone)).toEqual(['a']);
    await takeIn(ledger.store, clock, { b: 'here again' });
    expect(await linkedKeys(ledger.store, flowRef, gone)).toEqual(['a', 'b']);
  });

  test('a target object belongs to one key', async () => {
    await takeIn(ledger.store, clock, { a: '1', b: '1' });
    await ledger.post('a', 'same');
    await ledger.post('b', 'same');
    expect(await recordOf(ledger.store, 'b')).toMatchObject({ state: 'blocked', reason_json: expect.stringContaining('TARGET_TAKEN') });
    expect(await ownerOf(ledger.store, flowRef, 'same')).toBe('a');
  });

  test.each([
    ['another SAP system, where the same number is another vendor', 'con_3', 'a of integration Other'],
    ['the same SAP system: it is the same vendor', 'con_1', 'a'],
  ])('a target object linked by an integration from %s', async (_what, source, owner) => {
    await takeIn(ledger.store, clock, { a: '1' });
    await ledger.post('a', 'shared');
    const { db } = ledger.store;
    const sap = await db.selectFrom('connection').selectAll().where('id', '=', 'con_1').executeTakeFirstOrThrow();
    await db
      .insertInto('connection')
      .values({ ...sap, id: 'con_3', name: 'SAP of the sister company' })
      .execute();
    const integration = await db.selectFrom('integration').selectAll().executeTakeFirstOrThrow();
    await db.updateTable('integration').set({ name: 'Other' }).execute();
    await db
      .insertInto('integration')
      .values({ ...integration, id: 'int_2', name: 'Sister company', source_connection_id: source })
      .execute();
    expect(await ownerOf(ledger.store, { ...flowRef, integrationId: 'int_2' }, 'shared')).toBe(owner);
  });
});
