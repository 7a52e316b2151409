/** What the doctor finds out about a role, through the real node-rfc addon; SAP is as it was afterwards. */
import { openSapBench } from '../testing/simulated-sap.ts';
import { callAuthority } from './call-authority.ts';

const base = ['SYST', 'RFC1', 'SDIFRUNTIME', 'SDTX', 'SRFC'];
const functions = ['BAPI_ACC_DOCUMENT_CHECK', 'BAPI_ACC_DOCUMENT_POST', 'BAPI_ACC_DOCUMENT_REV_POST'];
const customers = ['BAPI_CUSTOMER_CREATEFROMDATA1', 'BAPI_CUSTOMER_CHANGEFROMDATA1'];

test.each([
  ['all of them by group', [...base, 'ACC9', 'V02D', 'BAPT'], 'ok', ''],
  [
    'all but the one that reverses',
    [...base, ...functions.slice(0, 2), 'V02D', 'BAPT'],
    'failed',
    'no S_RFC for BAPI_ACC_DOCUMENT_REV_POST',
  ],
  ['none that writes', [...base, 'BAPI_ACC_DOCUMENT_CHECK'], 'failed', [...functions.slice(1), ...customers].join(', ')],
])('the functions that write are tried without data: a role with %s', async (_what, allowed, result, detail) => {
  const user = { name: 'RFC_MLCONN', password: 'Nordwerk-2024', functions: allowed };
  await using bench = await openSapBench({ users: [user], customers: 5, materials: 5 });
  const held = (): number[] => ['BKPF', 'KNA1', 'CDHDR'].map((table) => bench.sap.stored(table).size);
  const before = held();
  const call = () => ({ deadline: Date.now() + 20_000, signal: AbortSignal.timeout(20_000) });
  const found = await callAuthority({ system: bench.system, functions: [...functions, ...customers], call });
  expect(found).toMatchObject({ result, detail: expect.stringContaining(detail) as string });
  expect([held(), bench.sap.committed, bench.sap.locks.list()]).toEqual([before, [], []]);
});
