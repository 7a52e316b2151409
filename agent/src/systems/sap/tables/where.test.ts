import type { Condition } from '@ml-connector/shared';
import * as fc from 'fast-check';
import { lineLength, toOptionLines, toTokens } from './where.ts';
import { vendorLayout } from './testing/layouts.ts';

const lines = (...where: Condition[]): string[] => toOptionLines(toTokens(where, vendorLayout));

test.each<[string, Condition[], string]>([
  ['one comparison', [{ field: 'LIFNR', op: 'GT', value: '0000100000' }], "LIFNR > '0000100000'"],
  ['an empty value is a blank', [{ field: 'AKONT', op: 'EQ', value: '' }], "AKONT = ' '"],
  ['quotes are doubled', [{ field: 'NAME1', op: 'EQ', value: "O'Brien" }], "NAME1 = 'O''Brien'"],
  ['several are joined by AND', [{ field: 'BUKRS', op: 'EQ', value: '1000' }, { field: 'ERDAT', op: 'GE', value: '20240131' }], "BUKRS = '1000' AND ERDAT >= '20240131'"],
  ['a list', [{ field: 'BUKRS', op: 'IN', values: ['1000', '2000', '1000'] }], "BUKRS = '1000' OR BUKRS = '2000'"],
  [
    'brackets keep AND and OR apart',
    [{ field: 'BUKRS', op: 'EQ', value: '1000' }, { anyOf: [{ field: 'AKONT', op: 'LIKE', value: '16%' }, { allOf: [{ field: 'ERDAT', op: 'NE', value: '00000000' }, { field: 'AKONT', op: 'LT', value: '2' }] }] }],
    "BUKRS = '1000' AND ( AKONT LIKE '16%' OR ( ERDAT <> '00000000' AND AKONT < '2' ) )",
  ],
])('%s', (_what, where, text) => {
  expect(lines(...where).join(' ')).toBe(text);
}); // prettier-ignore

test.each<[string, Condition, string]>([
  ['a field that is not there', { field: 'KUNNR', op: 'EQ', value: '1' }, 'SAP_FIELD_MISSING'],
  ['an expression for a field', { field: "LIFNR = '1' OR LIFNR", op: 'EQ', value: '1' }, 'SAP_FIELD_MISSING'],
  ['a value longer than its field', { field: 'BUKRS', op: 'EQ', value: '10000' }, 'SAP_CONDITION_INVALID'],
  ['a line break', { field: 'NAME1', op: 'EQ', value: 'a\nb' }, 'SAP_CONDITION_INVALID'],
  ['a NUL', { field: 'NAME1', op: 'EQ', value: 'a\0b' }, 'SAP_CONDITION_INVALID'],
  ['a date in German', { field: 'ERDAT', op: 'GE', value: '31.01.2024' }, 'SAP_CONDITION_INVALID'],
  ['a number without its zeros', { field: 'BUZEI', op: 'EQ', value: '1' }, 'SAP_CONDITION_INVALID'],
  ['an amount with a comma', { field: 'WRBTR', op: 'GT', value: '1,50' }, 'SAP_CONDITION_INVALID'],
  ['a floating-point field', { field: 'RATE', op: 'EQ', value: '1' }, 'SAP_FIELD_TYPE_UNSUPPORTED'],
  ['300 values in brackets', { anyOf: [{ field: 'NAME1', op: 'IN', values: Array.from({ length: 300 }, (_, n) => `${n}`) }] }, 'SAP_CONDITION_TOO_LONG'],
])('%s is refused', (_what, condition, code) => {
  expect(() => lines(condition)).toThrow(expect.objectContaining({ code, verdict: 'refused' }));
}); // prettier-ignore

/** What an ABAP parser sees: written apart from the code under test. Lines end where a blank is. */
function parse(options: string[]): { words: string[]; literals: string[] } {
  const words: string[] = [];
  const literals: string[] = [];
  for (const line of options) {
    let rest = line;
    while (rest.trim() !== '') {
      const match = /^ *(?:'((?:[^']|'')*)'(?= |$)|([^' ]+)(?= |$))/.exec(rest);
      if (!match) throw new Error(`not ABAP: ${line}`);
      if (match[1] === undefined) words.push(match[2] as string);
      else literals.push(match[1].replaceAll("''", "'"));
      rest = rest.slice(match[0].length);
    }
  }
  return { words, literals };
}

const nastyText = (max: number) =>
  fc.string({ unit: fc.constantFrom("'", '"', ' ', '(', ')', '=', '%', '_', 'A', 'z', '0', 'Ü', '中', '-', ';', '*'), maxLength: max });
const comparison = fc.oneof(
  fc.record({ field: fc.constant('NAME1'), op: fc.constantFrom('EQ', 'NE', 'LT', 'LE', 'GT', 'GE', 'LIKE'), value: nastyText(35) }),
  fc.record({
    field: fc.constant('AKONT'),
    op: fc.constant('IN' as const),
    values: fc.array(nastyText(10), { minLength: 1, maxLength: 12 }),
  }),
);
const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    comparison as fc.Arbitrary<Condition>,
    fc.record({ anyOf: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

function valuesOf(condition: Condition): string[] {
  if ('anyOf' in condition) return condition.anyOf.flatMap(valuesOf);
  if ('allOf' in condition) return condition.allOf.flatMap(valuesOf);
  return condition.op === 'IN' ? [...new Set(condition.values)] : [condition.value];
}

test('no value can become anything but a literal, on no line longer than 71', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 3 }), (where) => {
      const options = lines(...where);
      const { words, literals } = parse(options);
      expect(literals).toEqual(where.flatMap(valuesOf).map((value) => value || ' '));
      expect(words.filter((word) => !/^(NAME1|AKONT|=|<>|<|<=|>|>=|LIKE|AND|OR|\(|\))$/.test(word))).toEqual([]);
      expect(Math.max(0, ...options.map((line) => line.length))).toBeLessThanOrEqual(lineLength);
    }),
    { numRuns: 500 },
  );
});
