import { jdePresets } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { systems } from '../registry.ts';
import { readAccounts, readPaymentTerms, readPurchaseOrders, readSuppliers } from './index.ts';
import { collect } from './following/index.ts';
import { jde as manifest } from './manifest.ts';
import { drain, openFake, orderTables, supplierTables, tunnelError } from './testing/index.ts';

const names = { table: 'F0101', fields: ['AN8', 'ALPH'], key: ['AN8'] } as const;
const open = () => openFake(supplierTables(['1', '2', '3', '4'].map((number) => ({ number }))));

test('rows come as objects by field, whatever the order of the answer', async () => {
  const { session, scope } = open();
  const rows = await collect(session.query({ ...names, where: [{ field: 'AN8', op: 'LE', value: '2' }] }, scope));
  expect(rows).toEqual([
    { AN8: '1', ALPH: 'Supplier 1' },
    { AN8: '2', ALPH: 'Supplier 2' },
  ]);
  expect(scope.exchanges).toMatchObject([
    { system: 'jde', what: 'read F0101', request: { table: 'F0101' }, status: 'ok', answer: { rows: 2, calls: 1 } },
  ]);
});

test('a column that is withheld is named, unless it may be missing', async () => {
  const { jde, session, scope } = open();
  jde.withheld.add('F0101.ALPH');
  await expect(collect(session.query(names, scope))).rejects.toMatchObject({
    code: 'JDE_COLUMN_WITHHELD',
    verdict: 'halt',
    message: expect.stringContaining('F0101.ALPH'),
    fix: expect.any(String),
  });
  expect(await collect(session.query({ ...names, optional: ['ALPH'], maxRows: 1 }, scope))).toEqual([{ AN8: '1', ALPH: '' }]);
});

test('optional columns that a site does not have are left out of the reads of the next hour; required ones are an error', async () => {
  const { jde, clock, session, scope } = open();
  jde.absent.add('F0101.TX2').add('F0101.TAX');
  const query = { table: 'F0101', fields: ['AN8', 'ALPH', 'TX2', 'TAX'], key: ['AN8'], optional: ['TX2', 'TAX'], maxRows: 1 } as const;
  const expected = [{ AN8: '1', ALPH: 'Supplier 1', TX2: '', TAX: '' }];
  for (const _ of [1, 2]) expect(await collect(session.query(query, scope))).toEqual(expected);
  expect(jde.queries.map(({ fields }) => fields.length)).toEqual([4, 3, 2, 2]);
  jde.absent.clear();
  clock.advance(3_600_000);
  await collect(session.query(query, scope));
  expect(jde.queries.at(-1)?.fields).toHaveLength(4);
  jde.absent.add('F0101.ALPH');
  await expect(collect(session.query(query, scope))).rejects.toMatchObject({ code: 'JDE_TABLE_OR_COLUMN', verdict: 'refused' });
});

test('a row of another width is refused', async () => {
  const { jde, session, scope } = open();
  async function* oneChunk() {
    yield await Promise.resolve({ fields: ['AN8', 'ALPH'], rows: [['1']] });
  }
  Object.assign(jde.agents, { stream: oneChunk } as unknown as AgentCalls);
  await expect(collect(session.query(names, scope))).rejects.toMatchObject({ code: 'JDE_ANSWER_UNEXPECTED', verdict: 'halt' });
});

test.each([
  ['TUNNEL_LOST', 'uncertain', 'retry'],
  ['NO_TUNNEL', 'retry', 'retry'],
  ['POLICY_DENIED', 'refused', 'refused'],
  ['JDE_LOGON_FAILED', 'halt', 'halt'],
] as const)('%s, %s to the tunnel, is %s to a read', async (code, verdict, asRead) => {
  const { jde, session, scope } = open();
  jde.beforeChunk = (_query, rowsSent) => {
    if (rowsSent > 0) throw tunnelError(code, verdict);
  };
  await expect(collect(session.query(names, scope))).rejects.toMatchObject({ code, verdict: asRead });
  expect(scope.exchanges).toMatchObject([{ what: 'read F0101', status: code, error: { code, verdict: asRead } }]);
});

test('rows are counted', async () => {
  const { session, scope } = open();
  expect(await session.count('F0101', [{ field: 'AN8', op: 'GT', value: '1' }], scope)).toBe(3);
});

test('the check says who is logged on where', async () => {
  const { session, scope } = open();
  expect(await manifest.check(session, scope)).toEqual({
    account: 'environment JPD920',
    details: { user: 'CONNSVC', role: '*ALL', aisVersion: 'EnterpriseOne 9.2.8.3', timeZone: 'UTC+00:00' },
  });
  expect(systems).toContain(manifest);
});

test('another environment than the connection names is not read', async () => {
  const { jde, session, scope } = open();
  jde.info.environment = 'JPY920';
  await expect(manifest.check(session, scope)).rejects.toMatchObject({ code: 'JDE_OTHER_ENVIRONMENT', verdict: 'halt' });
});

test('the presets hold exactly the columns that are read or compared', async () => {
  const used = new Map<string, Set<string>>();
  const note = ({ jde }: ReturnType<typeof openFake>) => {
    for (const { table, fields, where } of jde.queries) {
      const columns = used.get(table) ?? new Set();
      for (const one of where.flatMap((condition) => ('anyOf' in condition ? condition.anyOf : [condition]))) columns.add(one.field);
      for (const field of fields) columns.add(field);
      used.set(table, columns);
    }
  };
  const runs = async (opened: ReturnType<typeof openFake>, read: (cursor: unknown, mode: 'changes' | 'sweep') => AsyncIterable<never>) => {
    const { cursor } = await drain(read(null, 'changes'));
    await drain(read(cursor, 'changes'));
    await drain(read(cursor, 'sweep'));
    note(opened);
  };
  const linkedKeys = () => Promise.resolve(['00200-OP-9-000']);
  const suppliers = open();
  await readPaymentTerms(suppliers.session, suppliers.scope);
  await runs(suppliers, (cursor, mode) => readSuppliers(suppliers.reading({ cursor, mode })) as AsyncIterable<never>);
  const orders = openFake(orderTables([{ number: '1' }]));
  const chosen = { orderTypes: ['OP'], companies: ['200'], startDate: '2024-01-01', linkedKeys };
  await runs(orders, (cursor, mode) => readPurchaseOrders({ ...orders.reading({ cursor, mode }), ...chosen }) as AsyncIterable<never>);
  const accounts = openFake({ F0901: [{ AID: '00000001', CO: '00200', UPMJ: '20250304', UPMT: '1' }] });
  await runs(accounts, (cursor, mode) => readAccounts({ ...accounts.reading({ cursor, mode }), companies: [] }) as AsyncIterable<never>);

  const sorted = (columns: Iterable<string>) => [...columns].toSorted();
  const allowed = Object.values(jdePresets).flatMap(({ tables }) => Object.entries(tables));
  expect(Object.fromEntries([...used].map(([table, columns]) => [table, sorted(columns)]))).toEqual(
    Object.fromEntries(allowed.map(([table, columns]) => [table, sorted(columns)])),
  );
});
