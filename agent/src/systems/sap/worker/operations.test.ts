import { systemClock, type SapUnit } from '@ml-connector/shared';
import { openOperations } from './operations.ts';
import type { Lease, RfcPool } from './pool.ts';

/** Whether the session is reset after a unit that is not committed. */
async function isResetAfter(functionName: string): Promise<boolean> {
  const leases: Lease[] = [];
  const session = { call: () => Promise.resolve({}) };
  const pool = {
    lease: (lease: Lease, use: (on: unknown) => unknown) => {
      leases.push(lease);
      return use(session);
    },
  } as unknown as RfcPool;
  const operations = openOperations({ pool, clock: systemClock, readFunction: 'RFC_READ_TABLE', readWidth: undefined, pageRows: 10 });
  const request: SapUnit = { system: 'ECC', calls: [{ function: functionName, parameters: {} }], commit: 'never' };
  const scope = {
    deadline: Date.now() + 60_000,
    signal: new AbortController().signal,
    emit: () => Promise.resolve(),
    leave: () => Promise.resolve(),
  };
  await operations.unit(request, scope);
  return leases.at(-1)?.leavesState ?? false;
}

test.each([
  ['BAPI_VENDOR_GETDETAIL', false],
  ['RFC_READ_TABLE', false],
  ['BAPI_ACC_DOCUMENT_POST', true],
  ['Z_ML_ANYTHING', true],
  // It runs substitutions and exits as posting does, and they may leave something to be updated.
  ['BAPI_ACC_DOCUMENT_CHECK', true],
])('after %s, uncommitted, the session is reset before the next unit could commit what it left: %p', async (name, expected) => {
  expect(await isResetAfter(name)).toBe(expected);
});
