import { tableOf, type Row } from '../dictionary/index.ts';
import { isExactRange, keyRangeOf, predicateOf } from './where-meaning.ts';
import { parseWhere, WhereError } from './where.ts';

const lfm1 = tableOf('LFM1');
const rows: Row[] = [
  { LIFNR: '0000100001', EKORG: '1000', WAERS: 'EUR', MINBW: '100.00', PLIFZ: '5', VERKF: "O'Brien", ERDAT: '20240131' },
  { LIFNR: '0000100002', EKORG: '1000', WAERS: 'USD', MINBW: '-20.50', PLIFZ: '10', VERKF: '100% sure', ERDAT: '00000000' },
  { LIFNR: '0000100003', EKORG: '2000', WAERS: '', MINBW: '1000.00', PLIFZ: '0', VERKF: 'a_b', ERDAT: '20231231' },
];

test.each([
  ['=', ["LIFNR = '0000100002'"], '2'],
  ['EQ in lower case', ["lifnr eq '0000100002'"], '2'],
  ['an unpadded key', ["LIFNR = '100002'"], ''],
  ['<> and a blank literal', ["WAERS <> ' '"], '12'],
  ['a blank literal', ["WAERS = ' '"], '3'],
  ['dates', ["ERDAT >= '20231231'"], '13'],
  ['numbers by amount, not as text', ["MINBW > '20.5'"], '13'],
  ['numbers without quotes', ['PLIFZ >= 5'], '12'],
  ['a doubled quote', ["VERKF = 'O''Brien'"], '1'],
  ['LIKE', ["LIFNR LIKE '%2' OR VERKF LIKE 'O_B%'"], '12'],
  ['IN', ["LIFNR IN ('0000100001', '0000100003')"], '13'],
  ['NOT IN', ["EKORG NOT IN ( '2000' )"], '12'],
  ['BETWEEN', ["LIFNR BETWEEN '0000100002' AND '0000100003'"], '23'],
  ['NOT BETWEEN', ["LIFNR NOT BETWEEN '0000100002' AND '0000100009'"], '1'],
  ['AND before OR', ["EKORG = '2000' OR EKORG = '1000' AND WAERS = 'USD'"], '23'],
  ['brackets', ["( EKORG = '2000' OR EKORG = '1000' ) AND WAERS = 'USD'"], '2'],
  ['NOT', ["NOT ( EKORG = '1000' )"], '3'],
  ['several lines', ["EKORG = '1000'", "AND ( WAERS = 'EUR'", "OR WAERS = 'USD' )"], '12'],
])('%s', (_what, lines, expected) => {
  const where = parseWhere(lines, lfm1);
  const matches = where ? predicateOf(where) : () => true;
  const found = rows.filter(matches).map(({ LIFNR = '' }) => LIFNR.at(-1));
  expect(found.join('')).toBe(expected);
});

test('blank lines are no clause', () => {
  expect(parseWhere(['', '   '], lfm1)).toBeUndefined();
});

test.each([
  ['no blanks around the operator', "LIFNR='0000100001'"],
  ['no blank before the literal', "LIFNR ='0000100001'"],
  ['a literal that does not end', "LIFNR = '0000100001"],
  ['a quote inside a literal', "VERKF = 'O'Brien'"],
  ['an unknown field', "LIFNO = '1'"],
  ['no operator', "LIFNR '1'"],
  ['an unknown operator', "LIFNR == '1'"],
  ['no value', 'LIFNR ='],
  ['a field as value', 'LIFNR = EKORG'],
  ['an open bracket', "( LIFNR = '1'"],
  ['something left over', "LIFNR = '1' ORDER BY LIFNR"],
  ['a statement', "LIFNR = '1'; DELETE FROM LFA1"],
  ['an empty list', 'LIFNR IN ( )'],
])('%s is refused', (_what, line) => {
  expect(() => parseWhere([line], lfm1)).toThrow(WhereError);
});

test('a literal does not go on in the next line', () => {
  expect(() => parseWhere(["VERKF = 'O", "Brien'"], lfm1)).toThrow(WhereError);
});

test.each([
  ["LIFNR > '0000100001'", { from: '0000100001\uffff' }],
  ["LIFNR > 'SHOP'", { from: 'SHOP      \uffff' }],
  ["LIFNR >= '0000100001' AND LIFNR <= '0000100005'", { from: '0000100001', to: '0000100005' }],
  ["LIFNR = '1' OR LIFNR = '3'", { from: '1', to: '3' }],
  ["LIFNR = '1' OR EKORG = '3'", {}],
  ["LIFNR > '1' OR LIFNR = '1' AND EKORG > '3'", { from: '1' }],
  ["LIFNR IN ( '5', '2' )", { from: '2', to: '5' }],
  ["NOT ( LIFNR = '1' )", {}],
  ["LIFNR LIKE '1%'", {}],
])('the index range of %s', (clause, expected) => {
  expect(keyRangeOf(parseWhere([clause], lfm1), 'LIFNR')).toEqual(expected);
});

test('below a value is everything below it and not the value', () => {
  const { to = '' } = keyRangeOf(parseWhere(["LIFNR < '0000100002'"], lfm1), 'LIFNR');
  expect('0000100001' <= to && '000010000' <= to && '0000100001zzz' <= to).toBe(true);
  expect('0000100002' <= to).toBe(false);
});

test('only bounds of the leading key need no look at the rows', () => {
  const isExact = (clause: string): boolean => isExactRange(parseWhere([clause], lfm1), 'LIFNR');
  expect(isExact("LIFNR > '1' AND LIFNR <= '5'")).toBe(true);
  expect(isExact("LIFNR > '1' AND EKORG = '1000'")).toBe(false);
  expect(isExact("LIFNR <> '1'")).toBe(false);
  expect(isExact("LIFNR = '1' OR LIFNR = '5'")).toBe(false);
});
