import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startCin7, type Cin7Sim } from './index.ts';
import { call } from './testing/index.ts';

const acme = {
  Name: 'Acme GmbH',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'Active',
  Addresses: [{ Line1: 'Hauptstr. 1', Country: 'Germany', Type: 'Business' }],
};

test.each([
  ['a wrong key', 'GET', 'me', 403, '[{"ErrorCode":403,"Exception":"Incorrect credentials!"}]'],
  [
    'an account code without a match',
    'GET',
    'ref/account?Code=99',
    400,
    '[{"ErrorCode":400,"Exception":"Account with specified ID not found"}]',
  ],
  ['a method it does not have', 'DELETE', 'supplier', 405, `{"Message":"The requested resource does not support http method 'DELETE'."}`],
])('%s', async (what, method, url, status, text) => {
  await using sim = await startCin7();
  const key = what === 'a wrong key' ? '00000000-0000-4000-8000-000000000000' : undefined;
  expect(await call(sim, method, url, undefined, key)).toMatchObject({ status, text });
});

test('an unknown path answers 200 with a web page', async () => {
  await using sim = await startCin7();
  const { status, headers } = await call(sim, 'GET', 'vendors');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
});

test('paths and parameters are matched whatever their case, unknown parameters are ignored', async () => {
  await using sim = await startCin7();
  await call(sim, 'POST', 'SUPPLIER', acme);
  await call(sim, 'POST', 'supplier', { ...acme, Name: 'Zeta' });
  expect((await call(sim, 'GET', '/externalapi/V2/Supplier?NAME=aC&LIMIT=5')).json.SupplierList).toHaveLength(1);
  expect((await call(sim, 'GET', 'supplier?Search=Acme')).json.Total).toBe(2);
});

test('a refusal names at most two problems', async () => {
  await using sim = await startCin7();
  expect(JSON.parse((await call(sim, 'POST', 'supplier', {})).text)).toEqual([
    { ErrorCode: 400, Exception: 'Required attribute Name is not provided.' },
    { ErrorCode: 400, Exception: 'Required attribute Currency is not provided.' },
  ]);
});

test.each([
  ['an inactive term', { PaymentTerm: 'Cash in advance (old)' }, /Active payment term with name Cash in advance \(old\) was not found/],
  ['an unknown account', { AccountPayable: '4711' }, /Account with specified ID not found/],
  ['a liability that is not AP', { AccountPayable: '805' }, /not the Accounts payable account/],
  ['a sales tax', { TaxRule: 'Tax on Sales' }, /Tax rule 'Tax on Sales'/],
  ['an unknown attribute set', { AttributeSet: 'JDE' }, /Attribute set 'JDE'/],
  ['a name in use, in other letters', { Name: 'ACME gmbh ' }, /must be unique/],
  ['an address without country', { Addresses: [{ Line1: 'A', Type: 'Business' }] }, /Required attribute Country/],
  ['addresses that are no list', { Addresses: {} }, /Addresses is invalid/],
  [
    'null for a flag',
    { Addresses: [{ Line1: 'A', Country: 'B', Type: 'Business', DefaultForType: null }] },
    /Nullable object must have a value/,
  ],
])('%s is refused', async (_what, wrong, text) => {
  await using sim = await startCin7();
  await call(sim, 'POST', 'supplier', acme);
  const reply = await call(sim, 'POST', 'supplier', { ...acme, Name: 'Other', ...wrong });
  expect([reply.status, sim.suppliers().length]).toEqual([400, 1]);
  expect(reply.text).toMatch(text);
});

test('a PUT is partial; entries without ID are added again and again', async () => {
  await using sim = await startCin7();
  const { ID } = (await call(sim, 'POST', 'supplier', acme)).json.SupplierList[0]!;
  await call(sim, 'PUT', 'supplier', { ID, Comments: 'new', Addresses: acme.Addresses });
  expect(sim.suppliers()[0]).toMatchObject({ Name: 'Acme GmbH', Comments: 'new', PaymentTerm: '30 days' });
  expect(sim.suppliers()[0]?.Addresses).toHaveLength(2);
});

test('deprecated suppliers are listed on request only', async () => {
  await using sim = await startCin7();
  await call(sim, 'POST', 'supplier', { ...acme, Status: 'Deprecated' });
  expect((await call(sim, 'GET', 'supplier')).json.Total).toBe(0);
  expect((await call(sim, 'GET', 'supplier?IncludeDeprecated=true')).json.Total).toBe(1);
});

test.each([
  ['429', 429, '', '60 Seconds'],
  ['429-sec', 429, 'reached 2 calls', '60 sec'],
  ['503', 503, 'You reached 2 calls per minute API limit', null],
  ['400', 400, 'You have reached 2 calls per 60 seconds API limit.', null],
] as const)('the call above the limit is answered in style %s', async (limitStyle, status, text, retryAfter) => {
  await using sim = await startCin7({ limitStyle, callsPerMinute: 2 });
  await call(sim, 'GET', 'me');
  await call(sim, 'GET', 'me');
  const reply = await call(sim, 'GET', 'me');
  expect(reply).toMatchObject({ status, text: expect.stringContaining(text) });
  expect(reply.headers.get('retry-after')).toBe(retryAfter);
  sim.limit.reset();
  expect((await call(sim, 'GET', 'me')).status).toBe(200);
});

test.each([
  ['loseNextAnswer', 1],
  ['dropBeforeCommit', 0],
] as const)('%s cuts the connection and leaves %p suppliers', async (kind, left) => {
  await using sim = await startCin7();
  sim.faults.add({ kind });
  await expect(call(sim, 'POST', 'supplier', acme)).rejects.toBeDefined();
  expect(sim.suppliers()).toHaveLength(left);
});

test('as a process it is steered over HTTP and keeps its suppliers from start to start', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cin7-'));
  const run = async (story: (origin: string, api: Cin7Sim) => Promise<void>): Promise<void> => {
    const main = path.join(import.meta.dirname, 'main.ts');
    const child = spawn(process.execPath, [main, '--time-scale', '60', '--state', path.join(folder, 'state.jsonl')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const started = JSON.parse(line.toString()) as Cin7Sim;
      await story(started.origin, started);
    } finally {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  };
  await run(async (origin, api) => {
    await fetch(`${origin}/__control/faults`, { method: 'POST', body: JSON.stringify({ kind: 'error500AfterCommit' }) });
    expect((await call(api, 'POST', 'supplier', acme)).status).toBe(500);
  });
  await run(async (origin) => {
    const snapshot = (await (await fetch(`${origin}/__control/snapshot`)).json()) as { suppliers: unknown[] };
    expect(snapshot.suppliers).toMatchObject([{ Name: 'Acme GmbH' }]);
  });
  rmSync(folder, { recursive: true });
});
