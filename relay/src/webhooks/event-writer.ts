import { storeWebhookEvents, type NewWebhookEvent } from '../ledger/index.ts';
import { isDatabaseDown, type Store } from '../store/index.ts';

/** Told once per event, when it is on disk or cannot be put there. */
export type Stored = (outcome: 'new' | 'duplicate' | 'connection gone' | { error: unknown }) => void;

/** Puts events on disk, those of several deliveries in one transaction. */
export interface EventWriter {
  /** `isProof`: the first right signature of its connection, as far as is known here. */
  write(event: NewWebhookEvent, isProof: boolean, stored: Stored): void;
  /** Resolves when nothing is waiting or being written. */
  idle(): Promise<void>;
}

interface Waiting {
  event: NewWebhookEvent;
  isProof: boolean;
  stored: Stored;
}

const mostTogether = 500;
/** Characters that may wait, of all connections and of one: while the database hangs, systems go on sending. */
const mostWaiting = 64 * 1024 * 1024;
const mostOfOne = mostWaiting / 4;
/** The others wait for it and go together next. */
const mostAtOnce = 1;

export function openEventWriter(store: Store): EventWriter {
  let waiting: Waiting[] = [];
  let atOnce = 0;
  let isPlanned = false;
  let whenIdle: (() => void)[] = [];
  let size = 0;
  const sizeOf = new Map<string, number>();
  const count = (connectionId: string, more: number): void => {
    size += more;
    const of = (sizeOf.get(connectionId) ?? 0) + more;
    if (of > 0) sizeOf.set(connectionId, of);
    else sizeOf.delete(connectionId);
  };

  // A turn later, so that what arrives in the same turn of the event loop goes together.
  function plan(): void {
    if (isPlanned || atOnce >= mostAtOnce || waiting.length === 0) return;
    isPlanned = true;
    setImmediate(start);
  }
  function start(): void {
    isPlanned = false;
    const group = waiting.length > mostTogether ? waiting.splice(0, mostTogether) : waiting;
    if (group === waiting) waiting = [];
    atOnce++;
    void writeGroup(store, group).finally(() => {
      atOnce--;
      plan();
      if (atOnce === 0 && waiting.length === 0) for (const tell of whenIdle.splice(0)) tell();
    });
    plan();
  }
  return {
    write(event, isProof, stored) {
      const { connectionId, body } = event;
      // More than the text: the row around it takes room as well.
      const length = body.length + 1000;
      if (size + length > mostWaiting || (sizeOf.get(connectionId) ?? 0) + length > mostOfOne)
        return stored({ error: new Error('too many events wait for the database') });
      count(connectionId, length);
      const done: Stored = (outcome) => {
        count(connectionId, -length);
        stored(outcome);
      };
      waiting.push({ event, isProof, stored: done });
      plan();
    },
    idle: () =>
      atOnce === 0 && waiting.length === 0 && !isPlanned
        ? Promise.resolve()
        : new Promise((resolve) => {
            whenIdle = [...whenIdle, resolve];
          }),
  };
}

/** Never rejects. */
async function writeGroup(store: Store, group: readonly Waiting[]): Promise<void> {
  const events = group.map(({ event }) => event);
  const proven = [...new Set(group.filter(({ isProof }) => isProof).map(({ event }) => event.connectionId))];
  let isNew: boolean[];
  try {
    isNew = await storeWebhookEvents(store, events, proven);
  } catch (error) {
    // One of them may be at fault; the others must not suffer for it.
    if (group.length > 1 && mayBeOneAtFault(error)) for (const one of group) await writeGroup(store, [one]);
    else for (const { stored } of group) stored(isForeignKey(error) ? 'connection gone' : { error });
    return;
  }
  for (const [place, { stored }] of group.entries()) stored(isNew[place] ? 'new' : 'duplicate');
}

// Else each of them would wait for the locked, full or hanging database again, one after the other.
function mayBeOneAtFault(error: unknown): boolean {
  const code = codeOf(error);
  if (code === '') return !isDatabaseDown(error);
  // Of PostgreSQL: what does not fit, what contradicts a constraint, what met another transaction.
  return /^SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH)/.test(code) || /^(?:22|23|40)...$/.test(code);
}

function isForeignKey(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || code === '23503';
}

// Not by `instanceof`: a native module's errors may be of another realm.
function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
