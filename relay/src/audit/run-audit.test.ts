import { silentLog } from '@ml-connector/shared';
import { dayMs, type AnchorExport } from './anchor.ts';
import { lastCheck } from './checks.ts';
import { setRetention } from './retention-settings.ts';
import { auditRound } from './run-audit.ts';
import { openAudited, start, type AuditedStore } from './testing/audited-store.ts';

let audited: AuditedStore;
let anchors: AnchorExport[];
beforeEach(async () => {
  audited = await openAudited();
  anchors = [];
  await audited.store.db.insertInto('tenant').values({ id: 'ten_1', name: "O'Brien Imports", created_at: 0 }).execute();
  await audited.write('ten_1', 'rec_a', 'rec_b');
});
afterEach(() => audited[Symbol.asyncDispose]());

const round = (): Promise<void> =>
  auditRound({ ...audited, log: silentLog, onAnchor: async (anchor) => void anchors.push(anchor) }, new AbortController().signal);
const days = () => anchors.filter(({ tenantId }) => tenantId === 'ten_1').map(({ day }) => day);

test('each day is anchored once it is over for a while, and handed on', async () => {
  await round();
  expect(days()).toEqual(['2026-05-28']);
  audited.clock.at = Date.UTC(2026, 4, 30, 0, 10);
  await round();
  expect(days()).toEqual(['2026-05-28']);
  audited.clock.at += 10 * 60_000;
  await round();
  await round();
  expect(days()).toEqual(['2026-05-28', '2026-05-29']);
  expect((await audited.verify()).faults).toEqual([]);
});

test('every tenant is verified weekly', async () => {
  await round();
  expect(await lastCheck(audited, 'ten_1')).toMatchObject({ state: 'intact', startedAt: start });
  await audited.store.db.updateTable('event').set({ kind: 'x' }).where('subject_id', '=', 'rec_a').execute();
  audited.clock.at += 6 * dayMs;
  await round();
  expect(await lastCheck(audited, 'ten_1')).toMatchObject({ state: 'intact' });
  audited.clock.at += 2 * dayMs;
  await round();
  expect(await lastCheck(audited, 'ten_1')).toMatchObject({ state: 'damaged', report: { faults: [{ subjectId: 'rec_a', seq: 1 }] } });
  expect(await lastCheck(audited, 'relay')).toMatchObject({ state: 'intact' });
});

test('the retention runs once a day, for tenants that asked for it', async () => {
  const lastAt = async () => (await audited.store.db.selectFrom('retention').select('last_at').executeTakeFirst())?.last_at;
  await setRetention(audited.store, audited.clock, 'ten_1', { detailDays: null, eventDays: null, runDays: null, webhookDays: null });
  await round();
  expect(await lastAt()).toBeNull();
  await setRetention(audited.store, audited.clock, 'ten_1', { detailDays: 30, eventDays: null, runDays: null, webhookDays: null });
  await round();
  expect(await lastAt()).toBe(start);
  audited.clock.at += dayMs - 1;
  await round();
  expect(await lastAt()).toBe(start);
  audited.clock.at += 1;
  await round();
  expect(await lastAt()).toBe(start + dayMs);
});

test('what fails for one tenant is tried again at the next round and holds up no other', async () => {
  const failing = async ({ tenantId }: AnchorExport): Promise<void> => {
    if (tenantId === 'relay') throw new Error('no room in the outbox');
    anchors.push({} as AnchorExport);
  };
  await auditRound({ ...audited, log: silentLog, onAnchor: failing }, new AbortController().signal);
  expect(anchors).toHaveLength(1);
  expect(await lastCheck(audited, 'relay')).toMatchObject({ state: 'intact' });
});
