import { seedTables } from './index.ts';

const tables = seedTables(1000, 1);
const rows = (name: string): Record<string, string>[] => tables[name] ?? [];
const names = rows('LFA1').map(({ NAME1 = '' }) => NAME1);

test('the same seed gives the same vendors, another one others', () => {
  expect(seedTables(50, 7)).toEqual(seedTables(50, 7));
  expect(seedTables(50, 7)).not.toEqual(seedTables(50, 8));
});

test.each([
  ['an apostrophe', /O'Brien/],
  ['a pipe', /\|/],
  ['a quote', /"/],
  ['a leading blank', /^ /],
  ['an umlaut', /ü/],
  ['Chinese', /有限公司/],
  ['Greek', /[Α-ω]/],
  ['Czech', /ř/],
  ['all 35 characters', /^.{35}$/u],
])('there is a name with %s', (_what, pattern) => {
  expect(names.some((name) => pattern.test(name))).toBe(true);
});

test('two vendors share a name', () => {
  expect(names.filter((name) => name === 'Schmidt Logistik GmbH')).toHaveLength(2);
});

test('there are one-time vendors, blocks, deletion flags, missing and several e-mails, PO boxes, several company codes', () => {
  const count = (name: string, has: (row: Record<string, string>) => boolean): number => rows(name).filter(has).length;
  expect(count('LFA1', ({ XCPDK }) => XCPDK === 'X')).toBeGreaterThan(5);
  expect(count('LFA1', ({ LOEVM }) => LOEVM === 'X')).toBeGreaterThan(5);
  expect(count('LFA1', ({ SPERR }) => SPERR === 'X')).toBeGreaterThan(5);
  expect(count('LFA1', ({ PFACH, STRAS }) => PFACH !== '' && STRAS === '')).toBeGreaterThan(20);
  expect(count('LFB1', ({ ZTERM }) => ZTERM === 'Z090')).toBeGreaterThan(1);
  expect(rows('LFB1').length).toBeGreaterThan(1100);
  const emails = new Map<string, number>();
  const addresses = new Set(rows('LFA1').map(({ ADRNR }) => ADRNR));
  for (const { ADDRNUMBER = '' } of rows('ADR6').filter((row) => addresses.has(row['ADDRNUMBER'])))
    emails.set(ADDRNUMBER, (emails.get(ADDRNUMBER) ?? 0) + 1);
  expect(emails.size).toBeLessThan(900);
  expect(Math.max(...emails.values())).toBe(3);
});

test('every currency that makes amounts special is there', () => {
  expect(new Set(rows('LFM1').map(({ WAERS }) => WAERS))).toEqual(new Set(['EUR', 'USD', 'CHF', 'JPY', 'KWD']));
});
