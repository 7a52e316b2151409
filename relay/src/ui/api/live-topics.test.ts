import { isTouched } from './live-topics.ts';

const recordKey = ['records.story', { tenantId: 'ten_1', recordId: 'rec_1' }, {}];

test.each([
  ['a record', 'record', 'rec_1', recordKey, true],
  ['another record', 'record', 'rec_2', recordKey, false],
  ['many records', 'record', null, recordKey, true],
  ['a record in a list', 'record', 'rec_2', ['records.list', 'pages', {}, {}], true],
  ['the overview', 'record', 'rec_2', ['overview.get', {}, {}], true],
  ['connections', 'record', 'rec_2', ['connections.list', {}, {}], false],
  ['agents', 'agent', 'agt_1', ['agents.list', {}, {}], true],
  ['alerts', 'alert', 'alt_1', ['alerts.list', {}, {}], true],
  ['runs', 'alert', 'alt_1', ['runs.list', {}, {}], false],
  ['who is signed in', 'settings', null, ['me.get'], true],
  ['what is built in', 'settings', null, ['systems.list', {}, {}], false],
  ['a kind that this page does not know', 'parcel', 'par_1', ['sites.list', {}, {}], true],
])('%s after a change of %s %s', (_what, about, id, queryKey, expected) => {
  expect(isTouched(queryKey, [{ about, id }])).toBe(expected);
});

test('nothing changed, nothing is asked for', () => {
  expect(isTouched(['records.list', {}, {}], [])).toBe(false);
});
