import { messageClass } from './message-class.ts';

const record = { key: '0000100123', label: "O'Brien Imports" };

test.each([
  ['the own key, also without zeros', 'vendor 0000100123 (100123) was refused', 'vendor … (…) was refused'],
  ['the own name', "a supplier O'Brien Imports exists already", 'a supplier … exists already'],
  ['numbers and amounts', 'line 17 of 999: 1,190.50 EUR is above 500', 'line … of …: … EUR is above …'],
  ['ids of the target', 'task 4f3c2b1a-1111-4222-8333-444455556666 is gone', 'task … is gone'],
  ['codes', 'account 1000/4711 and account ZB30 are not mapped', 'account … and account … are not mapped'],
  ['quoted names', 'term "30 days" and term \'Größe\' are unknown', 'term … and term … are unknown'],
  ['lists of codes of any length', 'no entry for 4711, 4712 and 4713 yet', 'no entry for … yet'],
  ['days', 'the period of 2026-05-31 is closed', 'the period of … is closed'],
])('%s do not count', (_what, message, expected) => {
  expect(messageClass(message, record)).toBe(expected);
});

test('what is different in itself stays different', () => {
  const of = (message: string) => messageClass(message, record);
  expect(of('the tax rule is unknown')).not.toBe(of('the payment term is unknown'));
  expect(of("the vendor's name doesn't fit")).toBe("the vendor's name doesn't fit");
});
