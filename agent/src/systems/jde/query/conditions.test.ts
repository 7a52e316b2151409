import type { JdeCondition } from '@ml-connector/shared';
import { above, toQuery } from './conditions.ts';

const rules = { table: 'F4311', formats: { dateFormat: 'dd/MM/yyyy', decimalFormat: ',' }, decimals: { 'F4311.UORG': 2 } };
const literal = (content: string) => ({ content, specialValueId: 'LITERAL' });

test.each<[string, JdeCondition, unknown]>([
  ['EQ', { field: 'DCTO', op: 'EQ', value: 'OP' }, { operator: 'EQUAL', value: [literal('OP')] }],
  ['GE', { field: 'DOCO', op: 'GE', value: '4501' }, { operator: 'GREATER_EQUAL', value: [literal('4501')] }],
  ['a decimal', { field: 'AEXP', op: 'GT', value: '-12.50' }, { operator: 'GREATER', value: [literal('-12,50')] }],
  ['a decimal of a column with an override', { field: 'UORG', op: 'EQ', value: '12.50' }, { operator: 'EQUAL', value: [literal('1250')] }],
  ['a text', { field: 'ANI', op: 'EQ', value: '1.1110.FIB' }, { operator: 'EQUAL', value: [literal('1.1110.FIB')] }],
  ['a list', { field: 'DOCO', op: 'IN', values: ['1', '2'] }, { operator: 'LIST', value: [literal('1'), literal('2')] }],
  ['a list of one', { field: 'DOCO', op: 'IN', values: ['1'] }, { operator: 'EQUAL', value: [literal('1')] }],
  ['a list with a blank', { field: 'SFXO', op: 'IN', values: ['', '001'] }, { operator: 'LIST', value: [literal(' '), literal('001')] }],
  ['a blank', { field: 'CRCD', op: 'EQ', value: '' }, { operator: 'STR_BLANK' }],
  ['no blank', { field: 'CRCD', op: 'NE', value: ' ' }, { operator: 'STR_NOT_BLANK' }],
  [
    'days before today',
    { field: 'UPMJ', op: 'SINCE_DAYS_AGO', days: 3 },
    { operator: 'GREATER_EQUAL', value: [{ content: '3', specialValueId: 'TODAY_MINUS_DAY' }] },
  ],
  ['from a date on', { field: 'UPMJ', op: 'ON_OR_AFTER', date: '20250304' }, { operator: 'GREATER_EQUAL', value: [literal('04/03/2025')] }],
  ['up to a date', { field: 'UPMJ', op: 'ON_OR_BEFORE', date: '20250304' }, { operator: 'LESS_EQUAL', value: [literal('04/03/2025')] }],
])('%s', (_what, condition, expected) => {
  const { field } = condition as { field: string };
  expect(toQuery([condition], [], rules)).toMatchObject({
    autoFind: true,
    matchType: 'MATCH_ALL',
    condition: [{ controlId: `F4311.${field}`, ...(expected as object) }],
  });
});

test('without conditions there is no query', () => {
  expect(toQuery([], [], rules)).toBeUndefined();
});

test('several choices are each one query of MATCH_ANY, joined by AND with the rest', () => {
  const where: JdeCondition[] = [
    { anyOf: [{ field: 'NXTR', op: 'EQ', value: '999' }, { field: 'LTTR', op: 'EQ', value: '980' }] },
    { field: 'DCTO', op: 'EQ', value: 'OP' },
    { anyOf: [{ field: 'LNTY', op: 'EQ', value: 'S' }] },
  ]; // prettier-ignore
  expect(toQuery(where, [above('F4311.DOCO', '4501')], rules)).toMatchObject({
    autoFind: true,
    complexQuery: [
      { query: { matchType: 'MATCH_ALL', condition: [{ controlId: 'F4311.DCTO' }, { controlId: 'F4311.DOCO', operator: 'GREATER' }] }, andOr: 'AND' },
      { query: { matchType: 'MATCH_ANY', condition: [{ controlId: 'F4311.NXTR' }, { controlId: 'F4311.LTTR' }] }, andOr: 'AND' },
      { query: { matchType: 'MATCH_ANY', condition: [{ controlId: 'F4311.LNTY' }] }, andOr: 'AND' },
    ],
  }); // prettier-ignore
});

test.each<[string, string, JdeCondition]>([
  ['a control character', 'F4311', { field: 'DCTO', op: 'EQ', value: 'OP\u0000' }],
  ['a field of another table', 'F4311', { field: 'F0101.AN8', op: 'EQ', value: '1' }],
  ['a field of a view without its table', 'V4311JO', { field: 'AN8', op: 'EQ', value: '1' }],
])('%s is refused', (_what, table, condition) => {
  expect(() => toQuery([condition], [], { ...rules, table })).toThrow(
    expect.objectContaining({ code: 'JDE_REQUEST_INVALID', verdict: 'refused' }),
  );
});
