import { SystemError } from '@ml-connector/shared';
import { readInterface } from './interface.ts';
import { sketchFieldInfo } from './tables/testing/layouts.ts';
import type { ReadCall } from './tables/index.ts';

const params = [
  { PARAMCLASS: 'I', PARAMETER: 'VENDORNO', TABNAME: 'LFA1', FIELDNAME: 'LIFNR', EXID: 'C', INTLENGTH: 10, OPTIONAL: '' },
  { PARAMCLASS: 'I', PARAMETER: 'AMOUNT', TABNAME: '', FIELDNAME: '', EXID: 'P', INTLENGTH: 8, DECIMALS: 2, OPTIONAL: 'X' },
  { PARAMCLASS: 'E', PARAMETER: 'RETURN', TABNAME: 'BAPIRET1', FIELDNAME: '', EXID: 'u', INTLENGTH: 0, OPTIONAL: '' },
  { PARAMCLASS: 'T', PARAMETER: 'ITEMS', TABNAME: 'ZDEEP', FIELDNAME: '', EXID: '', INTLENGTH: 0, OPTIONAL: 'X' },
  { PARAMCLASS: 'X', PARAMETER: 'NOT_FOUND', TABNAME: '', FIELDNAME: '', EXID: '', INTLENGTH: 0, OPTIONAL: '' },
];
const structures: Record<string, Record<string, string>[]> = {
  BAPIRET1: sketchFieldInfo([{ name: 'TYPE', type: 'CHAR', length: 1 }]).map((row) => ({ ...row, INTTYPE: 'C' })),
  ZDEEP: sketchFieldInfo([{ name: 'NESTED', type: '', length: 0 }]).map((row) => ({ ...row, INTTYPE: 'h' })),
};

function system(more: { knowsCharacters?: boolean; exists?: boolean } = {}): ReadCall {
  const { knowsCharacters = true, exists = true } = more;
  return async (name, parameters) => {
    if (name === 'DDIF_FIELDINFO_GET') return { DFIES_TAB: structures[String(parameters['TABNAME'])] ?? [] };
    if (!knowsCharacters && 'NONE_UNICODE_LENGTH' in parameters) throw new SystemError('SAP_PARAMETER_INVALID', 'refused', "field 'NONE_UNICODE_LENGTH' not found");
    if (!exists) throw new SystemError('SAP_FUNCTION_MISSING', 'refused', 'FU_NOT_FOUND');
    return { PARAMS: params };
  };
} // prettier-ignore

test('parameters come with direction, type and the lengths that values are checked by', async () => {
  const found = await readInterface(system(), 'Z_TEST');
  expect(found?.parameters).toEqual([
    { name: 'VENDORNO', direction: 'IMPORT', type: 'LFA1-LIFNR', optional: false },
    { name: 'AMOUNT', direction: 'IMPORT', type: 'P8', optional: true },
    { name: 'RETURN', direction: 'EXPORT', type: 'BAPIRET1', optional: false },
    { name: 'ITEMS', direction: 'TABLES', type: 'ZDEEP', optional: true },
    { name: 'NOT_FOUND', direction: 'EXCEPTION', type: '', optional: true },
  ]);
  const [vendor, amount, answer, items] = found?.types ?? [];
  expect(vendor).toMatchObject({ letter: 'C', length: 10 });
  expect(amount).toMatchObject({ letter: 'P', length: 15, decimals: 2 });
  expect(answer?.fields).toMatchObject([{ name: 'TYPE', letter: 'C', length: 1 }]);
  expect(items).toMatchObject({ isTable: true, fields: undefined }); // nested lines are left to SAP
});

test('a release that counts bytes gives no lengths to check by', async () => {
  const found = await readInterface(system({ knowsCharacters: false }), 'Z_TEST');
  expect(found?.types[0]).toMatchObject({ name: 'VENDORNO', length: 0 });
});

test('a function that does not exist is an answer', async () => {
  expect(await readInterface(system({ exists: false }), 'Z_NONE')).toBeUndefined();
});
