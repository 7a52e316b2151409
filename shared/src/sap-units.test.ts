import { sapUnit } from './sap-units.ts';

const unit = { system: 'PRD', calls: [{ function: 'BAPI_ACC_DOCUMENT_POST' }], commit: 'whenClean', unitId: 'u1', notAfter: 8e15 };

test.each([
  ['a minute', 60_000, true],
  ['a day', 86_400_000, true],
  ['more than a day, for which the agent would have to remember it', 86_400_001, false],
  ['less than nothing', -1, false],
])('a unit with %s left', (_what, remainingMs, isValid) => {
  expect(sapUnit.safeParse({ ...unit, remainingMs }).success).toBe(isValid);
});
