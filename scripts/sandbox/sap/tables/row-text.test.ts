import { fieldOf, tableOf, type FieldDefinition } from '../dictionary/index.ts';
import { layOut, outputLength, rowWriter, slotText } from './row-text.ts';

const amount = fieldOf(tableOf('BSIK'), 'DMBTR');
const integer: FieldDefinition = { name: 'SCORE', type: 'INT4', length: 10 };

test.each([
  ['a positive number leaves the place of the sign blank', amount, '12.50', '       12.50 '],
  ['a negative one has its sign last', amount, '-12.50', '       12.50-'],
  ['a positive one takes the place of the sign when it must', amount, '9999999999.99', '9999999999.99'],
  ['a negative one cannot', amount, '-9999999999.99', '*99999999.99-'],
  ['too many digits', amount, '12345678901.23', '*345678901.23'],
  ['zero', amount, '0.00', '        0.00 '],
  ['an integer', integer, '-42', '       42-'],
])('%s', (_what, field, value, expected) => {
  expect(slotText(field, value, field.length)).toBe(expected);
});

test('the delimiter counts in the offsets, the client is the one logged on to, trailing blanks are lost', () => {
  const table = tableOf('T001');
  const fields = ['MANDT', 'BUKRS', 'BUTXT', 'LAND1'].map((name) => fieldOf(table, name));
  const layout = layOut(fields, '|', 'digits');
  expect(layout.slots.map(({ offset }) => offset)).toEqual([0, 4, 9, 35]);
  expect(rowWriter(table, layout, '100')({ BUKRS: '1000', BUTXT: 'Köln', LAND1: '' })).toBe(`100|1000|${'Köln'.padEnd(25)}|`);
});

test('output lengths count separators, point and sign', () => {
  expect(outputLength(amount)).toBe(18);
  expect(outputLength(integer)).toBe(11);
  expect(outputLength(fieldOf(tableOf('LFA1'), 'NAME1'))).toBe(35);
});
