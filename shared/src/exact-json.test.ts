import { jsonNumber, parseForStory, parseJson } from './index.ts';

test('numbers keep every digit', () => {
  const text = '{"a":100.00,"b":9007199254740993.10,"c":[-0.5,1e-7],"d":"x","e":null,"f":5}';
  expect(parseJson(text)).toEqual({ a: '100.00', b: '9007199254740993.10', c: ['-0.5', '1e-7'], d: 'x', e: null, f: '5' });
  expect(parseForStory(text)).toEqual({ a: '100.00', b: '9007199254740993.10', c: [-0.5, 1e-7], d: 'x', e: null, f: 5 });
  expect(parseJson('{"a":')).toBeUndefined();
});

test('a decimal text is sent as the number it is', () => {
  expect(JSON.stringify({ price: jsonNumber('9007199254740993.10'), stock: jsonNumber('-5') })).toBe(
    '{"price":9007199254740993.10,"stock":-5}',
  );
});

test.each(['', '1,5', '01', '1e5', 'NaN', '1}', ' 1'])('%p is no number to be sent', (digits) => {
  expect(() => jsonNumber(digits)).toThrow('is no plain number');
});
