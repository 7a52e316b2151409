import { silentLog, systemClock, SystemError, type SapUnitAnswer, type SapWritingUnit, type UnitReport } from '@ml-connector/shared';
import type { AgentCalls, AgentTarget, CallOptions } from '@ml-connector/shared/tunnel';
import type { Exchange } from '../system.ts';
import { openSapSession } from './session.ts';
import { sapEccSettings } from './settings.ts';
import { fakeSap, tunnelError } from './testing/fake-sap.ts';

type Reply = SystemError | Partial<UnitReport> | 'lost after the commit';
interface Asked {
  unit: SapWritingUnit;
  target: AgentTarget;
  options: CallOptions;
}

/** An agent with a journal, whose answers are lost as the test says; `executed` counts what SAP did. */
function open(replies: Reply[], { settings = {}, secondsPerWait = 1 } = {}) {
  const asked: Asked[] = [];
  const exchanges: Exchange[] = [];
  let now = Date.parse('2026-11-21T10:00:00Z');
  const stop = new AbortController();
  const journal = new Set<string>();
  let executed = 0;
  const answerOf = ({ unitId, calls }: SapWritingUnit, more: Partial<UnitReport>): SapUnitAnswer => {
    const steps = [...calls.map((call) => call.function), 'BAPI_TRANSACTION_COMMIT'].map((name) => step(name));
    return { results: calls.map(() => ({ OBJ_KEY: '180000012310002024' })), unit: { unitId, ending: 'committed', steps, ...more } };
  };
  const sap = fakeSap({});
  const agents = {
    ...sap.agents,
    async call(target: AgentTarget, operation: string, request: unknown, options: CallOptions) {
      if (operation !== 'SapUnit' || (request as SapWritingUnit).commit !== 'whenClean')
        return sap.agents.call(target, operation as 'SapUnit', request);
      const unit = request as SapWritingUnit;
      asked.push({ unit, target, options });
      const reply = replies.shift() ?? {};
      if (!(reply instanceof Object && 'code' in reply && reply.code === 'NO_TUNNEL')) options.onAgent?.('agt_1');
      if (reply instanceof SystemError) throw reply;
      if (!journal.has(unit.unitId)) executed += 1;
      const isReplayed = journal.has(unit.unitId);
      journal.add(unit.unitId);
      if (reply === 'lost after the commit') throw tunnelError('TUNNEL_LOST', 'uncertain');
      return answerOf(unit, { ...(isReplayed ? { isReplayed } : {}), ...reply });
    },
  } as AgentCalls;
  const clock = {
    ...systemClock,
    now: () => now,
    wait: async () => {
      now += secondsPerWait * 1000;
    },
  };
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD', callTimeoutSeconds: 60, ...settings }),
    clock,
    log: silentLog,
    agents,
  });
  const scope = { signal: stop.signal, context: { recordId: 'rec-1' }, trace: (exchange: Exchange) => void exchanges.push(exchange) };
  const post = (withinMs = 30_000) =>
    session.unit(
      {
        unitId: 'rec-1.1',
        calls: [{ function: 'BAPI_ACC_DOCUMENT_POST', parameters: { DOCUMENTHEADER: { COMP_CODE: '1000' } } }],
        withinMs,
      },
      scope,
    );
  return { post, asked, exchanges, stop, executed: () => executed };
}

const step = (name: string, outcome = 'ok') => ({ function: name, ms: 5, outcome, messages: [] });
const about = (code: string, verdict: 'retry' | 'refused' | 'uncertain', ending: UnitReport['ending'] = 'rolledBack') =>
  new SystemError(code, verdict, `simulated ${code}`, {
    facts: { unit: { unitId: 'rec-1.1', ending, steps: [step('BAPI_ACC_DOCUMENT_POST'), step('BAPI_TRANSACTION_ROLLBACK')] } },
  });
const lost = tunnelError('TUNNEL_LOST', 'uncertain');

test('a unit goes out with its end in both forms, and is traced call by call', async () => {
  const { post, asked, exchanges } = open([]);
  expect(await post()).toMatchObject({ results: [{ OBJ_KEY: '180000012310002024' }] });
  const [{ unit }] = asked as [Asked];
  expect(unit).toMatchObject({ system: 'PRD', commit: 'whenClean', unitId: 'rec-1.1', remainingMs: 30_000, isRepeat: false });
  expect(unit.notAfter).toBe(Date.parse('2026-11-21T10:00:30Z'));
  expect(exchanges.map(({ what, status }) => [what, status])).toEqual([
    ['RFC BAPI_ACC_DOCUMENT_POST', 'ok'],
    ['RFC BAPI_TRANSACTION_COMMIT', 'ok'],
    ['SAP unit rec-1.1', 'committed'],
  ]);
  expect(exchanges[0]).toMatchObject({
    request: { DOCUMENTHEADER: { COMP_CODE: '1000' } },
    answer: { OBJ_KEY: '180000012310002024' },
  });
});

test.each([
  ['a refusal', about('SAP_RETURN_ERROR', 'refused')],
  ['a rollback', about('UNIT_CANCELLED', 'retry')],
  ["the agent's own uncertainty", about('SAP_CONNECTION_LOST', 'uncertain', 'unknown')],
  ['no tunnel', tunnelError('NO_TUNNEL', 'retry')],
  ['a denied call', tunnelError('POLICY_DENIED', 'refused')],
])('%s is passed on at once, with its verdict', async (_what, error) => {
  const { post, asked } = open([error]);
  await expect(post()).rejects.toBe(error);
  expect(asked).toHaveLength(1);
});

test('after a lost answer the same agent is asked for the same unit, and SAP does it once', async () => {
  const { post, asked, exchanges, executed } = open(['lost after the commit', tunnelError('NO_TUNNEL', 'retry'), lost]);
  expect(await post()).toMatchObject({ unit: { ending: 'committed', isReplayed: true } });
  expect(executed()).toBe(1);
  expect(asked.map(({ unit, target }) => [unit.isRepeat, target.agentId])).toEqual([
    [false, undefined],
    [true, 'agt_1'],
    [true, 'agt_1'],
    [true, 'agt_1'],
  ]);
  expect(new Set(asked.map(({ unit }) => `${unit.unitId} ${unit.notAfter}`)).size).toBe(1);
  expect(asked.at(-1)?.unit.remainingMs).toBeLessThan(30_000);
  expect(exchanges.filter(({ what }) => what === 'SAP unit rec-1.1').map(({ status }) => status)).toEqual([
    'TUNNEL_LOST',
    'NO_TUNNEL',
    'TUNNEL_LOST',
    'committed',
  ]);
});

test.each([
  ['a rollback', about('UNIT_CANCELLED', 'retry')],
  ['a crash', about('UNIT_INTERRUPTED', 'uncertain', 'abandoned')],
  ['a refusal', about('SAP_RETURN_ERROR', 'refused')],
])('when asked again, what the journal says of the unit counts: %s', async (_what, error) => {
  const { post } = open([lost, error]);
  await expect(post()).rejects.toBe(error);
});

test.each(['NO_TUNNEL', 'POLICY_DENIED', 'DEADLINE', 'AGENT_LEAVING', 'UNIT_CONTENT_DIFFERS'])(
  'when asked again, %s says nothing of the unit: it stays uncertain',
  async (code) => {
    const verdict = code === 'POLICY_DENIED' || code === 'UNIT_CONTENT_DIFFERS' ? 'refused' : 'retry';
    const { post, asked } = open([lost, ...Array.from({ length: 100 }, () => tunnelError(code, verdict))], { secondsPerWait: 40 });
    await expect(post()).rejects.toMatchObject({ code: 'SAP_UNIT_UNKNOWN', verdict: 'uncertain', facts: { agentId: 'agt_1' } });
    expect(asked.length).toBeLessThan(10);
  },
);

test('a relay that stops does not wait: the unit is uncertain', async () => {
  const { post, stop, asked } = open([lost]);
  stop.abort();
  await expect(post()).rejects.toMatchObject({ code: 'SAP_UNIT_UNKNOWN', verdict: 'uncertain' });
  expect(asked).toHaveLength(1);
});

test('an answer that is none leaves the unit uncertain', async () => {
  const { post } = open([{ ending: 'rolledBack' }]);
  await expect(post()).rejects.toMatchObject({ code: 'SAP_ANSWER_UNEXPECTED', verdict: 'uncertain' });
});

test('nothing is sent to another system than the connection names', async () => {
  const { post, asked } = open([], { settings: { systemId: 'QAS' } });
  await expect(post()).rejects.toMatchObject({ code: 'SAP_OTHER_SYSTEM', verdict: 'halt' });
  expect(asked).toHaveLength(0);
});
