import type { Cin7PaymentTerm } from '../../systems/cin7-core/index.ts';
import { proposeTerm } from './propose-term.ts';

const term = (Name: string, Duration: number, Method = 'number of days'): Cin7PaymentTerm => ({
  ID: Name,
  Name,
  Duration,
  Method,
  IsActive: true,
  IsDefault: false,
});
const terms = [
  term('COD', 0),
  term('14 days', 14),
  term('14 days 2%, 30 days net', 30),
  term('30 days', 30),
  term('30 days end of month', 30, 'days since the end of the month'),
];

test.each([
  ['Payable immediately due net', 'COD'],
  ['within 30 days Due net', '30 days'],
  ['14 Tage 2 %, 30 Tage netto', '14 days 2%, 30 days net'],
  ['14 days 2 %, 30 days net', '14 days 2%, 30 days net'],
  ['within 14 days 2 % cash discount', undefined],
  ['30 DAYS END OF MONTH', '30 days end of month'],
  ['45 days end of month', undefined],
  ['within 90 days', undefined],
  ['', undefined],
])('%j is proposed as %j', (text, expected) => {
  expect(proposeTerm({ code: 'ZB01', name: text }, terms)[0]?.to).toBe(expected);
});
