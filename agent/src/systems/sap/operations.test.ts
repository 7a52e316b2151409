import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { Units } from '../../journal/index.ts';
import { sapOperations } from './operations.ts';
import type { SapSystem } from './sap-system.ts';

const asked: unknown[] = [];
const system = {
  name: 'PRD',
  unit: (request: unknown) => {
    asked.push(request);
    return Promise.resolve({ results: [] });
  },
} as unknown as SapSystem;
const units = {} as unknown as Units;
const handlers = sapOperations({ systems: new Map([['PRD', system]]), units });
const call = (operation: string, request: unknown) => ({ operation, request }) as unknown as IncomingCall;

test('a request goes to the system it names, with its defaults', async () => {
  await handlers.SapUnit(call('SapUnit', { system: 'PRD', calls: [{ function: 'RFC_PING' }], commit: 'never' }));
  expect(asked).toEqual([{ system: 'PRD', calls: [{ function: 'RFC_PING', parameters: {} }], commit: 'never' }]);
});

test.each([
  ['an unknown system', 'SapUnit', { system: 'QAS', calls: [{ function: 'RFC_PING' }], commit: 'never' }, 'SYSTEM_UNKNOWN', /QAS/],
  ['a request without fields', 'SapTableRead', { system: 'PRD', table: 'LFA1' }, 'REQUEST_INVALID', /fields/],
  ['an unknown key', 'SapDescribe', { system: 'PRD', tabels: [] }, 'REQUEST_INVALID', /tabels/],
] as const)('%s is refused', async (_what, operation, request, code, message) => {
  await expect(handlers[operation](call(operation, request))).rejects.toMatchObject({
    code,
    verdict: 'refused',
    message: expect.stringMatching(message) as unknown,
  });
});
