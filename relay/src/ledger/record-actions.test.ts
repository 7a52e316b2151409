import type { AcknowledgementRow, LinkRow } from '../store/index.ts';
import { actionsOn } from './record-actions.ts';

const link = { target_id: 'cin7-1' } as LinkRow;
const acknowledgement = { failures: 1 } as AcknowledgementRow;
const because = (code: string): string => JSON.stringify([{ code, message: 'why' }]);

test.each([
  ['pending', null, ['skip']],
  ['posting', null, []],
  ['failed', null, ['replay', 'skip']],
  ['blocked', because('VALUE_MAP_MISSING'), ['replay', 'skip']],
  ['waiting', because('PREDECESSOR'), ['replay', 'skip']],
  ['waiting', because('PERIOD_CLOSED'), ['replay', 'skip', 'approve']],
  ['uncertain', because('LOOKUP_UNDECIDED'), []],
  ['uncertain', because('OUTCOME_UNKNOWN'), ['decide']],
  ['succeeded', null, ['replay']],
  ['skipped', because('BUSINESS_AGE'), ['replay']],
])('%s with the reason %s lets a person do %j', (state, reason_json, actions) => {
  const record = { state, reason_json };
  expect(actionsOn({ record, versions: [{ state }], link: undefined, acknowledgement: undefined })).toEqual(actions);
});

test('a link can be forgotten unless a version of the record is under way; a source is told where it waits for that', () => {
  const record = { state: 'succeeded', reason_json: null };
  const versions = [{ state: 'succeeded' }];
  expect(actionsOn({ record, versions, link, acknowledgement })).toEqual(['replay', 'unlink', 'acknowledge']);
  expect(actionsOn({ record, versions: [{ state: 'posting' }, ...versions], link, acknowledgement: undefined })).toEqual(['replay']);
});
