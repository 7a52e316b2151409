import type { Cache } from './api/cache.ts';
import type { Cursors } from './api/cursors.ts';
import type { Database } from './data/index.ts';
import type { FaultBox } from './faults.ts';
import type { JdeClock } from './jde-clock.ts';
import type { Sessions } from './sessions.ts';
import type { Site } from './site.ts';

/** Answers sent, by `POST /v2/dataservice 200`; `lost` in place of the status where none was sent. */
export type CallCounter = Record<string, number>;

/** One call as it came, without passwords and tokens. */
export interface LoggedCall {
  method: string;
  /** After `/jderest`: `/v2/dataservice`. */
  path: string;
  outcome: number | 'lost';
  body: unknown;
}

/** What one running server is made of. */
export interface SimParts {
  site: Site;
  clock: JdeClock;
  database: Database;
  sessions: Sessions;
  cursors: Cursors;
  cache: Cache;
  faults: FaultBox;
  calls: CallCounter;
  /** The last 1,000. */
  log: LoggedCall[];
  /** True while it starts: everything answers 503. */
  isDown: boolean;
}
