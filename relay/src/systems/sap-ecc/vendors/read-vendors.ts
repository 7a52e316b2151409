import { momentBefore } from '@ml-connector/shared';
import { readFrom } from '../overlap.ts';
import type { SapSystemInfo } from '../system-info.ts';
import { readVendorCursor, type VendorCursor } from './cursor.ts';
import { findGoneVendors } from './gone.ts';
import { openVendorSource, type VendorSelection, type VendorSource } from './vendor-source.ts';
import type { Vendor } from './vendor.ts';

export interface VendorReading extends VendorSelection {
  /** `changes` loads everything at first, then what changed; `sweep` reads every vendor beside the cursor; `full` starts anew. */
  mode: 'changes' | 'sweep' | 'full';
  cursor: unknown;
  progress(message: string): void;
  /** Numbers of the vendors that a target holds; a sweep reports those that SAP no longer has. */
  linkedNumbers?: (() => Promise<string[]>) | undefined;
}

export interface VendorBatch {
  vendors: Vendor[];
  /** Numbers that a target holds and SAP does not: deleted or archived. */
  gone: string[];
  /** To be stored together with these vendors; undefined leaves the stored one. */
  cursor?: VendorCursor | undefined;
}

const batchSize = 200;
const mostRemembered = 5000;

/**
 * Vendors in batches of up to 200, in key order. A batch's cursor may be stored as soon as its vendors are; a reading that breaks goes on
 * from there, and may deliver vendors twice but never leaves one out.
 */
export async function* readVendors(reading: VendorReading): AsyncGenerator<VendorBatch, void, void> {
  const { session, scope, mode } = reading;
  // Asked before anything is read: what changes meanwhile is stamped later and belongs to the next reading.
  const info = await session.systemInfo(scope);
  const vendorSource = await openVendorSource(reading, info.serverTime.date);
  if (mode === 'sweep') return yield* sweep(reading, vendorSource);

  const stored = mode === 'full' ? undefined : readVendorCursor(reading.cursor);
  if (!stored || stored.loading) return yield* load(reading, vendorSource, stored ?? firstCursor(info));
  yield* catchUp(reading, vendorSource, { cursor: stored, info });
}

function firstCursor({ serverTime, zone }: SapSystemInfo): VendorCursor {
  return { version: 1, changesSince: serverTime, zone, recentlyCreated: [], loading: { afterKey: '' } };
}

/** The next run reads the changes since the beginning of the load. */
async function* load(reading: VendorReading, vendorSource: VendorSource, cursor: VendorCursor): AsyncGenerator<VendorBatch, void, void> {
  const { loading, ...done } = cursor;
  let last = loading?.afterKey ?? '';
  for await (const vendors of pages(reading, vendorSource, last)) {
    last = vendors.at(-1)?.number ?? last;
    yield { vendors, gone: [], cursor: { ...done, loading: { afterKey: last } } };
  }
  yield { vendors: [], gone: [], cursor: done };
}

async function* catchUp(
  reading: VendorReading,
  vendorSource: VendorSource,
  { cursor, info }: { cursor: VendorCursor; info: SapSystemInfo },
): AsyncGenerator<VendorBatch, void, void> {
  const overlapMinutes = reading.session.settings.changeOverlapMinutes;
  const { until, zone, afterKey } = cursor.catchingUp ?? { until: info.serverTime, zone: info.zone, afterKey: '' };
  const since = readFrom(
    { until: cursor.changesSince, zone: cursor.zone },
    { serverTime: info.serverTime, zone: info.zone, overlapMinutes },
  );
  const { changed, created } = await vendorSource.changedSince(since);
  const known = new Set(cursor.recentlyCreated);
  const fresh = created.filter(({ number }) => !known.has(number)).map(({ number }) => number);
  const numbers = [...new Set([...changed, ...fresh])].filter((number) => number > afterKey).toSorted();
  if (numbers.length > 0) reading.progress(`${numbers.length} vendors changed since ${since.date} ${since.time}`);

  for (let start = 0; start < numbers.length; start += batchSize) {
    const batch = numbers.slice(start, start + batchSize);
    const vendors = await vendorSource.byNumber(batch);
    yield { vendors, gone: [], cursor: { ...cursor, catchingUp: { until, zone, afterKey: batch.at(-1) ?? afterKey } } };
  }
  // After a break, a number below `afterKey` may have been created since and is still to be read.
  const delivered = created.filter(({ number }) => known.has(number) || number > afterKey);
  const remembered = delivered.filter(({ createdOn }) => createdOn >= momentBefore(until, overlapMinutes * 60).date);
  const recentlyCreated = remembered.length > mostRemembered ? [] : remembered.map(({ number }) => number);
  yield { vendors: [], gone: [], cursor: { version: 1, changesSince: until, zone, recentlyCreated } };
}

async function* sweep(reading: VendorReading, vendorSource: VendorSource): AsyncGenerator<VendorBatch, void, void> {
  const linked = new Set(await reading.linkedNumbers?.());
  const linkedCount = linked.size;
  let readCount = 0;
  for await (const vendors of pages(reading, vendorSource, '')) {
    readCount += vendors.length;
    for (const { number } of vendors) linked.delete(number);
    yield { vendors, gone: [] };
  }
  const gone = await findGoneVendors(reading, [...linked].toSorted(), { linkedCount, readCount });
  if (gone.length > 0) yield { vendors: [], gone };
}

async function* pages(reading: VendorReading, vendorSource: VendorSource, start: string): AsyncGenerator<Vendor[], void, void> {
  let afterKey = start;
  let count = 0;
  for (;;) {
    const vendors = await vendorSource.page({ afterKey: afterKey === '' ? undefined : afterKey, size: batchSize });
    const last = vendors.at(-1);
    if (!last) return;
    afterKey = last.number;
    count += vendors.length;
    reading.progress(`${count} vendors read, up to ${afterKey}`);
    yield vendors;
  }
}
