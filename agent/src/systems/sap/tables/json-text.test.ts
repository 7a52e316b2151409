import * as fc from 'fast-check';
import { mostBytesPerUnit, writeNumber, writeText } from './json-text.ts';

function unitsOf(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

function written(text: string, write: (units: Uint16Array, out: Uint8Array) => number): unknown {
  const out = new Uint8Array(text.length * mostBytesPerUnit + 60);
  const end = write(unitsOf(text), out);
  return end < 0 ? undefined : JSON.parse(Buffer.from(out.subarray(0, end)).toString('utf8'));
}
const textOf = (text: string) => written(text, (units, out) => writeText(units, 0, units.length, out, 0));
const numberOf = (text: string, decimals?: number) => written(text, (units, out) => writeNumber(units, 0, units.length, out, 0, decimals));

test('any text is what JSON says it is, less trailing blanks', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(3), (text, blanks) => {
      expect(textOf(text + ' '.repeat(blanks))).toBe(text.replace(/ +$/, ''));
    }),
  );
  expect(textOf('O\'Brien "Ltd" \\ \t Łódź 你好 😀 \ud83d')).toBe('O\'Brien "Ltd" \\ \t Łódź 你好 😀 \ufffd');
});

test.each([
  ['      12.50-', '-12.50'],
  ['       12.50 ', '12.50'],
  ['-7', '-7'],
  ['7+', '7'],
  ['0.00-', '0.00'],
  ['    ', '0'],
  ['12345678901234567890.12', '12345678901234567890.12'],
  ['*234.50', undefined],
  ['12,50', undefined],
  ['12.5.0', undefined],
  ['1 2', undefined],
  ['-', undefined],
  ['.5', undefined],
  ['5.', undefined],
])('RFC_READ_TABLE prints %j', (printed, plain) => {
  expect(numberOf(printed)).toBe(plain);
});

test.each([
  ['10.00 ', 0, '1000'],
  ['10.00-', 0, '-1000'],
  ['10.00', 2, '10.00'],
  ['0.01', 3, '0.001'],
  ['0.10-', 3, '-0.010'],
  ['1.234', 2, '12.34'],
  ['5', 2, '0.05'],
  ['12345678901234567.89', 0, '1234567890123456789'],
  ['0.00', 0, '0'],
  ['0.00-', 3, '0.000'],
  ['', 2, '0.00'],
])('%j stored, in a currency of %i decimals', (stored, decimals, real) => {
  expect(numberOf(stored, decimals)).toBe(real);
});

test('an amount keeps its digits wherever the point goes', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), fc.integer({ min: 0, max: 4 }), (hundredths, decimals) => {
      const digits = (hundredths < 0n ? -hundredths : hundredths).toString().padStart(3, '0');
      const stored = `${digits.slice(0, -2)}.${digits.slice(-2)}${hundredths < 0n ? '-' : ' '}`.padStart(20);
      const real = numberOf(stored, decimals) as string;
      expect(BigInt(real.replace('.', ''))).toBe(hundredths);
      expect(real.includes('.') ? real.split('.')[1]?.length : 0).toBe(decimals);
      expect(real).toMatch(/^-?(0|[1-9]\d*)(\.\d+)?$/);
    }),
  );
});
