import { silentLog } from '@ml-connector/shared';
import { fastClock, testScope } from '../../testing/index.ts';
import type { JdeBatch, JdeReading } from '../reading.ts';
import { openJdeSession } from '../session.ts';
import { jdeSettings } from '../settings.ts';
import { fakeJde, type JdeTables } from './fake-jde.ts';

/** A session on a fake; the clock stands at noon of the server's day, in Greenwich. */
export function openFake(tables: JdeTables, settings: Record<string, unknown> = {}) {
  const jde = fakeJde(tables);
  const clock = fastClock(Date.UTC(2025, 2, 4, 12));
  const session = openJdeSession({
    tenantId: 'acme',
    connectionId: 'jde',
    settings: jdeSettings.parse({ siteId: 'denver', agentSystem: 'JDE', environment: 'JPD920', ...settings }),
    clock,
    log: silentLog,
    agents: jde.agents,
  });
  const scope = testScope();
  const progress: string[] = [];
  const reading = (more: Partial<JdeReading> = {}): JdeReading => ({
    session,
    scope,
    clock,
    mode: 'changes',
    cursor: null,
    progress: (message) => void progress.push(message),
    ...more,
  });
  return { jde, clock, session, scope, progress, reading };
}

/** Everything a reading gives, and the last cursor, as it is stored. Stops at an error, as the engine does. */
export async function drain<Item>(batches: AsyncIterable<JdeBatch<Item>>, started?: unknown) {
  const seen = { items: [] as Item[], gone: [] as string[], sizes: [] as number[], cursor: started, error: undefined as unknown };
  try {
    for await (const { items, gone, cursor } of batches) {
      seen.items.push(...items);
      seen.gone.push(...gone);
      seen.sizes.push(items.length);
      if (cursor !== undefined) seen.cursor = JSON.parse(JSON.stringify(cursor));
    }
  } catch (error) {
    seen.error = error;
  }
  return seen;
}
