import { assert, property, string } from 'fast-check';
import { canonicalHash, canonicalJson } from './canonical-hash.ts';

test('the order of fields and absent fields do not matter', () => {
  expect(canonicalHash({ b: [1, { y: 'ü', x: null }], a: '1' })).toBe(canonicalHash({ a: '1', c: undefined, b: [1, { x: null, y: 'ü' }] }));
});

test.each([
  [{ a: [1, 2] }, { a: [2, 1] }],
  [{ a: '1' }, { a: 1 }],
  [{ a: '' }, {}],
  [{ a: null }, {}],
  [
    ['ab', 'c'],
    ['a', 'bc'],
  ],
])('%j and %j differ', (one, other) => {
  expect(canonicalHash(one)).not.toBe(canonicalHash(other));
});

test('what JSON cannot carry is refused', () => {
  expect(() => canonicalJson({ a: Number.NaN })).toThrow('no canonical form');
  expect(() => canonicalJson({ a: () => 1 })).toThrow('no canonical form');
  expect(() => canonicalJson(1n)).toThrow('no canonical form');
});

test('the form is stable over releases, since hashes are stored', () => {
  expect(canonicalJson({ z: 1.5, a: [true, undefined, { d: 'O\'Brien "x"' }], when: new Date(0) })).toBe(
    '{"a":[true,null,{"d":"O\'Brien \\"x\\""}],"when":"1970-01-01T00:00:00.000Z","z":1.5}',
  );
  expect(canonicalHash({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});

test('any text is written as JSON.stringify writes it', () => {
  const odd = [
    '',
    '"',
    '\\',
    '\u0000',
    '\u001f',
    '\u007f',
    '\u2028',
    '\ud800',
    'a\udc00b',
    '😀',
    '漢字',
    "O'Brien & Söhne",
    '[',
    ']',
    '!',
    '#',
  ];
  for (const text of odd) expect(canonicalJson({ [text]: text })).toBe(JSON.stringify({ [text]: text }));
  assert(property(string({ unit: 'binary' }), (text) => canonicalJson(text) === JSON.stringify(text)));
});
