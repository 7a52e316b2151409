import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../sandbox/sap/seed/random.ts';
import type { Lane } from './lane.ts';
import type { CannedAnswer, Held, HttpCall, Phase } from './wires/index.ts';

/** A moment in the life of a flow at which a fault can hit it on purpose. */
export interface Step {
  readonly name: string;
  /** Nothing is under way: the work is made after the fault. */
  readonly isIdle?: boolean;
  /** To be called before the run is asked for. `signal` gives up waiting. */
  arm(lane: Lane, random: Random, signal: AbortSignal): Promise<Reached>;
}

/** The moment has come; what waits in a wire goes on with `release`. */
export interface Reached {
  /** The call to the target that waits, if the moment is one. */
  http?: Held<CannedAnswer>;
  /** The call to AIS that waits. */
  ais?: Held<CannedAnswer>;
  release(): void;
}

/** First and last of a range that the seed chooses from. */
type Range = [number, number];

const nothingHeld: Reached = { release: () => undefined };

export const idle: Step = { name: 'idle', isIdle: true, arm: () => Promise.resolve(nothingHeld) };

export const anyMoment: Step = {
  name: 'any moment',
  async arm(_lane, random, signal) {
    await delay(random.between(0, 1200), undefined, { signal });
    return nothingHeld;
  },
};

export function sapCall(name: string, { phase, tables, nth }: { phase: Phase; tables: string[]; nth: Range }): Step {
  return {
    name,
    async arm({ sap }, random, signal) {
      const held = sap.hold({ phase, matches: ({ table }) => tables.includes(table), nth: random.between(...nth) });
      await come(held, signal);
      return { release: () => held.release() };
    },
  };
}

export function sapFunction(name: string, { phase, functions, nth }: { phase: Phase; functions: string[]; nth: Range }): Step {
  return {
    name,
    async arm({ sap }, random, signal) {
      const held = sap.hold({ phase, matches: (call) => functions.includes(call.function), nth: random.between(...nth) });
      await come(held, signal);
      return { release: () => held.release() };
    },
  };
}

/** A read of one of these tables of JD Edwards; `words` have to be in what is asked. */
export function aisRead(
  name: string,
  { phase, tables, words = '', nth }: { phase: Phase; tables: string[]; words?: string; nth: Range },
): Step {
  const matches = ({ body }: HttpCall): boolean => tables.some((table) => body.includes(`"${table}"`)) && body.includes(words);
  return {
    name,
    async arm({ ais: wire }, random, signal) {
      const ais = wire.hold({ phase, matches, nth: random.between(...nth) });
      await come(ais, signal);
      return { ais, release: () => ais.release() };
    },
  };
}

/** The agent's session has ended, and it logs on once more. */
export function aisLogon(name: string, { phase }: { phase: Phase }): Step {
  return {
    name,
    async arm({ ais: wire, landscape }, _random, signal) {
      const ais = wire.hold({ phase, matches: ({ path }) => path.endsWith('/tokenrequest') });
      await landscape.jde.expireTokens();
      await come(ais, signal);
      return { ais, release: () => ais.release() };
    },
  };
}

/** A webhook on its way to the relay, or its answer on the way back. */
export function webhook(name: string, { phase, nth }: { phase: Phase; nth: Range }): Step {
  return {
    name,
    async arm({ webhooks }, random, signal) {
      const held = webhooks.hold({ phase, matches: ({ path }) => path.startsWith('webhooks/'), nth: random.between(...nth) });
      await come(held, signal);
      return { release: () => held.release() };
    },
  };
}

/** Cuts SAP's session under the answer to a commit, and waits for the question that follows. */
export function sapLookUpAfterLoss(name: string, { tables }: { tables: string[] }): Step {
  return {
    name,
    async arm({ sap }, random, signal) {
      const committed = sap.hold({
        phase: 'after',
        matches: (call) => call.function === 'BAPI_TRANSACTION_COMMIT',
        nth: random.between(1, 3),
      });
      await come(committed, signal);
      const asked = sap.hold({ phase: 'before', matches: ({ table }) => tables.includes(table) });
      committed.lose();
      await come(asked, signal);
      return { release: () => asked.release() };
    },
  };
}

export function targetCall(
  name: string,
  { phase, matches, nth }: { phase: Phase; matches: (call: HttpCall) => boolean; nth: Range },
): Step {
  return {
    name,
    async arm({ target }, random, signal) {
      const http = target.hold({ phase, matches, nth: random.between(...nth) });
      await come(http, signal);
      return { http, release: () => http.release() };
    },
  };
}

/** Counts in the relay's database that rise with a flow's progress. */
export const takenIn = (flowId: string) => ({ query: `select count(*) from record where flow_id = '${flowId}'` });
export const begun = (flowId: string) => ({ query: `${attempts} where flow_id = '${flowId}'` });
export const settled = (flowId: string) => ({ query: `${attempts} where flow_id = '${flowId}' and ended_at is not null` });
const attempts = 'select count(*) from attempt join record on record.id = record_id';

/** The commit that lets a count in the relay's database rise. */
export function ledgerPoint(name: string, { query, nth }: { query: string; nth: Range }): Step {
  return {
    name,
    async arm({ ledger }, random, signal) {
      await ledger.risen(query, random.between(...nth), signal);
      signal.throwIfAborted();
      return nothingHeld;
    },
  };
}

interface Following {
  write: (call: HttpCall) => boolean;
  read: (call: HttpCall) => boolean;
  /** Words of a body by which it is looked for. */
  about: (body: string) => string;
}

/** Loses the answer to a write that was applied, or not, and waits for the question that follows. */
export function lookUpAfterLoss(name: string, following: Following): Step {
  return {
    name,
    async arm(lane, random, signal) {
      const phase = random.pick(['before', 'after'] as const);
      return questionAfter(lane, { ...following, phase, nth: random.between(1, 3), goOn: (written) => written.lose() }, signal);
    },
  };
}

/** Waits for the question that follows a write which was answered. */
export function lookAfterWrite(name: string, following: Following): Step {
  return {
    name,
    async arm(lane, random, signal) {
      return questionAfter(lane, { ...following, phase: 'after', nth: random.between(1, 3), goOn: (written) => written.release() }, signal);
    },
  };
}

async function questionAfter(
  { target }: Lane,
  { write, read, about, phase, nth, goOn }: Following & { phase: Phase; nth: number; goOn: (written: Held<CannedAnswer>) => void },
  signal: AbortSignal,
): Promise<Reached> {
  const written = target.hold({ phase, matches: write, nth });
  await come(written, signal);
  const words = about(written.call?.body ?? '');
  // Others look before they post at the same time; the one that is meant asks again for what was sent.
  const http = target.hold({
    phase: 'before',
    matches: (call) => read(call) && decodeURIComponent(call.path.replaceAll('+', ' ')).includes(words),
  });
  goOn(written);
  await come(http, signal);
  return { http, release: () => http.release() };
}

async function come(held: Held | Held<CannedAnswer>, signal: AbortSignal): Promise<void> {
  const givenUp = Promise.withResolvers<never>();
  const giveUp = (): void => {
    held.release();
    givenUp.reject(signal.reason as Error);
  };
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await Promise.race([held.reached, givenUp.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
