import { jdeDay } from '@ml-connector/shared';
import type { JdeBatch, JdeReading } from '../reading.ts';
import { readFollowCursor, type FollowCursor } from './cursor.ts';
import { findGone } from './gone.ts';
import { Problems } from './problems.ts';
import { Seen, type ChangeWindow } from './stamps.ts';

/** One kind of thing in JD Edwards, whole, by key. */
export interface FollowedSource<Item> {
  /** For people: `suppliers`. */
  what: string;
  /** In error codes: `SUPPLIERS`. */
  code: string;
  /** What the settings chose from; another choice means that everything is read anew. */
  selection: string;
  keyOf(item: Item): string;
  /** The next ones in the order of the first key field; undefined behind the last. */
  page(afterFirstKey: string | undefined): Promise<(Found<Item> & { lastFirstKey: string }) | undefined>;
  /** Keys with a trace of change, with the state of their stamps. */
  changedIn(window: ChangeWindow): Promise<ReadonlyMap<string, string>>;
  /** Keys that JD Edwards does not hold, or that are not chosen, give nothing. */
  byKeys(keys: readonly string[]): Promise<Found<Item>>;
  /** Those of the keys that JD Edwards holds, or that are no longer chosen. */
  stillThere(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Found<Item> {
  items: Item[];
  /** What could not be understood, and why. */
  problems: { key: string; why: string }[];
}

const batchSize = 100;
const dayMs = 86_400_000;
const mostDays = 36_500;
/** Two relay nodes may differ by as much; more, and nobody knows how much time really passed. */
const clockToleranceMs = 15 * 60_000;

/**
 * Everything at first, then what changed, as facts/jde-ais.md 10 advises: a batch's cursor may be stored as soon as its items are; a reading
 * that breaks goes on from there, and may deliver twice but never leaves one out. What cannot be understood is left out, tried again by each
 * run, and named by the error that ends the reading after all others were delivered.
 */
export async function* follow<Item>(
  reading: JdeReading,
  open: (today: string) => FollowedSource<Item>,
): AsyncGenerator<JdeBatch<Item>, void, void> {
  const { session, scope, clock, mode } = reading;
  // Asked before anything is read, so that no other environment is.
  const { environment, timeZoneOffset } = await session.info(scope);
  const now = clock.now();
  const today = jdeDay(now, timeZoneOffset);
  const source = open(today);
  const run: Run<Item> = { reading, source, problems: new Problems(source), now, today };
  const first: FollowCursor = {
    version: 1,
    selection: `${environment} ${source.selection}`,
    since: now,
    seen: {},
    unread: [],
    loading: {},
  };
  if (mode === 'sweep') yield* sweep(run);
  else {
    const cursor = usable(run, first);
    yield* cursor.loading ? load(run, cursor) : catchUp(run, cursor);
  }
  run.problems.throwIfAny();
}

interface Run<Item> {
  reading: JdeReading;
  source: FollowedSource<Item>;
  problems: Problems;
  now: number;
  today: string;
}

function usable<Item>({ reading, source, now }: Run<Item>, first: FollowCursor): FollowCursor {
  const stored = reading.mode === 'full' ? undefined : readFollowCursor(reading.cursor);
  if (!stored) return first;
  if (stored.selection !== first.selection) {
    reading.progress(`reading all ${source.what}: the settings choose others than before`);
    return first;
  }
  if (Math.max(stored.since, stored.catchingUp?.started ?? 0) <= now + clockToleranceMs) return stored;
  reading.progress(
    `reading all ${source.what}: the relay's clock stands before the last reading, so that nobody knows how long ago it was`,
  );
  return first;
}

/** The next run reads the changes since the beginning of the load. */
async function* load<Item>(run: Run<Item>, cursor: FollowCursor): AsyncGenerator<JdeBatch<Item>, void, void> {
  const { loading, ...done } = cursor;
  const { problems } = run;
  problems.keep(cursor.unread);
  for await (const { items, lastFirstKey } of pages(run, loading?.afterKey))
    yield { items, gone: [], cursor: { ...done, unread: problems.keys(), loading: { afterKey: lastFirstKey } } };
  yield { items: [], gone: [], cursor: { ...done, unread: problems.keys() } };
}

async function* catchUp<Item>(run: Run<Item>, cursor: FollowCursor): AsyncGenerator<JdeBatch<Item>, void, void> {
  const { reading, source, problems, now, today } = run;
  const { catchingUp, ...rest } = cursor;
  const { started, afterKey } = catchingUp ?? { started: now, afterKey: '' };
  const days = daysToRead(cursor.since, now, reading.session.settings.changeOverlapDays);
  const stamps = await source.changedIn({ days, today, now });
  const seen = new Seen(cursor.seen);
  problems.keep(cursor.unread);
  const keys = [...new Set([...seen.toRead(stamps), ...cursor.unread])].filter((key) => key > afterKey).toSorted();
  if (keys.length > 0) reading.progress(`${keys.length} ${source.what} to look at, changed in the last ${days} days`);

  for (let start = 0; start < keys.length; start += batchSize) {
    const batch = keys.slice(start, start + batchSize);
    const { items } = take(run, batch, await source.byKeys(batch));
    for (const key of batch) if (!problems.has(key)) seen.delivered(key, stamps.get(key));
    const reached = { started, afterKey: batch.at(-1) ?? afterKey };
    yield { items, gone: [], cursor: { ...rest, seen: seen.states(), unread: problems.keys(), catchingUp: reached } };
  }
  yield { items: [], gone: [], cursor: { ...rest, since: started, seen: seen.states(), unread: problems.keys() } };
}

/** Whole days: UPMJ is a day, and the server's day may have begun before ours or after. */
function daysToRead(since: number, now: number, overlapDays: number): number {
  return Math.min(mostDays, Math.ceil(Math.max(0, now - since) / dayMs) + overlapDays);
}

async function* sweep<Item>(run: Run<Item>): AsyncGenerator<JdeBatch<Item>, void, void> {
  const { reading, source } = run;
  const linked = new Set(await reading.linkedKeys?.());
  const linkedCount = linked.size;
  let readCount = 0;
  for await (const { items, problems } of pages(run, undefined)) {
    readCount += items.length + problems.length;
    for (const item of items) linked.delete(source.keyOf(item));
    for (const { key } of problems) linked.delete(key);
    if (items.length > 0) yield { items, gone: [] };
  }
  const gone = await findGone(source, [...linked].toSorted(), { linkedCount, readCount });
  if (gone.length > 0) yield { items: [], gone };
}

async function* pages<Item>(run: Run<Item>, start: string | undefined): AsyncGenerator<Found<Item> & { lastFirstKey: string }, void, void> {
  const { reading, source } = run;
  let afterKey = start;
  let count = 0;
  for (;;) {
    const page = await source.page(afterKey);
    if (!page) return;
    afterKey = page.lastFirstKey;
    count += page.items.length;
    reading.progress(`${count} ${source.what} read, up to ${afterKey}`);
    yield {
      ...page,
      ...take(
        run,
        page.items.map((item) => source.keyOf(item)),
        page,
      ),
    };
  }
}

/** Keeps account of what could not be understood; `keys` are those that were asked for. */
function take<Item>({ problems }: Run<Item>, keys: readonly string[], found: Found<Item>): Found<Item> {
  for (const key of keys) problems.solved(key);
  for (const { key, why } of found.problems) problems.add(key, why);
  problems.refuseTooMany();
  return found;
}
