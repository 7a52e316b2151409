import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startJde, type FaultKind, type JdeSim, type JdeSimOptions } from './index.ts';
import { browseOf, call, gridOf, logOn, type Reply } from './testing/call.ts';

const small: JdeSimOptions = {
  seed: { suppliers: 30, orders: 10, accounts: 60 },
  clock: { now: () => Date.parse('2025-03-04T15:11:12Z') },
};

function control(sim: Pick<Address, 'origin' | 'caPem'>, method: string, what: string, body?: unknown): Promise<Reply> {
  return call({ baseUrl: sim.origin, caPem: sim.caPem }, method, `/__control/${what}`, { body });
}

type Address = Pick<JdeSim, 'origin' | 'baseUrl' | 'caPem' | 'credentials'>;

/** A browse of a table, logged on anew. */
async function browse(sim: Address, table = 'F0401'): Promise<Reply> {
  const { headers } = await logOn(sim);
  return call(sim, 'POST', '/v2/dataservice', { body: browseOf(table), headers });
}

test.each<[FaultKind, number, RegExp]>([
  ['error500', 500, /"message"/],
  ['error503', 503, /<html>/],
  ['invalidToken', 444, /Invalid Token/],
  ['forbidden', 403, /Authorization/],
  ['htmlInstead', 200, /^<!DOCTYPE HTML>/],
  ['wrongJson', 200, /^\{"fs_DATABROWSE_F0401".*[^}]$/],
  ['emptyRows', 200, /"rowset":\[\]/],
  ['errorInside200', 200, /"errors":\[\{"CODE":"0002".*RESOLUTION/],
  ['sysErrorInside200', 200, /^\{"sysErrors":\[\{"TITLE"/],
])('%s, once', async (kind, status, text) => {
  await using sim = await startJde(small);
  await control(sim, 'POST', 'faults', { kind, path: '/dataservice' });
  expect(await browse(sim)).toMatchObject({ status, text: expect.stringMatching(text) });
  expect(gridOf(await browse(sim)).summary.records).toBe(30);
  expect(sim.faults.happened).toEqual({ [kind]: 1 });
});

test.each<[FaultKind, RegExp]>([
  ['dropConnection', /hang up/],
  ['cutMidBody', /aborted/],
])('%s breaks the connection', async (kind, message) => {
  await using sim = await startJde(small);
  sim.faults.add({ kind, path: '/dataservice' });
  await expect(browse(sim)).rejects.toThrow(message);
  expect(sim.calls()).toMatchObject({ 'POST /v2/dataservice lost': 1 });
});

test('a fault waits for its table and lets calls pass first', async () => {
  await using sim = await startJde(small);
  sim.faults.add({ kind: 'error500', table: 'F0101', after: 1 });
  const statuses = [];
  for (const table of ['F0101', 'F0401', 'F0101', 'F0101']) statuses.push((await browse(sim, table)).status);
  expect(statuses).toEqual([200, 200, 500, 200]);
});

test('calls are counted and kept, without passwords and tokens', async () => {
  await using sim = await startJde(small);
  await browse(sim, 'F0010');
  expect((await control(sim, 'GET', 'calls')).json['calls']).toEqual({ 'POST /v2/tokenrequest 200': 1, 'POST /v2/dataservice 200': 1 });
  const { text } = await control(sim, 'GET', 'log');
  expect(text).toContain('"targetName":"F0010"');
  expect(text).not.toContain(sim.credentials.password);
  await control(sim, 'DELETE', 'calls');
  expect(sim.calls()).toEqual({});
});

test('the snapshot shows what was left open', async () => {
  await using sim = await startJde(small);
  await logOn(sim);
  const { json } = await control(sim, 'GET', 'snapshot');
  expect(json).toMatchObject({ sessions: [{ user: 'CONNSVC' }], logons: 1, locked: [], today: '20250304', rows: { F0401: 30 } });
  await control(sim, 'DELETE', 'tokens');
  await control(sim, 'POST', 'lock');
  await control(sim, 'POST', 'clock', { ms: 86_400_000 });
  expect((await control(sim, 'GET', 'snapshot')).json).toMatchObject({ sessions: [], locked: ['CONNSVC'], today: '20250305' });
});

test('a person changes rows at the time of the server, a script by SQL leaves no trace', async () => {
  await using sim = await startJde(small);
  const where = { AN8: '6001' };
  const [before] = sim.person.rows('F0101', where);
  await control(sim, 'POST', 'update', { table: 'F0101', where, change: { ALPH: 'Per SQL' }, stamp: 'none' });
  expect(sim.person.first('F0101', where)).toEqual({ ...before, ALPH: 'Per SQL' });
  await control(sim, 'POST', 'update', { table: 'F0101', where, change: { ALPH: 'Neu' }, stamp: { USER: 'ALEE', UPMJ: '20250303' } });
  expect(sim.person.first('F0101', where)).toMatchObject({ ALPH: 'Neu', USER: 'ALEE', UPMJ: '20250303', UPMT: '101112' });
  const refused = await control(sim, 'POST', 'update', { table: 'F0101', where, change: { ALPH: 'x'.repeat(41) } });
  expect([refused.status, refused.json['error']]).toEqual([400, expect.stringContaining('more than 40 characters')]);
});

test('an order is added, changed, received, cancelled and purged', async () => {
  await using sim = await startJde(small);
  const { json } = await control(sim, 'POST', 'actions/addOrder', {
    currency: 'JPY',
    rate: '0.0061234',
    lines: [{ purchasingUnits: '3' }, { kind: 'text', LNID: '1.100' }, { kind: 'freight', amount: '1500' }],
  });
  const { DOCO } = json as { DOCO: string };
  const lines = (): unknown[] => sim.person.rows('F4311', { DOCO });
  expect(sim.person.first('F4301', { DOCO })).toMatchObject({ DCTO: 'OP', CRRM: 'F', CRCD: 'JPY', UPMJ: '20250304', TDAY: '101112' });
  expect(lines()).toMatchObject([
    { LNID: '1.000', LNTY: 'S', FEA: '1238', AEXP: '7.58' },
    { LNID: '1.100', LNTY: 'T' },
    { LNID: '3.000', LNTY: 'F', FEA: '1500', AEXP: '9.19' },
  ]);
  sim.clock.advance(60_000);
  await control(sim, 'POST', 'actions/changeLine', { DOCO, LNID: '1', change: { DRQJ: '20250401' } });
  await control(sim, 'POST', 'actions/receiveLine', { DOCO, LNID: '1.0' });
  await control(sim, 'POST', 'actions/cancelLine', { DOCO, LNID: '3' });
  expect(lines()).toMatchObject([
    { DRQJ: '20250401', LTTR: '400', NXTR: '999', UOPN: '0', UREC: '3', TDAY: '101212' },
    { TDAY: '101112' },
    { LTTR: '980', NXTR: '999', UOPN: '0', UCHG: '1' },
  ]);
  expect(sim.person.first('F4301', { DOCO })).toMatchObject({ TDAY: '101112' });
  sim.actions.purgeOrder({ DOCO });
  expect(sim.person.find('F4301', { DOCO })).toEqual([]);
});

test('a supplier is added, moves, gets another name and is purged', async () => {
  await using sim = await startJde(small);
  const { AN8 } = sim.actions.addSupplier({ ALPH: "O'Brien Süd", EMAL: 'a@b.example', master: { HDPY: 'Y' } });
  const stamp = sim.person.first('F0101', { AN8 })['UPMT'];
  sim.clock.advance(60_000);
  sim.actions.changeAddress({ AN8, change: { CTY1: 'Würzburg' } });
  expect([sim.person.first('F0116', { AN8 })['CTY1'], sim.person.first('F0101', { AN8 })['UPMT']]).toEqual(['Würzburg', stamp]);
  sim.actions.renameSupplier({ AN8, ALPH: '远洋贸易' });
  expect(sim.person.first('F0111', { AN8 })).toMatchObject({ MLNM: '远洋贸易' });
  sim.actions.purgeSupplier({ AN8 });
  for (const table of ['F0101', 'F0111', 'F0116', 'F0115', 'F01151', 'F0401']) expect(sim.person.find(table, { AN8 })).toEqual([]);
});

test('what is waited for is seen after the call that brings it', async () => {
  await using sim = await startJde(small);
  const seen = sim.until(() => (sim.calls()['POST /v2/dataservice 200'] ?? 0) === 2);
  await browse(sim);
  await browse(sim);
  await seen;
});

test('a process keeps its changes and its certificate in files, and says on its first line where it is', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'jde-'));
  const start = async (): Promise<{ sim: Address; stop(): Promise<void> }> => {
    const args = [
      '--suppliers',
      '20',
      '--orders',
      '3',
      '--accounts',
      '10',
      '--state',
      path.join(folder, 'jde.jsonl'),
      '--certificate',
      path.join(folder, 'tls.json'),
    ];
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'main.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const stop = async (): Promise<void> => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    };
    return { sim: JSON.parse(line) as Address, stop };
  };
  const first = await start();
  const { json } = await control(first.sim, 'POST', 'actions/addSupplier', { ALPH: 'Bleibt GmbH' });
  await control(first.sim, 'POST', 'actions/purgeSupplier', { AN8: '6001' });
  await first.stop();
  const second = await start();
  expect(second.sim.caPem).toBe(first.sim.caPem);
  const found = await control(second.sim, 'POST', 'rows', { table: 'F0101', where: { AN8: json['AN8'] } });
  expect(found.json['rows']).toMatchObject([{ ALPH: 'Bleibt GmbH' }]);
  expect((await control(second.sim, 'POST', 'rows', { table: 'F0401', where: { AN8: '6001' } })).json).toEqual({ rows: [] });
  expect((await browse(second.sim)).status).toBe(200);
  await second.stop();
  rmSync(folder, { recursive: true });
});
