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
/** The others wait for it and go together next. */
const mostAtOnce = 1;

export function openEventWriter(store: Store): EventWriter {
  let waiting: Waiting[] = [];
  let atOnce = 0;
  let isPlanned = false;
  let whenIdle: (() => void)[] = [];

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
      waiting.push({ event, isProof, stored });
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
    if (group.length > 1 && !isDatabaseDown(error)) for (const one of group) await writeGroup(store, [one]);
    else for (const { stored } of group) stored(isForeignKey(error) ? 'connection gone' : { error });
    return;
  }
  for (const [place, { stored }] of group.entries()) stored(isNew[place] ? 'new' : 'duplicate');
}

function isForeignKey(error: unknown): boolean {
  const code = error instanceof Object && 'code' in error ? String(error.code) : '';
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || code === '23503';
}
