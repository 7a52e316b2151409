import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { JdeSystem } from './jde-system.ts';
import { jdeOperations } from './operations.ts';

const asked: unknown[] = [];
const note = (what: string) => (request: unknown) => {
  asked.push([what, request]);
  return Promise.resolve({});
};
const system = {
  name: 'JPD',
  query: note('query'),
  count: note('count'),
  orchestration: note('orchestration'),
  describe: () => note('describe')(undefined),
} as unknown as JdeSystem;
const handlers = jdeOperations({ systems: new Map([['JPD', system]]) });
const call = (operation: string, request: unknown) => ({ operation, request }) as unknown as IncomingCall;
beforeEach(() => asked.splice(0));

test.each([
  ['JdeQuery', { system: 'JPD', table: 'F0101', fields: ['AN8'], key: ['AN8'] }, 'query'],
  ['JdeCall', { system: 'JPD', service: 'info' }, 'describe'],
  ['JdeCall', { system: 'JPD', service: 'count', table: 'F0101' }, 'count'],
  ['JdeCall', { system: 'JPD', service: 'orchestration', name: 'ML_PO' }, 'orchestration'],
] as const)('%s %j goes to %s', async (operation, request, what) => {
  await handlers[operation](call(operation, request));
  expect(asked).toMatchObject([[what, what === 'describe' ? undefined : expect.objectContaining(request)]]);
});

test.each([
  ['an unknown system', 'JdeQuery', { system: 'JDV', table: 'F0101', fields: ['AN8'], key: ['AN8'] }, 'SYSTEM_UNKNOWN', /JDV/],
  ['a table that is none', 'JdeQuery', { system: 'JPD', table: 'F0101; drop', fields: ['AN8'], key: ['AN8'] }, 'REQUEST_INVALID', /table/],
  ['an unknown service', 'JdeCall', { system: 'JPD', service: 'formservice' }, 'REQUEST_INVALID', /service/],
] as const)('%s is refused', async (_what, operation, request, code, message) => {
  await expect(handlers[operation](call(operation, request))).rejects.toMatchObject({
    code,
    verdict: 'refused',
    message: expect.stringMatching(message) as unknown,
  });
});
