import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { eventHash } from '../ledger/index.ts';
import type { EventRow } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { openVault } from '../vault/index.ts';
import { anchorHash, dayMs } from './anchor.ts';
import { makeAnchor } from './make-anchor.ts';
import { openAudited, start, type AuditedStore } from './testing/audited-store.ts';

const tenantId = 'ten_1';
const hourMs = 3_600_000;

describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    if (kind === 'PostgreSQL') database = await openTestDatabase(kind);
  });
  afterAll(() => database?.[Symbol.asyncDispose]());

  /** Three days of events of some records, each day anchored; some more that are not. */
  async function seeded(): Promise<AuditedStore> {
    const audited = await openAudited(database);
    const { clock, write } = audited;
    for (const day of [0, 1, 2]) {
      clock.at = start + day * dayMs;
      await write(tenantId, 'rec_a', 'rec_b', 'rec_a', `rec_of_${day}`, 'con_1', 'rec_a');
      await write('ten_2', 'rec_z', 'rec_z');
      clock.at = start + (day + 1) * dayMs - 8 * hourMs;
      for (const tenant of [tenantId, 'ten_2']) await makeAnchor(audited, { tenantId: tenant, kind: 'day' });
    }
    await write(tenantId, 'rec_a', 'rec_new');
    return audited;
  }

  const allEvents = ({ store }: AuditedStore) => store.db.selectFrom('event').selectAll().orderBy('subject_id').orderBy('seq').execute();

  test('a trail as it was written is intact, with what is not anchored yet', async () => {
    await using audited = await seeded();
    expect(await audited.verify()).toMatchObject({ faultCount: 0, faults: [], anchors: 6, anchoredThrough: Date.UTC(2026, 5, 1) - 1 });
  });

  test('a day is anchored once, after it is over, and what was missed is caught up in one anchor', async () => {
    await using audited = await openAudited(database);
    await audited.write(tenantId, 'rec_a');
    expect(await makeAnchor(audited, { tenantId, kind: 'day' })).toMatchObject({ number: 1, day: '2026-05-28' });
    expect(await makeAnchor(audited, { tenantId, kind: 'day' })).toBeUndefined();
    audited.clock.at += 9 * dayMs;
    expect(await makeAnchor(audited, { tenantId, kind: 'day' })).toMatchObject({ number: 2, day: '2026-06-06', headCount: 2 });
    expect((await audited.verify()).faults).toEqual([]);
  });

  test('an event written late, dated before the end of an anchor that was made since, is in the next anchor', async () => {
    await using audited = await openAudited(database);
    const { clock, write } = audited;
    await write(tenantId, 'rec_a');
    await makeAnchor(audited, { tenantId, kind: 'now' });
    clock.at -= 10 * 60_000;
    await write(tenantId, 'rec_call');
    clock.at += 2 * hourMs;
    await makeAnchor(audited, { tenantId, kind: 'now' });
    expect((await audited.verify()).faults).toEqual([]);
    await audited.store.db.deleteFrom('event').where('subject_id', '=', 'rec_call').execute();
    expect((await audited.verify()).faults).toMatchObject([{ fault: 'removed', subjectId: 'rec_call', seq: 1 }]);
  });

  /** What somebody with the database in hand may do to one event; answers whom and what the verification must name. */
  type Tamper = (audited: AuditedStore, event: EventRow) => Promise<{ subjectId: string; seq: number } | undefined>;

  const of = (event: EventRow) => ({ subjectId: event.subject_id, seq: event.seq });
  const change = async ({ store }: AuditedStore, event: EventRow, set: Partial<EventRow>): Promise<void> => {
    await store.db.updateTable('event').set(set).where('subject_id', '=', event.subject_id).where('seq', '=', event.seq).execute();
  };
  const remove = async ({ store }: AuditedStore, subjectId: string, from: number, to = Infinity): Promise<void> => {
    const events = store.db.deleteFrom('event').where('subject_id', '=', subjectId).where('seq', '>=', from);
    await (to === Infinity ? events : events.where('seq', '<=', to)).execute();
  };

  /** Makes a chain whole again from an event on, as somebody would who knows how hashes are made. */
  async function rehash(audited: AuditedStore, subjectId: string): Promise<void> {
    const events = (await allEvents(audited)).filter((event) => event.subject_id === subjectId);
    await remove(audited, subjectId, 1);
    let previous = '';
    for (const [place, event] of events.entries()) {
      const row = { ...event, seq: place + 1, prev_hash: previous };
      previous = eventHash(row);
      await audited.store.db
        .insertInto('event')
        .values({ ...row, hash: previous })
        .execute();
    }
  }

  const tampers: Record<string, Tamper> = {
    'edits the content': async (audited, event) => {
      await change(audited, event, { data_json: event.data_json.replace('Müller', 'Meier').concat(' ') });
      return of(event);
    },
    'edits the actor': async (audited, event) => (await change(audited, event, { actor: 'user:somebody' }), of(event)),
    'edits the time': async (audited, event) => (await change(audited, event, { at: event.at - 1 }), of(event)),
    'edits the kind': async (audited, event) => (await change(audited, event, { kind: 'succeeded' }), of(event)),
    'gives it to another tenant': async (audited, event) => (await change(audited, event, { tenant_id: 'ten_3' }), of(event)),
    'drops the content and leaves the digest': async (audited, event) => {
      const { droppedContent } = await import('../ledger/index.ts');
      await change(audited, event, { data_json: droppedContent(event.data_json) });
      return of(event);
    },
    'edits it and makes the chain whole': async (audited, event) => {
      await change(audited, event, { data_json: '{"note":"nothing happened"}' });
      await rehash(audited, event.subject_id);
      return { subjectId: event.subject_id, seq: -1 };
    },
    'removes it': async (audited, event) => (await remove(audited, event.subject_id, event.seq, event.seq), of(event)),
    'removes it and makes the chain whole': async (audited, event) => {
      await remove(audited, event.subject_id, event.seq, event.seq);
      await rehash(audited, event.subject_id);
      return { subjectId: event.subject_id, seq: -1 };
    },
    'removes it and all that follow': async (audited, event) => (await remove(audited, event.subject_id, event.seq), of(event)),
    'removes the whole subject': async (audited, event) => {
      await remove(audited, event.subject_id, 1);
      return { subjectId: event.subject_id, seq: 1 };
    },
    'swaps it with the next': async (audited, event) => {
      const next = (await allEvents(audited)).find((one) => one.subject_id === event.subject_id && one.seq === event.seq + 1);
      if (!next) return undefined;
      await change(audited, event, { seq: -1 });
      await change(audited, next, { seq: event.seq });
      await change(audited, { ...event, seq: -1 }, { seq: next.seq });
      return of(event);
    },
    'puts a forged one behind it and makes the chain whole': async (audited, event) => {
      const later = (await allEvents(audited)).filter((one) => one.subject_id === event.subject_id && one.seq > event.seq).toReversed();
      for (const one of later) await change(audited, one, { seq: one.seq + 1 });
      const forged = { ...event, seq: event.seq + 1, kind: 'approved', actor: 'user:controller' };
      await audited.store.db.insertInto('event').values(forged).execute();
      await rehash(audited, event.subject_id);
      return { subjectId: event.subject_id, seq: -1 };
    },
    'begins a forged subject': async (audited, event) => {
      const forged = { ...event, subject_id: 'rec_forged', seq: 1, prev_hash: '' };
      await audited.store.db
        .insertInto('event')
        .values({ ...forged, hash: eventHash(forged) })
        .execute();
      return { subjectId: 'rec_forged', seq: 1 };
    },
  };

  test('whatever is done to an anchored event directly in the database, verification names the subject', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(tampers)), fc.nat(), async (how, pick) => {
        await using audited = await seeded();
        const events = (await allEvents(audited)).filter(
          (event) => event.tenant_id === tenantId && event.subject_id.startsWith('rec') && event.at < audited.clock.at,
        );
        const event = events[pick % events.length]!;
        const expected = await tampers[how]!(audited, event);
        if (!expected) return;
        const report = await audited.verify();
        const named = report.faults.filter(({ subjectId }) => subjectId === expected.subjectId);
        expect([how, named.length > 0]).toEqual([how, true]);
        if (expected.seq > 0) expect(named.map(({ seq }) => seq)).toContain(expected.seq);
        expect(named[0]?.day).toMatch(/^2026-0[56]-\d\d$/);
        // Nobody else is accused.
        expect(new Set(report.faults.map(({ subjectId }) => subjectId))).toEqual(new Set([expected.subjectId]));
      }),
      { numRuns: kind === 'SQLite' ? 60 : 8 },
    );
  });

  test.each<[string, (audited: AuditedStore) => Promise<unknown>, string, number]>([
    ['removed', ({ store }) => store.db.deleteFrom('audit_anchor').where('number', '=', 2).execute(), 'anchor removed', 2],
    ['the newest, removed', ({ store }) => store.db.deleteFrom('audit_anchor').where('number', '=', 3).execute(), 'anchor removed', 3],
    [
      'edited',
      ({ store }) => store.db.updateTable('audit_anchor').set({ day: '2026-05-01' }).where('number', '=', 2).execute(),
      'anchor edited',
      2,
    ],
    [
      'with a chain less in its list',
      ({ store }) => store.db.deleteFrom('audit_head').where('number', '=', 2).where('subject_id', '=', 'rec_b').execute(),
      'anchor edited',
      2,
    ],
    [
      'with another hash in its list',
      ({ store }) =>
        store.db.updateTable('audit_head').set({ hash: 'ab' }).where('number', '=', 2).where('subject_id', '=', 'rec_b').execute(),
      'anchor edited',
      2,
    ],
  ])('an anchor %s is named', async (_what, tamper, fault, number) => {
    await using audited = await seeded();
    await tamper(audited);
    const { faults } = await audited.verify({ tenantId, withoutFile: true });
    expect(faults).toContainEqual(expect.objectContaining({ tenantId, subjectId: null, seq: number, fault }) as unknown);
  });

  test('anchors that are gone with their lines in the trail are missed by the copy outside the database', async () => {
    await using audited = await seeded();
    const { store } = audited;
    await store.db.deleteFrom('audit_anchor').execute();
    await store.db.deleteFrom('audit_head').execute();
    await store.db.deleteFrom('event').where('subject_id', 'like', 'ten_%').execute();
    expect((await audited.verify({ withoutFile: true })).faultCount).toBe(0);
    const { faults } = await audited.verify({ tenantId });
    expect(faults.map(({ fault, seq, day }) => [fault, seq, day])).toEqual([
      ['anchor removed', 1, '2026-05-29'],
      ['anchor removed', 2, '2026-05-30'],
      ['anchor removed', 3, '2026-05-31'],
    ]);
  });

  test('an anchor signed with a key that somebody put into the database is forged', async () => {
    await using audited = await seeded();
    const { store } = audited;
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const public_text = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
    const row = await store.db
      .selectFrom('audit_anchor')
      .selectAll()
      .where('tenant_id', '=', 'ten_2')
      .where('number', '=', 3)
      .executeTakeFirstOrThrow();
    const { secret } = await store.db.selectFrom('relay_key').select('secret').executeTakeFirstOrThrow();
    await store.db
      .insertInto('relay_key')
      .values({ id: 'key_own', purpose: 'audit-anchor', public_text, secret, created_at: 0, retired_at: null })
      .execute();
    const forged = anchorHash({ ...row, key_id: 'key_own' });
    const signature = sign(null, Buffer.from(forged), privateKey).toString('base64url');
    await store.db
      .updateTable('audit_anchor')
      .set({ key_id: 'key_own', hash: forged, signature })
      .where('tenant_id', '=', 'ten_2')
      .where('number', '=', 3)
      .execute();
    const { faults } = await audited.verify();
    expect(faults).toContainEqual(expect.objectContaining({ tenantId: 'ten_2', seq: 3, fault: 'anchor forged' }));
  });

  test('without the master key nothing is said to be intact', async () => {
    await using audited = await seeded();
    const file = path.join(audited.folder, 'other.key');
    writeFileSync(file, '');
    const { verifyAudit } = await import('./verify.ts');
    const vault = openVault({ keys: Buffer.alloc(32, 7).toString('base64') });
    await expect(verifyAudit({ ...audited, vault })).rejects.toMatchObject({ code: 'VAULT_KEY_MISSING' });
  });

  test('faults of days before the asked one are left out', async () => {
    await using audited = await seeded();
    await audited.store.db.updateTable('event').set({ kind: 'x' }).where('subject_id', '=', 'rec_of_0').execute();
    expect((await audited.verify({ since: start + dayMs })).faultCount).toBe(0);
    expect((await audited.verify({ since: start })).faults).toMatchObject([
      { subjectId: 'rec_of_0', seq: 1, day: '2026-05-29', fault: 'edited' },
    ]);
  });
});
