import { alphaIn, momentBefore, type Condition, type SapMoment } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import { readFrom } from '../overlap.ts';
import type { SapSession } from '../session.ts';
import type { SapSystemInfo } from '../system-info.ts';
import { collectAll, findChangeDocuments, onlyIn } from '../vendors/index.ts';
import { readMaterialCursor, type MaterialCursor } from './cursor.ts';
import { readByNumber, readPage, type MaterialSource } from './read-whole.ts';
import type { MaterialBatch, ReadMaterials, SapMaterial } from './types.ts';

const batchSize = 200;
const mostRemembered = 5000;

/**
 * Materials in batches of up to 200. `changes` loads everything at first, then what changed; `sweep` reads all beside the cursor, for prices and
 * stock carry no date of change; `keys` reads those alone. A batch without a cursor leaves the stored one.
 */
export async function* readSapMaterials(
  session: SapSession,
  read: ReadMaterials,
  scope: CallScope,
): AsyncGenerator<MaterialBatch, void, void> {
  const { mode, keys = [] } = read;
  // Asked before anything is read: what changes meanwhile is stamped later and belongs to the next reading.
  const info = await session.systemInfo(scope);
  const source: MaterialSource = { ...read, session, scope, today: info.serverTime.date };
  if (mode === 'keys') return yield* byNumbers(source, [...new Set(keys.map((key) => alphaIn(key, numberLength)))].toSorted());
  if (mode === 'sweep') return yield* sweep(source, read);
  const stored = mode === 'full' ? undefined : readMaterialCursor(read.cursor);
  if (!stored || stored.loading) return yield* load(source, read, stored ?? firstCursor(info));
  yield* catchUp(source, read, { cursor: stored, info });
}

/** MATNR; longer numbers exist only with the business function LAMA (facts/sap-ecc.md 2.9). */
const numberLength = 18;

function firstCursor({ serverTime, zone }: SapSystemInfo): MaterialCursor {
  return { version: 1, changesSince: serverTime, zone, recent: [], loading: { afterKey: '' } };
}

async function* load(source: MaterialSource, read: ReadMaterials, cursor: MaterialCursor): AsyncGenerator<MaterialBatch, void, void> {
  const { loading, ...done } = cursor;
  for await (const materials of pages(source, read, loading?.afterKey ?? ''))
    yield { materials, cursor: { ...done, loading: { afterKey: materials.at(-1)?.number ?? '' } } satisfies MaterialCursor };
  yield { materials: [], cursor: done };
}

async function* sweep(source: MaterialSource, read: ReadMaterials): AsyncGenerator<MaterialBatch, void, void> {
  for await (const materials of pages(source, read, '')) yield { materials, cursor: undefined };
}

async function* byNumbers(source: MaterialSource, numbers: readonly string[]): AsyncGenerator<MaterialBatch, void, void> {
  for (let start = 0; start < numbers.length; start += batchSize)
    yield { materials: await readByNumber(source, numbers.slice(start, start + batchSize)), cursor: undefined };
}

async function* catchUp(
  source: MaterialSource,
  read: ReadMaterials,
  { cursor, info }: { cursor: MaterialCursor; info: SapSystemInfo },
): AsyncGenerator<MaterialBatch, void, void> {
  const overlapMinutes = source.session.settings.changeOverlapMinutes;
  const { until, zone, afterKey } = cursor.catchingUp ?? { until: info.serverTime, zone: info.zone, afterKey: '' };
  const since = readFrom(
    { until: cursor.changesSince, zone: cursor.zone },
    { serverTime: info.serverTime, zone: info.zone, overlapMinutes },
  );
  const changed = await findChangeDocuments(source.session, { objectClass: 'MATERIAL', since }, source.scope);
  const stamped = await readStamped(source, since);
  const known = new Set(cursor.recent);
  const fresh = stamped.filter(({ number }) => !known.has(number)).map(({ number }) => number);
  const numbers = [...new Set([...changed.map((id) => alphaIn(id, numberLength)), ...fresh])]
    .filter((number) => number > afterKey)
    .toSorted();
  if (numbers.length > 0) read.progress(`${numbers.length} materials changed since ${since.date} ${since.time}`);
  for (let start = 0; start < numbers.length; start += batchSize) {
    const batch = numbers.slice(start, start + batchSize);
    const reached: MaterialCursor = { ...cursor, catchingUp: { until, zone, afterKey: batch.at(-1) ?? afterKey } };
    yield { materials: await readByNumber(source, batch), cursor: reached };
  }
  // After a break, a number below `afterKey` may have been stamped since and is still to be read.
  const delivered = stamped.filter(({ number }) => known.has(number) || number > afterKey);
  const remembered = delivered.filter(({ date }) => date >= momentBefore(until, overlapMinutes * 60).date);
  const recent = remembered.length > mostRemembered ? [] : remembered.map(({ number }) => number);
  yield { materials: [], cursor: { version: 1, changesSince: until, zone, recent } satisfies MaterialCursor };
}

/** Created or changed on that day or later by MARA's own dates: some ways of changing a material write no change document. */
async function readStamped(
  { session, scope, materialTypes = [] }: MaterialSource,
  { date }: SapMoment,
): Promise<{ number: string; date: string }[]> {
  const where: Condition[] = [
    { anyOf: ['ERSDA', 'LAEDA'].map((field) => ({ field, op: 'GE', value: date })) },
    ...onlyIn('MTART', materialTypes),
  ];
  const rows = await collectAll([where], (one) =>
    session.readTable({ table: 'MARA', fields: ['MATNR', 'ERSDA', 'LAEDA'], where: one }, scope),
  );
  return rows.map(({ MATNR, ERSDA, LAEDA }) => ({ number: MATNR, date: LAEDA > ERSDA ? LAEDA : ERSDA }));
}

async function* pages(source: MaterialSource, read: ReadMaterials, start: string): AsyncGenerator<SapMaterial[], void, void> {
  let afterKey = start;
  let count = 0;
  for (;;) {
    const materials = await readPage(source, { afterKey, size: batchSize });
    const last = materials.at(-1);
    if (!last) return;
    afterKey = last.number;
    count += materials.length;
    read.progress(`${count} materials read, up to ${afterKey}`);
    yield materials;
  }
}
