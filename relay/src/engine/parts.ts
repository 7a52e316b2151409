import type { Clock, Log } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';
import type { Gates } from './gates.ts';
import type { Membership } from './membership.ts';
import type { Sessions } from './sessions.ts';
import type { EngineSettings } from './settings.ts';
import type { SteadyClock } from './steady-clock.ts';

/** What the engine's parts share. */
export interface EngineParts {
  store: Store;
  sessions: Sessions;
  gates: Gates;
  clock: Clock;
  steadyClock: SteadyClock;
  log: Log;
  /** Left out where nobody may send to this relay. */
  webhooks?: { vault: Vault; publicUrl: string | undefined };
  settings: EngineSettings;
  /** This relay among those on the same database. */
  node: Membership;
  /** Aborts when work in hand has to be left as it is. */
  hardSignal: AbortSignal;
}
