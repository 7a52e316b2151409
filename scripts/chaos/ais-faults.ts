import type { Fault } from './fault.ts';
import { timeoutMs } from './timeouts.ts';
import type { CannedAnswer, Held } from './wires/index.ts';

const resultsExpired = 'JAS_MSG347: The query results expired.  Refresh them by clicking Find again.';

/** What an AIS server does to its callers. All calls only read. */
export const aisFaults: readonly Fault[] = [
  aisFault('AIS drops the connection', (held) => held.lose()),
  aisFault('AIS answers 444', answering(444, { message: 'Invalid Token', exception: 'Exception' })),
  aisFault('AIS answers 500 JAS_MSG347', answering(500, { sysErrors: [{ TITLE: resultsExpired, DESC: resultsExpired }] })),
  aisFault('AIS answers half a JSON', (held) => held.answer({ status: 200, contentType: 'application/json', body: '{"fs_DATABROWSE_F' })),
  // Longer than the agent waits.
  aisFault('AIS slow', (held) => void setTimeout(() => held.release(), 1.5 * timeoutMs)),
  {
    name: 'AIS restarts',
    breaks: 'jde',
    strike: ({ landscape: { jde } }, _reached, random) => jde.restart(random.between(100, 700)),
    end: () => undefined,
  },
  {
    name: 'AIS unreachable',
    breaks: 'jde',
    strike: ({ ais }) => ais.shut(),
    end: ({ ais }) => ais.open(),
  },
];

/** Done to the call that waits at this moment, else to the next ones that reach AIS. */
function aisFault(name: string, act: (held: Held<CannedAnswer>) => void): Fault {
  return {
    name,
    breaks: 'jde',
    strike(lane, { ais }, random) {
      if (ais) return act(ais);
      lane.ais.next(random.between(1, 3), act, { phase: random.pick(['before', 'after']) });
    },
    end: () => undefined,
  };
}

function answering(status: number, body: object): (held: Held<CannedAnswer>) => void {
  return (held) => held.answer({ status, body: JSON.stringify(body) });
}
