import { prepareParameters, toJsonValues, type ValueType } from './values.ts';

const field = (name: string, letter: string, length: number, more: Partial<ValueType> = {}): ValueType => ({
  name,
  letter,
  length,
  decimals: 0,
  fields: undefined,
  isTable: false,
  ...more,
});
const types: ValueType[] = [
  field('VENDORNO', 'C', 10),
  field('ITEM', 'N', 5),
  field('DATE', 'D', 8),
  field('AMOUNT', 'P', 23, { decimals: 4 }),
  field('COUNT', 'I', 10),
  field('SMALL', 'b', 3),
  field('LONG', '8', 19),
  field('GUID', 'X', 16),
  field('HEADER', 'u', 0, { fields: [field('COMP_CODE', 'C', 4), field('PSTNG_DATE', 'D', 8)] }),
  field('RANGE', 'h', 0, { isTable: true, fields: [field('SIGN', 'C', 1), field('LOW', 'C', 10)] }),
  field('NAMES', 'h', 0, { isTable: true, fields: [field('', 'C', 5)] }),
];
const prepare = (parameters: Record<string, unknown>) => prepareParameters('Z_TEST', parameters, types);

test('values of every kind pass in the form node-rfc wants', () => {
  const parameters = {
    VENDORNO: '0000100001   ',
    ITEM: '00010',
    DATE: '',
    AMOUNT: '-1234.5000',
    COUNT: 7,
    GUID: 'AAECAw==',
    HEADER: { COMP_CODE: '1000', PSTNG_DATE: '20240131' },
    RANGE: [{ SIGN: 'I', LOW: "O'Brien" }],
    NAMES: ['Zoë', '中国'],
  };
  expect(prepare(parameters)).toEqual({ ...parameters, DATE: '00000000', GUID: Buffer.from([0, 1, 2, 3]) });
});

test.each([
  ['a parameter that is not there', { NOPE: '1' }, /NOPE does not exist/],
  ['a lower-case name', { vendorno: '1' }, /not the name of a parameter/],
  ['null', { VENDORNO: null }, /VENDORNO has no value/],
  ['undefined in a structure', { HEADER: { COMP_CODE: undefined } }, /HEADER-COMP_CODE has no value/],
  ['a text too long', { VENDORNO: '00000100001' }, /longer than 10/],
  ['a text too long in a table', { RANGE: [{ SIGN: 'I' }, { SIGN: 'IN' }] }, /RANGE\[1\]-SIGN is longer than 1/],
  ['a NUL', { VENDORNO: 'ab\0cd' }, /NUL/],
  ['half a character', { VENDORNO: 'a\ud800' }, /half a character/],
  ['a number for a text', { VENDORNO: 100001 }, /needs a text/],
  ['letters for digits', { ITEM: '1A' }, /digits/],
  ['a date as people write it', { DATE: '31.01.2024' }, /YYYYMMDD/],
  ['an exponent', { AMOUNT: '1e-7' }, /plain decimal/],
  ['too many decimals', { AMOUNT: '1.00001' }, /more than 4 decimals/],
  ['a number too large', { AMOUNT: '12345678901234567890' }, /too large/],
  ['an integer that wraps around', { COUNT: 2 ** 31 }, /outside/],
  ['a fraction for an integer', { COUNT: 1.5 }, /no whole number/],
  ['a negative byte', { SMALL: -1 }, /outside 0 to 255/],
  ['an 8-byte integer', { LONG: '1' }, /8-byte/],
  ['bytes that are no base64', { GUID: 'not base64!' }, /base64/],
  ['too many bytes', { GUID: Buffer.alloc(17).toString('base64') }, /longer than 16 bytes/],
  ['a structure for a text', { VENDORNO: { A: '1' } }, /no structure/],
  ['a structure for a table', { RANGE: { SIGN: 'I' } }, /no structure/],
  ['a text for a table', { RANGE: 'I' }, /list of lines/],
  ['an unknown field', { HEADER: { NOPE: '1' } }, /HEADER-NOPE does not exist/],
  ['a boolean', { VENDORNO: true }, /cannot be a boolean/],
])('%s is refused before anything is sent', (_what, parameters, message) => {
  expect(() => prepare(parameters)).toThrow(expect.objectContaining({ code: 'SAP_VALUE_INVALID', verdict: 'refused', message: expect.stringMatching(message) }));
}); // prettier-ignore

test('without knowledge of the interface the general rules hold', () => {
  const unknown = (parameters: Record<string, unknown>) => prepareParameters('Z_TEST', parameters, undefined);
  expect(unknown({ A: 'x', B: [{ '/NS/F': '1' }], C: 5 })).toEqual({ A: 'x', B: [{ '/NS/F': '1' }], C: 5 });
  expect(() => unknown({ A: 0.1 })).toThrow(/decimals as text/);
  expect(() => unknown({ A: 2 ** 40 })).toThrow(/outside/);
});

test('bytes in results become base64', () => {
  expect(toJsonValues({ RAW: Buffer.from([255]), TAB: [{ X: Buffer.from('a') }, 'text', 1] })).toEqual({
    RAW: '/w==',
    TAB: [{ X: 'YQ==' }, 'text', 1],
  });
});
