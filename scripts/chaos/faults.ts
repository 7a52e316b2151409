import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../sandbox/sap/seed/random.ts';
import type { Lane } from './lane.ts';
import { aisFaults } from './ais-faults.ts';
import type { Fault } from './fault.ts';
import { childrenOf, limitFileSize } from './processes.ts';
import type { CannedAnswer, Held } from './wires/index.ts';

/** A column of the matrix; what exactly happens may be the seed's choice. */
export interface FaultKind {
  readonly name: string;
  /** Only for flows with this system. */
  readonly erp?: 'sap' | 'jde' | undefined;
  choose(random: Random): Fault;
}

const hourMs = 3_600_000;
const nothing = (): void => undefined;

async function killRelay({ landscape }: Lane): Promise<void> {
  const { child } = landscape.relay;
  child.kill('SIGKILL');
  await child.ended;
}

const single: Fault[] = [
  {
    name: 'agent killed',
    breaks: 'agent',
    async strike({ landscape: { agent } }) {
      agent.running?.kill('SIGKILL');
      await agent.running?.ended;
    },
    end: (lane) => lane.startAgent(),
  },
  { name: 'relay killed', breaks: 'relay', strike: killRelay, end: ({ landscape }) => landscape.restartRelay() },
  {
    name: 'relay killed twice',
    breaks: 'relay',
    strike: killRelay,
    async end(lane, random) {
      await lane.landscape.restartRelay();
      await delay(random.between(0, 900));
      await killRelay(lane);
      await lane.landscape.restartRelay();
    },
  },
  {
    name: 'SAP worker killed',
    breaks: 'sap',
    strike({ landscape: { agent } }) {
      for (const pid of childrenOf(agent.running?.pid)) process.kill(pid, 'SIGKILL');
    },
    end: nothing,
  },
  {
    name: 'tunnel cut',
    breaks: 'tunnel',
    strike: ({ landscape: { link } }) => void link.cut(),
    async end({ landscape: { link } }, random) {
      await delay(random.between(0, 800));
      link.mend();
    },
  },
  { name: 'tunnel half-open', breaks: 'tunnel', strike: ({ landscape: { link } }) => void link.freeze('both'), end: nothing },
  { name: 'tunnel deaf one way', breaks: 'tunnel', strike: ({ landscape: { link } }) => void link.freeze('from near'), end: nothing },
  {
    name: 'SAP restarts',
    breaks: 'sap',
    strike: async ({ landscape: { sap } }, _reached, random) =>
      void (await sap.control.call('restart', { downMs: random.between(100, 700) })),
    end: nothing,
  },
  targetFault('target answer lost', (held) => held.lose(), { alsoAfter: true }),
  targetFault('target answers 429', answering({ status: 429, headers: { 'Retry-After': '1 Seconds' }, body: '' })),
  targetFault('target answers 500', answering({ status: 500, body: '[{"ErrorCode":500,"Exception":"An error has occurred."}]' }), {
    alsoAfter: true,
  }),
  {
    ...targetFault(
      'target answers a web page',
      answering({ status: 200, contentType: 'text/html', body: '<!DOCTYPE html><html></html>' }),
      {
        alsoAfter: true,
      },
    ),
    // Halts the connection until a person says that the address is right.
    person: resumeWhenHalted,
  },
  targetFault('target slow', applyLate),
  {
    name: 'target unreachable',
    breaks: 'target',
    strike: ({ target }) => target.shut(),
    async end({ target }, random) {
      await delay(random.between(100, 900));
      target.open();
    },
  },
  {
    name: "relay's disk full",
    breaks: 'relay',
    strike: ({ landscape: { relay } }) => limitFileSize(relay.child.pid, 1),
    async end({ landscape: { relay } }, random) {
      await delay(random.between(200, 1500));
      await limitFileSize(relay.child.pid, 'unlimited');
    },
  },
  {
    name: "agent's disk full",
    breaks: 'agent',
    strike: ({ landscape: { agent } }) => limitFileSize(agent.running?.pid ?? 0, 1),
    async end({ landscape: { agent } }, random) {
      await delay(random.between(200, 1500));
      await limitFileSize(agent.running?.pid ?? 0, 'unlimited');
    },
  },
  clockFault("relay's clock forwards", 'relay', 1),
  clockFault("relay's clock back", 'relay', -1),
  clockFault("agent's clock forwards", 'agent', 1),
  clockFault("agent's clock back", 'agent', -1),
];

function clockFault(name: string, whose: 'relay' | 'agent', sign: 1 | -1): Fault {
  return {
    name,
    breaks: `${whose} clock`,
    strike: (lane, _reached, random) => lane.moveClock(whose, sign * random.between(hourMs, 6 * hourMs)),
    end: nothing,
  };
}

/** Done to the call that waits at this moment, else to the next ones that reach the target. */
function targetFault(name: string, act: (held: Held<CannedAnswer>, lane: Lane) => void, { alsoAfter = false } = {}): Fault {
  return {
    name,
    breaks: 'target',
    strike(lane, { http }, random) {
      if (http && (http.phase === 'before' || alsoAfter)) return act(http, lane);
      lane.target.next(random.between(1, 3), (held) => act(held, lane), { phase: alsoAfter ? random.pick(['before', 'after']) : 'before' });
    },
    end: nothing,
  };
}

function answering(answer: CannedAnswer): (held: Held<CannedAnswer>) => void {
  return (held) => held.answer(answer);
}

/** Applied after the relay has given up waiting, yet within the time that a lost answer is given to take effect. */
function applyLate(held: Held<CannedAnswer>, { latestApplyMs }: Lane): void {
  const begun = performance.now();
  setTimeout(() => {
    // On a machine this busy it would come later than any real target is allowed to.
    const isTooLate = performance.now() - begun > latestApplyMs + 150;
    if (isTooLate) held.lose();
    else held.release();
  }, latestApplyMs - 300);
}

async function resumeWhenHalted({ landscape, customer, saas: { connectionId } }: Lane, signal: AbortSignal): Promise<void> {
  const path = `${customer.path}/connections/${connectionId}`;
  while (!signal.aborted) {
    await delay(100);
    // Another one after each restart.
    const { api } = landscape.relay;
    const { halt } = await api.get<{ halt: object | null }>(path).catch(() => ({ halt: null }));
    if (halt) await api.post(`${path}/resume`).catch(() => undefined);
  }
}

/** Of those that break the ERP itself. */
function erpOf({ breaks }: Fault): FaultKind['erp'] {
  return breaks === 'sap' || breaks === 'jde' ? breaks : undefined;
}

/** Two that break different things, one right after the other. */
function twoAtOnce(erp: 'sap' | 'jde', random: Random): Fault {
  const those = [...single, ...aisFaults].filter((fault) => (erpOf(fault) ?? erp) === erp);
  const first = random.pick(those);
  const second = random.pick(those.filter(({ breaks }) => breaks !== first.breaks));
  const both = [first, second];
  return {
    name: `${first.name} + ${second.name}`,
    breaks: first.breaks,
    async strike(lane, reached, random) {
      for (const fault of both) await fault.strike(lane, reached, random);
    },
    async end(lane, random) {
      for (const fault of both) await fault.end(lane, random);
    },
    async person(lane, signal) {
      for (const fault of both) await fault.person?.(lane, signal);
    },
  };
}

export const faultKinds: readonly FaultKind[] = [
  ...[...single, ...aisFaults].map((fault): FaultKind => ({ name: fault.name, erp: erpOf(fault), choose: () => fault })),
  ...(['sap', 'jde'] as const).map((erp): FaultKind => ({ name: 'two at once', erp, choose: (random) => twoAtOnce(erp, random) })),
];
