import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import { wakeMissing } from '../ledger/index.ts';
import type { Db, Store } from '../store/index.ts';
import type { ValueMapRef } from './change.ts';
import { changeMapping } from './change-mapping.ts';
import { readCsv, type CsvFault } from './csv/index.ts';

export interface EntriesToImport extends ValueMapRef {
  /** A file as a spreadsheet saves it. */
  text: string;
  /** `merge` keeps entries that the file does not have, `replace` removes them. */
  mode: 'merge' | 'replace';
}

/** What an import changes, told before it is made. */
export interface ImportPlan {
  added: { from: string; to: string }[];
  changed: { from: string; to: string; before: string }[];
  removed: { from: string; to: string }[];
  unchanged: number;
  /** Everything that is wrong with the file; then nothing is imported. */
  faults: CsvFault[];
}

export async function planImport(store: Store, given: EntriesToImport): Promise<ImportPlan> {
  return planIn(store.db, given);
}

/** Makes the change that `planImport` told, in one transaction; resolves with what was changed and how many records go out. */
export async function importEntries(
  store: Store,
  clock: Clock,
  given: EntriesToImport & { actor: string },
): Promise<ImportPlan & { released: number }> {
  const { integrationId, valueMapId, mode, actor } = given;
  const first = await planIn(store.db, given);
  if (first.faults.length > 0) return { ...first, released: 0 };
  const { added, changed, removed } = first;
  const data = { valueMapId, mode, added: added.length, changed: changed.length, removed: removed.map(({ from }) => from).slice(0, 200) };
  const change = { integrationId, actor, kind: 'value map imported', data };
  return changeMapping(store, clock, change, async (transaction) => {
    const plan = await planIn(transaction, given);
    const news = [...plan.added, ...plan.changed];
    for (const chunk of chunksOf(news)) await put(transaction, given, { entries: chunk, actor, at: clock.now() });
    for (const chunk of chunksOf(plan.removed)) await remove(transaction, given, chunk);
    let released = 0;
    for (const chunk of chunksOf(news)) {
      const codes = chunk.map(({ from }) => from);
      released += await wakeMissing(transaction, clock, { integrationId, valueMapId, codes, actor });
    }
    return { ...plan, released };
  });
}

async function planIn(db: Kysely<Db>, { integrationId, valueMapId, text, mode }: EntriesToImport): Promise<ImportPlan> {
  const { entries, faults } = readCsv(text);
  const rows = await db
    .selectFrom('value_map_entry')
    .select(['from_code', 'to_code'])
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .orderBy('from_code')
    .execute();
  const targetCodes = await targetCodesOf(db, { integrationId, valueMapId });
  const unknown = entries.filter(({ to }) => to !== '' && targetCodes.size > 0 && !targetCodes.has(to));
  const all = [
    ...faults,
    ...unknown.map(({ line, to }) => ({ line, message: `has the target code ${to}, which the target does not have` })),
  ];
  const present = new Map(rows.map((row) => [row.from_code, row.to_code]));
  const wanted = new Set(entries.map(({ from }) => from));
  const added: ImportPlan['added'] = [];
  const changed: ImportPlan['changed'] = [];
  for (const { from, to } of entries) {
    const before = present.get(from);
    if (before === undefined) added.push({ from, to });
    else if (before !== to) changed.push({ from, to, before });
  }
  const others = mode === 'replace' ? rows.filter((row) => !wanted.has(row.from_code)) : [];
  return {
    added,
    changed,
    removed: others.map((row) => ({ from: row.from_code, to: row.to_code })),
    unchanged: entries.length - added.length - changed.length,
    faults: all.toSorted((one, other) => one.line - other.line),
  };
}

/** Empty where nobody has read them yet: then nothing is known to be missing. */
async function targetCodesOf(db: Kysely<Db>, { integrationId, valueMapId }: ValueMapRef): Promise<Set<string>> {
  const rows = await db
    .selectFrom('value_map_code')
    .select('code')
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .where('side', '=', 'to')
    .execute();
  return new Set(rows.map(({ code }) => code));
}

interface News {
  entries: readonly { from: string; to: string }[];
  actor: string;
  at: number;
}

async function put(db: Kysely<Db>, { integrationId, valueMapId }: ValueMapRef, { entries, actor, at }: News): Promise<void> {
  const of = { integration_id: integrationId, value_map_id: valueMapId, changed_at: at, changed_by: actor };
  await db
    .insertInto('value_map_entry')
    .values(entries.map(({ from, to }) => ({ ...of, from_code: from, to_code: to })))
    .onConflict((conflict) =>
      conflict
        .columns(['integration_id', 'value_map_id', 'from_code'])
        .doUpdateSet((row) => ({ to_code: row.ref('excluded.to_code'), changed_at: at, changed_by: actor })),
    )
    .execute();
}

async function remove(db: Kysely<Db>, { integrationId, valueMapId }: ValueMapRef, entries: readonly { from: string }[]): Promise<void> {
  await db
    .deleteFrom('value_map_entry')
    .where('integration_id', '=', integrationId)
    .where('value_map_id', '=', valueMapId)
    .where(
      'from_code',
      'in',
      entries.map(({ from }) => from),
    )
    .execute();
}

/** A statement has room for so many values only. */
function chunksOf<Entry>(entries: readonly Entry[]): Entry[][] {
  const chunks: Entry[][] = [];
  for (let at = 0; at < entries.length; at += 500) chunks.push(entries.slice(at, at + 500));
  return chunks;
}
