/** Postings through the unmodified node-rfc addon: what belongs to a session, and what is left when it ends. */
import { setImmediate as nextTick } from 'node:timers/promises';
import { startSapSystem, type SapSystem } from '../index.ts';
import { trueDocuments } from '../documents/index.ts';
import { startAddon, type Addon, type AddonClient } from '../testing/addon.ts';
import { customer, order } from '../testing/orders.ts';
import { postings } from './index.ts';

let addon: Addon;
let sap: SapSystem;
let client: AddonClient;

beforeAll(async () => {
  addon = await startAddon();
  sap = await startSapSystem({ vendors: 2, customers: 0, materials: 0 });
  client = await addon.open(sap.connectionParameters);
});

afterAll(async () => {
  await addon[Symbol.asyncDispose]();
  await sap[Symbol.asyncDispose]();
});

beforeEach(() => sap.faults.clear());

const post = (by: AddonClient, reference: string): Promise<Record<string, unknown>> =>
  by.call('BAPI_ACC_DOCUMENT_POST', order({ header: { REF_DOC_NO: reference } }));
const commit = (by: AddonClient): Promise<unknown> => by.call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' });
const held = (reference: string): number => postings(sap, { reference }).length;

test('posted and committed on one connection, a document is there for the readers of BKPF, BSID and the general ledger', async () => {
  const { OBJ_KEY, RETURN } = await post(client, 'IT-1');
  expect(RETURN).toMatchObject([{ TYPE: 'S', ID: 'RW', NUMBER: '605' }, { TYPE: 'I' }]);
  expect(held('IT-1')).toBe(0);
  await commit(client);
  const read = async (table: string, fields: string[], where: string): Promise<string[]> => {
    const answer = await client.call('RFC_READ_TABLE', {
      QUERY_TABLE: table,
      DELIMITER: '|',
      OPTIONS: [{ TEXT: where }],
      FIELDS: fields.map((FIELDNAME) => ({ FIELDNAME })),
    });
    return (answer['DATA'] as { WA: string }[]).map(({ WA }) => WA.replaceAll(/ *\| */g, '|').trim());
  };
  const number = String(OBJ_KEY).slice(0, 10);
  expect(await read('BKPF', ['BELNR', 'GJAHR', 'BSTAT', 'STBLG'], `BUKRS = '1000' AND BSTAT = ' ' AND XBLNR = 'IT-1'`)).toEqual([
    `${number}|2026||`,
  ]);
  expect(await read('BSID', ['KUNNR', 'BELNR', 'WRBTR', 'SHKZG'], `BUKRS = '1000' AND KUNNR = '${customer}'`)).toEqual([
    `${customer}|${number}|119.00|S`,
  ]);
  const truth = trueDocuments(sap, { companyCodes: ['1000'], from: '20260101' }).find((document) => document.number === number);
  expect(truth).toMatchObject({ documentType: 'DR', items: [{ side: 'debit', amount: '119.00' }, { side: 'credit' }, { side: 'credit' }] });
  expect(
    sap
      .stored('FAGLFLEXA')
      .all()
      .some(({ BELNR, RLDNR }) => BELNR === number && RLDNR === '0L'),
  ).toBe(true);
});

test('a commit on another connection saves nothing and says nothing', async () => {
  const other = await addon.open(sap.connectionParameters);
  await post(client, 'IT-2');
  expect(await commit(other)).toMatchObject({ RETURN: { TYPE: '', NUMBER: '000' } });
  expect(held('IT-2')).toBe(0);
  await commit(client);
  expect(held('IT-2')).toBe(1);
  await other.close();
});

test.each<[string, (by: AddonClient) => Promise<unknown>]>([
  ['is closed', (by) => by.close()],
  ['is reset', (by) => by.reset()],
  ['dumps', (by) => by.call('RFC_RAISE_ERROR', { METHOD: '3' }).catch(() => undefined)],
  ['is cut', (by) => (sap.cutSessions(), by.ping().catch(() => undefined))],
])('a session that %s before its commit leaves no document and no lock', async (how, end) => {
  const other = await addon.open(sap.connectionParameters);
  const reference = `IT-3 ${how}`;
  await post(other, reference.slice(0, 16));
  expect(sap.locks.list()).toEqual([`KNB1 ${customer} 1000`]);
  await end(other);
  while (sap.locks.list().length > 0) await nextTick(); // the gateway has to notice
  if (how !== 'is closed') await commit(other).catch(() => undefined);
  expect(held(reference.slice(0, 16))).toBe(0);
  client = await addon.open(sap.connectionParameters);
});

test('the connection that waits with an open posting keeps others from the account', async () => {
  const other = await addon.open(sap.connectionParameters);
  await post(other, 'IT-4');
  expect(await post(client, 'IT-5')).toMatchObject({
    OBJ_KEY: '$',
    RETURN: [{ NUMBER: '609' }, { ID: 'F2', NUMBER: '042' }, { TYPE: 'I' }],
  });
  await other.call('BAPI_TRANSACTION_ROLLBACK');
  await client.call('BAPI_TRANSACTION_ROLLBACK');
  expect(await post(client, 'IT-5')).toMatchObject({ RETURN: [{ NUMBER: '605' }, {}] });
  await client.call('BAPI_TRANSACTION_ROLLBACK');
  await other.close();
});

test('an answer lost after the commit leaves the document, one lost before it leaves nothing', async () => {
  sap.faults.add({ kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
  await post(client, 'IT-6');
  await expect(commit(client)).rejects.toMatchObject({ codeString: 'RFC_COMMUNICATION_FAILURE' });
  expect(held('IT-6')).toBe(1);
  sap.faults.add({ kind: 'cut', when: 'before', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
  client = await addon.open(sap.connectionParameters);
  await post(client, 'IT-7');
  await expect(commit(client)).rejects.toMatchObject({ codeString: 'RFC_COMMUNICATION_FAILURE' });
  expect(held('IT-7')).toBe(0);
});

test('fields have their lengths, what is longer is cut, and those of later releases are not there', async () => {
  client = await addon.open(sap.connectionParameters);
  await post(client, 'BC-10452-IS-TOO-LONG');
  await commit(client);
  expect(held('BC-10452-IS-TOO-')).toBe(1);
  const later = order({ header: { DOC_STATUS: '2' } });
  await expect(client.call('BAPI_ACC_DOCUMENT_POST', later)).rejects.toMatchObject({ message: expect.stringContaining('DOC_STATUS') });
  expect(await client.call('BAPI_ACC_DOCUMENT_CHECK', order())).toMatchObject({ RETURN: [{ ID: 'RW', NUMBER: '614' }, {}] });
});
