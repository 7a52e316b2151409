import type { JdeAccount } from '../../systems/jde/index.ts';
import { mapAccount } from './map.ts';
import { account, mapping } from './testing/samples.ts';

const map = (one: Partial<JdeAccount>, settings: Record<string, unknown> = {}, entries: Record<string, string> = {}) =>
  mapAccount({ kind: 'account', account: account(one) }, mapping(settings, entries));

test.each<[string, Partial<JdeAccount>, Record<string, string>, string]>([
  ['its object', {}, { '1110': '090' }, '090'],
  ['its object, whatever the subsidiary', { subsidiary: 'X' }, { '1110': '090' }, '090'],
  ['object and subsidiary before the object', { subsidiary: 'X' }, { '1110': '090', '1110.X': '091' }, '091'],
  ['its own code before all others', { subsidiary: 'X' }, { '1110': '090', '1110.X': '091', '30.1110.X': '404' }, '404'],
  ['its own code without a subsidiary, which ends with a dot', {}, { '1110': '090', '30.1110.': '091' }, '091'],
  [
    'not by what another account with a subsidiary is called',
    { businessUnit: '1110', object: '2000' },
    { '1110.2000': '404', '2000': '090' },
    '090',
  ],
])('an account is found by %s', (_what, one, entries, expected) => {
  expect(map(one, {}, entries)).toMatchObject({ outcome: 'mapped', body: { id: '00012345', account: expected } });
});

test.each<[string, Partial<JdeAccount>, Record<string, unknown>, string]>([
  ['the object', { subsidiary: 'X' }, {}, '1110'],
  ['object and subsidiary where they count', { subsidiary: 'X' }, { accountsBy: 'object-and-subsidiary' }, '1110.X'],
  ['the object where there is no subsidiary', {}, { accountsBy: 'object-and-subsidiary' }, '1110'],
])('without an entry an account waits for one of %s', (_what, one, settings, code) => {
  expect(map(one, settings)).toMatchObject({
    outcome: 'blocked',
    reasons: [{ code: 'VALUE_MAP_MISSING', missing: { valueMapId: 'accounts', code } }],
  });
});

test('what is missing is told with everything that would do', () => {
  expect(map({ subsidiary: 'X' })).toMatchObject({
    reasons: [
      {
        message: 'account 30.1110.X Bear Creek National Bank has no entry 30.1110.X or 1110.X or 1110 in the value map accounts',
      },
    ],
  });
});

test.each<[string, Partial<JdeAccount>, Record<string, unknown>, string]>([
  ['inactive', { postingEdit: 'I' }, {}, '30.1110 takes no postings in JD Edwards: posting edit I (inactive)'],
  ['non-posting', { postingEdit: 'N' }, {}, '30.1110 takes no postings in JD Edwards: posting edit N (non-posting)'],
  ['budget only', { postingEdit: 'B' }, {}, '30.1110 takes no postings in JD Edwards: posting edit B (budget only)'],
  ['closed by a code of the site', { postingEdit: 'Z' }, { notPostable: ['Z'] }, '30.1110 takes no postings in JD Edwards: posting edit Z'],
  ['a title', { levelOfDetail: '2' }, {}, '30.1110 is a title in JD Edwards: level of detail 2'],
  ['of another company', {}, { companies: ['2', '00003'] }, 'company 00001 is not among 2, 00003'],
  ['left out', { object: '5010' }, { objects: { exclude: ['5000-5999'] } }, 'object account 5010 is left out by 5000-5999'],
  ['not included', {}, { objects: { include: ['2000-2999', '4'] } }, 'object account 1110 is not among 2000-2999, 4'],
])('an account that is %s needs no entry', (_what, one, settings, reason) => {
  expect(map(one, settings)).toEqual({ outcome: 'skipped', reason });
});

test.each<[string, Partial<JdeAccount>, Record<string, unknown>]>([
  ['machine-generated only', { postingEdit: 'M' }, {}],
  ['with a subledger', { postingEdit: 'S' }, {}],
  ['inactive, where that is allowed', { postingEdit: 'I' }, { notPostable: ['N'] }],
  ['of a company written short', {}, { companies: ['1'] }],
  ['in an included range', {}, { objects: { include: ['1000-1999'] } }],
])('an account that is %s needs one', (_what, one, settings) => {
  expect(map(one, settings)).toMatchObject({ outcome: 'blocked', reasons: [{ code: 'VALUE_MAP_MISSING' }] });
});

describe('an account that is closed', () => {
  const closed = { postingEdit: 'I', subsidiary: 'X' };

  test('blocks while the map has an entry of its own', () => {
    expect(map(closed, {}, { '30.1110.X': '091', '1110': '090' })).toMatchObject({
      outcome: 'blocked',
      reasons: [{ code: 'ACCOUNT_CLOSED', message: expect.stringContaining('still has its entry 30.1110.X -> 091') as string }],
    });
  });

  test.each<[string, Record<string, unknown>, Record<string, string>, string]>([
    ['with an entry of its own where that is wanted', { closedAccounts: 'tell' }, { '30.1110.X': '091' }, '30.1110.X -> 091'],
    ['with an entry that serves others too', {}, { '1110': '090' }, '1110 -> 090'],
  ])('is only told, %s', (_what, settings, entries, entry) => {
    const reason = `30.1110.X takes no postings in JD Edwards: posting edit I (inactive); the value map accounts has the entry ${entry}`;
    expect(map(closed, settings, entries)).toEqual({ outcome: 'skipped', reason });
  });

  test.each(['pass', 'default'])('has no entry by the policy %s alone', (policy) => {
    const lookup = (_id: string, ...codes: string[]) => (policy === 'pass' ? codes.at(-1) : '404');
    const outcome = mapAccount({ kind: 'account', account: account(closed) }, { settings: {}, lookup });
    expect(outcome).toEqual({ outcome: 'skipped', reason: '30.1110.X takes no postings in JD Edwards: posting edit I (inactive)' });
  });
});

test.each([
  ['an unknown setting', { company: '1' }, 'company'],
  ['a range the wrong way round', { objects: { include: ['5999-5000'] } }, 'from the lower to the higher'],
  ['a range of two lengths', { objects: { exclude: ['100-50000'] } }, 'same length'],
  ['a level that is none', { titleLevels: ['A'] }, 'level of detail'],
])('%s is refused', (_what, settings, message) => {
  expect(() => map({}, settings)).toThrow(message);
});
