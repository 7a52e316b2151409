/**
 * `work`: something may be due. `cancel`: a person wants the run `id` to end. `settings`: somebody changed something through the API. Tenant
 * and id as far as they are known, for live views.
 */
export interface Change {
  about: 'work' | 'cancel' | 'record' | 'run' | 'connection' | 'agent' | 'alert' | 'settings';
  tenantId?: string;
  id?: string;
}

/** Who hears of changes within this process. */
export interface Listeners {
  hear: (change: Change) => void;
  listen: (listener: (change: Change) => void) => Disposable;
}

export function createListeners(): Listeners {
  const listeners = new Set<(change: Change) => void>();
  return {
    hear: (change) => {
      for (const listener of listeners) listener(change);
    },
    listen: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
