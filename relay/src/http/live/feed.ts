import { randomBytes } from 'node:crypto';
import type { Change, Store } from '../../store/index.ts';

/** Something that may look different now. `id` is null where many changed at once. */
export interface LiveChange {
  about: Exclude<Change['about'], 'cancel'>;
  id: string | null;
}

/** What has changed of late, tenant by tenant, each change with its place in the order. Disposing it stops listening. */
export interface LiveFeed extends Disposable {
  /** The place of the newest change. Places are of this process: another one does not know them. */
  seq(): string;
  /** What a tenant has missed since a place; undefined when that is not remembered (any more). */
  since(seq: string, tenantId: string): LiveChange[] | undefined;
  /** `listener` must not throw. */
  subscribe(tenantId: string, listener: (change: LiveChange) => void): Disposable;
}

interface Remembered extends LiveChange {
  /** null: of all tenants. */
  tenantId: string | null;
}

/** Hears what the parts of the relay tell each other, and remembers the newest of it. */
export function openLiveFeed(store: Pick<Store, 'listen'>, remembers = 5000): LiveFeed {
  const epoch = randomBytes(6).toString('base64url');
  const recent: Remembered[] = [];
  let count = 0;
  const listeners = new Map<string, Set<(change: LiveChange) => void>>();
  const tell = (tenantId: string, change: LiveChange): void => {
    for (const listener of listeners.get(tenantId) ?? []) listener(change);
  };
  const listening = store.listen((change) => {
    const heard = toRemembered(change);
    recent[count % remembers] = heard;
    count += 1;
    const { tenantId, about, id } = heard;
    if (tenantId !== null) return tell(tenantId, { about, id });
    for (const each of listeners.keys()) tell(each, { about, id });
  });
  return {
    seq: () => `${epoch}.${count}`,
    since(seq, tenantId) {
      const [, of, place] = /^([\w-]{8})\.(\d{1,15})$/.exec(seq) ?? [];
      const known = Number(place);
      if (of !== epoch || known > count || known < count - remembers) return undefined;
      const missed = Array.from({ length: count - known }, (_none, offset) => recent[(known + offset) % remembers]);
      return missed.filter((one) => one !== undefined && (one.tenantId === null || one.tenantId === tenantId)) as LiveChange[];
    },
    subscribe(tenantId, listener) {
      const ofTenant = listeners.get(tenantId) ?? new Set();
      listeners.set(tenantId, ofTenant.add(listener));
      return {
        [Symbol.dispose]() {
          ofTenant.delete(listener);
          if (ofTenant.size === 0 && listeners.get(tenantId) === ofTenant) listeners.delete(tenantId);
        },
      };
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}

/** A thing whose tenant was not told must not be named to others. */
function toRemembered({ about, tenantId, id }: Change): Remembered {
  return { about: about === 'cancel' ? 'run' : about, tenantId: tenantId ?? null, id: tenantId === undefined ? null : (id ?? null) };
}
