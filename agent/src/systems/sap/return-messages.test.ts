import { isClean, returnError, returnMessages } from './return-messages.ts';

const posted = { TYPE: 'S', ID: 'RW', NUMBER: '605', MESSAGE: 'Document posted successfully: BKPFF 180000012310002024 ECCCLNT100' };
const headline = { TYPE: 'E', ID: 'RW', NUMBER: '609', MESSAGE: 'Error in document: BKPFF $ ECCCLNT100' };
const closed = {
  TYPE: 'E',
  ID: 'F5',
  NUMBER: '201',
  MESSAGE: 'Posting period 005 2026 is not open',
  MESSAGE_V1: '005',
  ROW: 1,
  LOG_NO: '',
};
const inUse = { TYPE: 'E', ID: 'F2', NUMBER: '042', MESSAGE: 'Kreditor 100001 wird von MÜLLER bearbeitet' };

test.each<[string, Record<string, unknown>, boolean, string[]]>([
  ['a table with one success', { RETURN: [posted] }, true, ['S RW 605']],
  ['a structure that is initial', { RETURN: { TYPE: '', ID: '', NUMBER: '000', MESSAGE: '' } }, true, []],
  ['an empty structure', { RETURN: {} }, true, []],
  ['no RETURN at all', { OBJ_KEY: '1' }, true, []],
  ['a warning', { RETURN: [{ ...closed, TYPE: 'W' }] }, true, ['W F5 201']],
  ['errors, the worst first', { RETURN: [posted, closed, { ...headline, TYPE: 'A' }] }, false, ['A RW 609', 'E F5 201', 'S RW 605']],
  ['a termination', { RETURN: { ...closed, TYPE: 'X' } }, false, ['X F5 201']],
  ['BAPIRETURN, whose code is class and number', { RETURN: { TYPE: 'E', CODE: 'F2163', MESSAGE: 'Vendor missing' } }, false, ['E F2 163']],
  ['another name', { RETURN: {}, RETURNMESSAGES: [closed] }, false, ['E F5 201']],
  ['a table of a Z function', { ET_RETURN: [closed] }, false, ['E F5 201']],
  ['a table that only sounds so', { RETURN_ITEMS: [{ TYPE: 'E', MATERIAL: '4711' }] }, true, []],
  ['a type in small letters', { RETURN: [{ ...closed, TYPE: 'e' }] }, false, ['E F5 201']],
])('%s', (_what, result, clean, expected) => {
  const messages = returnMessages(result);
  expect(messages.map(({ TYPE, ID, NUMBER }) => `${TYPE} ${ID} ${NUMBER}`)).toEqual(expected);
  expect(isClean(messages)).toBe(clean);
});

test.each([
  [
    'a refusal, past the headline',
    [headline, closed],
    'refused',
    'SAP_RETURN_ERROR',
    /E F5 201 Posting period 005 2026 is not open \(and 1 more\)/,
  ],
  ['a lock, among others', [headline, inUse], 'retry', 'SAP_LOCKED', /MÜLLER/],
  ['the headline alone', [headline], 'refused', 'SAP_RETURN_ERROR', /RW 609/],
])('%s', (_what, lines, verdict, code, message) => {
  const error = returnError('BAPI_ACC_DOCUMENT_POST', returnMessages({ RETURN: lines }));
  expect(error).toMatchObject({ verdict, code, message: expect.stringMatching(message) as string });
  expect(error.facts?.['messages']).toHaveLength(lines.length);
});

test('a thousand messages become fifty, errors among them', () => {
  const messages = returnMessages({ RETURN: [...Array.from({ length: 1000 }, () => posted), closed] });
  expect([messages.length, messages[0]?.ID]).toEqual([50, 'F5']);
});
