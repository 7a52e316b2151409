import { beginPosting, blockRecord } from './begin-posting.ts';
import { haltConnection, resumeConnection } from './connections.ts';
import { holdConnections } from './leases.ts';
import { startNode } from './nodes.ts';
import { settlePosting } from './settle-posting.ts';
import { recordOf, takeIn } from './testing/ledger-bench.ts';
import { body, busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('two who begin the same record: one gets it', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const record = await recordOf(ledger.store, 'a');
    const mapped = { mappingVersion: 'm1', body, notes: [] };
    const begun = await Promise.all([beginPosting(ledger.store, clock, record, mapped), beginPosting(ledger.store, clock, record, mapped)]);
    expect(begun.filter((attempt) => attempt !== undefined)).toHaveLength(1);
  });

  test('what was read before another post of the record begins nothing', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const before = await ledger.begin('a');
    await settlePosting(ledger.store, clock, before, { state: 'pending', error: busy });
    const mapped = { mappingVersion: 'm1', body, notes: [] };
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'pending', attempts: 1 });
    expect(await beginPosting(ledger.store, clock, before.record, mapped)).toBeUndefined();
    expect(await beginPosting(ledger.store, clock, await recordOf(ledger.store, 'a'), mapped)).toMatchObject({ number: 2 });
  });

  test('a record is not blocked by a mapping that was changed since', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const reasons = [{ code: 'VALUE_MAP_MISSING', message: 'no term', missing: { valueMapId: 'terms', code: 'Z030' } }];
    const record = await recordOf(ledger.store, 'a');
    expect(await blockRecord(ledger.store, clock, record, { version: 'm1', stamp: -1, reasons })).toBe(false);
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'pending' });
    expect(await blockRecord(ledger.store, clock, record, { version: 'm1', stamp: 0, reasons })).toBe(true);
    expect(await ledger.store.db.selectFrom('missing_entry').selectAll().execute()).toMatchObject([{ code: 'Z030', record_id: record.id }]);
  });

  test('nothing is begun with a session of a connection that was changed since', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const record = await recordOf(ledger.store, 'a');
    const mapped = { mappingVersion: 'm1', body, notes: [] };
    const [source, target] = [
      { id: 'con_1', version: 1 },
      { id: 'con_2', version: 1 },
    ];
    await ledger.store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_2').execute();
    expect(await beginPosting(ledger.store, clock, record, { ...mapped, connections: [source, target] })).toBeUndefined();
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'pending', attempts: 0 });
    const changed = { ...target, version: 2 };
    expect(await beginPosting(ledger.store, clock, record, { ...mapped, connections: [source, changed] })).toMatchObject({ number: 1 });
  });

  test('nothing is begun towards a target that was found not to work meanwhile; what a halted source gave before goes out', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const record = await recordOf(ledger.store, 'a');
    const connections = await ledger.store.db.selectFrom('connection').selectAll().orderBy('id').execute();
    const { node } = await startNode(ledger.store, clock, { name: 'a', isAlone: true });
    const holder = { nodeId: node.id, connectionId: 'con_2' };
    await holdConnections(ledger.store, clock, { nodeId: node.id, connectionIds: ['con_2'] });
    const beginning = (used = connections) =>
      beginPosting(ledger.store, clock, record, { mappingVersion: 'm1', body, notes: [], holder, connections: used });
    for (const connection of connections) await haltConnection(ledger.store, clock, connection, { ...busy, verdict: 'halt' });
    expect(await beginning()).toBeUndefined();
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'pending', attempts: 0 });
    await resumeConnection(ledger.store, clock, 'con_2', 'user:eva');
    // The session from before is not used any more.
    expect(await beginning()).toBeUndefined();
    const anew = await ledger.store.db.selectFrom('connection').selectAll().orderBy('id').execute();
    expect(await beginning(anew)).toMatchObject({ number: 1 });
  });
});
