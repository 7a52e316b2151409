import { silentLog, systemClock } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import type { Exchange } from '../system.ts';
import { sapEcc } from './manifest.ts';
import { openSapSession } from './session.ts';
import { sapEccSettings } from './settings.ts';
import { parseConnectionText } from './system-info.ts';
import { fakeSap, tunnelError } from './testing/fake-sap.ts';
import { padded, vendorTables } from './testing/vendor-data.ts';
import { collectAll } from './vendors/key-lists.ts';

function open(agents?: AgentCalls) {
  const sap = fakeSap(vendorTables([{ number: padded(1) }, { number: padded(2) }, { number: padded(3) }, { number: padded(4) }]));
  const exchanges: Exchange[] = [];
  const stop = new AbortController();
  const scope = { signal: stop.signal, context: { runId: 'r1' }, trace: (exchange: Exchange) => void exchanges.push(exchange) };
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: agents ?? sap.agents,
  });
  return { sap, session, scope, stop, exchanges };
}

const names = { table: 'LFA1', fields: ['LIFNR', 'NAME1'] } as const;

test('rows come as objects by field, whatever the order of the answer', async () => {
  const { session, scope, exchanges } = open();
  const rows = await collectAll([[]], () =>
    session.readTable({ ...names, where: [{ field: 'LIFNR', op: 'LE', value: padded(2) }] }, scope),
  );
  expect(rows).toEqual([
    { LIFNR: '0000000001', NAME1: 'Vendor 0000000001' },
    { LIFNR: '0000000002', NAME1: 'Vendor 0000000002' },
  ]);
  expect(exchanges).toMatchObject([{ system: 'sap-ecc', what: 'read LFA1', status: 'ok', answer: { rows: 2, reader: 'RFC_READ_TABLE' } }]);
});

test('an answer without a field that was asked for is never taken for blanks', async () => {
  const agents = { ...open().sap.agents, stream: () => oneChunk({ fields: ['LIFNR'], rows: [['1']] }) } as unknown as AgentCalls;
  const { session, scope } = open(agents);
  await expect(collectAll([[]], () => session.readTable(names, scope))).rejects.toMatchObject({
    code: 'SAP_ANSWER_UNEXPECTED',
    verdict: 'halt',
  });
});

test('a row of another width is refused', async () => {
  const agents = { ...open().sap.agents, stream: () => oneChunk({ fields: ['LIFNR', 'NAME1'], rows: [['1']] }) } as unknown as AgentCalls;
  const { session, scope } = open(agents);
  await expect(collectAll([[]], () => session.readTable(names, scope))).rejects.toMatchObject({ code: 'SAP_ANSWER_UNEXPECTED' });
});

async function* oneChunk(chunk: unknown) {
  yield await Promise.resolve(chunk);
}

test.each([
  ['TUNNEL_LOST', 'uncertain', 'retry'],
  ['DEADLINE', 'uncertain', 'retry'],
  ['NO_TUNNEL', 'retry', 'retry'],
  ['POLICY_DENIED', 'refused', 'refused'],
  ['SAP_LOGON_FAILED', 'halt', 'halt'],
] as const)('%s, %s to the tunnel, is %s to a read', async (code, verdict, asRead) => {
  const { sap, session, scope, exchanges } = open();
  sap.beforeChunk = (_read, rowsSent) => {
    if (rowsSent > 0) throw tunnelError(code, verdict);
  };
  await expect(collectAll([[]], () => session.readTable(names, scope))).rejects.toMatchObject({ code, verdict: asRead });
  expect(exchanges).toMatchObject([{ what: 'read LFA1', status: code, error: { code, verdict: asRead } }]);
});

test('a stopped run ends with the reason of the stop', async () => {
  const { sap, session, scope, stop } = open();
  const reason = new Error('relay is stopping');
  sap.beforeChunk = () => {
    stop.abort(reason);
    throw tunnelError('CANCELLED', 'uncertain');
  };
  await expect(collectAll([[]], () => session.readTable(names, scope))).rejects.toBe(reason);
});

test('a read left early is traced as such', async () => {
  const { session, scope, exchanges } = open();
  for await (const row of session.readTable(names, scope)) if (row.LIFNR) break;
  expect(exchanges).toMatchObject([{ what: 'read LFA1', status: 'left early' }]);
});

test('what a system offers is asked once', async () => {
  const { session, scope, exchanges } = open();
  expect(await session.hasFunction('BAPI_VENDOR_GETLIST', scope)).toBe(false);
  expect(await session.hasFunction('BAPI_VENDOR_GETLIST', scope)).toBe(false);
  expect(exchanges.map(({ what }) => what)).toEqual(['describe BAPI_VENDOR_GETLIST']);
});

test('the check says who answers', async () => {
  const { session, scope } = open();
  expect(await sapEcc.check(session, scope)).toMatchObject({ account: 'PRD client 100', details: { user: 'RFCUSER', release: '731' } });
});

test('a time that cannot be read stops everything, since changes are followed by it', () => {
  expect(() => parseConnectionText('SAP R/3 Rel. 731 Sysid: PRD')).toThrow('asking SAP for its time');
});
