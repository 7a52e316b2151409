import { environmentOf, fullNumber, jdeSupplierWords } from './words.ts';

const words = jdeSupplierWords('JPD920', ['JPD910']);

test.each<[string, string, string | undefined]>([
  ['its own mark', 'JDE supplier 6001 (JPD920)', '6001 (JPD920)'],
  ['a mark between words of people', 'call first\njde supplier 06001 (jpd920), key account', '6001 (JPD920)'],
  ['the mark of a former environment', 'JDE supplier 6001 (JPD910)', '6001 (JPD920)'],
  ['the mark of another environment', 'JDE supplier 6001 (JDV920)', '6001 (JDV920)'],
  ['a number without environment, which is nobody’s', 'JDE supplier 6001', undefined],
  ['another number', 'JDE supplier 60011 (JPD920)', '60011 (JPD920)'],
  ['no number', 'JDE supplier unknown (JPD920)', undefined],
  ['nothing', '', undefined],
])('comments with %s', (_what, comments, expected) => {
  expect(words.inComment(comments)).toBe(expected);
});

test('what stands in the first attribute and is no number belongs to somebody else', () => {
  expect(words.inAttribute('6001 (JPD920)')).toBe('6001 (JPD920)');
  expect(words.inAttribute('gold')).toBe('gold');
});

test('a full number is written, read and shortened', () => {
  const number = fullNumber({ number: '6001', environment: 'JPD920' });
  expect([number, words.short(number), environmentOf(number), words.comment(number)]).toEqual([
    '6001 (JPD920)',
    '6001',
    'JPD920',
    'JDE supplier 6001 (JPD920)',
  ]);
});
