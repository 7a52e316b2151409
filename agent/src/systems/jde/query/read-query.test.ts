import { SystemError, type JdeChunk, type JdeQuery } from '@ml-connector/shared';
import { fakeBrowse, type FakeTable } from '../testing/fake-browse.ts';
import { readQuery } from './read-query.ts';

const formats = { dateFormat: 'dd/MM/yyyy', decimalFormat: '.' };

async function read(table: FakeTable, request: Partial<JdeQuery> & { key: string[] }, pageRows = 10) {
  const { browse, calls } = fakeBrowse(table);
  const chunks: JdeChunk[] = [];
  const fields = request.fields ?? [...request.key, 'V'];
  const query: JdeQuery = { system: 'JPD', table: 'F4311', fields, where: [], ...request };
  const emit = async (chunk: Buffer): Promise<void> => void chunks.push(JSON.parse(chunk.toString('utf8')) as JdeChunk);
  const end = await readQuery(query, { browse, formats, decimals: {}, pageRows, emit });
  return { end, calls, chunks, rows: chunks.flatMap((chunk) => chunk.rows) };
}

const suppliers = (count: number) => Array.from({ length: count }, (_, n) => ({ AN8: (n + 1) * 7, V: `Müller ${n}` }));
/** So many lines per order. */
const orders = (...lines: number[]) =>
  lines.flatMap((count, n) => Array.from({ length: count }, (_, line) => ({ DOCO: 4501 + n, LNID: line + 1, V: `${n}-${line}` })));
const shuffled = <Item>(items: Item[], seed = 7): Item[] => {
  let state = seed;
  const key = new Map(items.map((item) => [item, (state = (state * 48_271) % 2_147_483_647)]));
  return items.toSorted((one, other) => (key.get(one) ?? 0) - (key.get(other) ?? 0));
};

test.each([0, 1, 9, 10, 11, 20, 105])('a table of %i rows comes whole, in order, each row once', async (count) => {
  const rows = suppliers(count);
  const { end, ...answer } = await read({ rows: shuffled(rows) }, { key: ['AN8'] });
  expect(answer.rows).toEqual(rows.map(({ AN8, V }) => [String(AN8), V]));
  expect(end).toEqual({ rows: count, calls: Math.max(1, Math.ceil(count / 10)) });
});

test('pages go on above the last key, as a number', async () => {
  const { calls } = await read({ rows: suppliers(25) }, { key: ['AN8'] });
  expect(calls).toEqual([
    { above: undefined, maxRows: 10 },
    { above: '70', maxRows: 10 },
    { above: '140', maxRows: 10 },
  ]);
});

test.each([
  ['orders of one line', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
  ['an order that crosses a page', [4, 4, 4, 4, 4]],
  ['an order as long as a page', [10, 10, 10]],
  ['an order longer than a page', [3, 12, 3]],
  ['an order of many pages', [2, 95, 2]],
  ['the last order longer than a page', [2, 3, 40]],
  ['nothing but one long order', [33]],
])('all lines come once, in order: %s', async (_what, lines) => {
  const rows = orders(...lines);
  const answer = await read({ rows: shuffled(rows) }, { key: ['DOCO', 'LNID'] });
  expect(answer.rows).toEqual(rows.map(({ DOCO, LNID, V }) => [String(DOCO), String(LNID), V]));
});

test('the lines of an order come from one answer, whatever changes between two of them', async () => {
  const rows = orders(4, 4, 4, 4);
  const table: FakeTable = {
    rows,
    // Somebody adds a first line to the third order after the first page was read, which had two of its lines.
    onCall: (calls) => void (calls === 1 && rows.push({ DOCO: 4503, LNID: 0, V: 'new' })),
  };
  const answer = await read(table, { key: ['DOCO', 'LNID'] });
  expect(answer.rows.filter(([doco]) => doco === '4503').map(([, line]) => line)).toEqual(['0', '1', '2', '3', '4']);
});

test('the page is as before again behind a long order', async () => {
  const { calls } = await read({ rows: orders(2, 95, 2, 2, 2, 2, 2) }, { key: ['DOCO', 'LNID'] });
  expect(calls.map(({ maxRows }) => maxRows)).toEqual([10, 10, 20, 40, 80, 160]);
  const after = await read({ rows: orders(25, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2) }, { key: ['DOCO', 'LNID'] });
  expect(after.calls.map(({ maxRows }) => maxRows)).toEqual([10, 20, 40, 10]);
});

test('an order that no page holds is an error in time', async () => {
  const rows = Array.from({ length: 33_000 }, (_, n) => ({ DOCO: 4501, LNID: n + 1, V: '' }));
  await expect(read({ rows }, { key: ['DOCO', 'LNID'] }, 5000)).rejects.toMatchObject({
    code: 'JDE_GROUP_TOO_LARGE',
    message: expect.stringContaining('4501') as unknown,
  });
});

test('a server whose own limit is below the lines of an order is an error in time', async () => {
  for (const maxRows of [undefined, 13]) {
    const request = { key: ['DOCO', 'LNID'], ...(maxRows ? { maxRows } : {}) };
    await expect(read({ rows: orders(3, 12), mostRows: 7 }, request)).rejects.toMatchObject({
      code: 'JDE_GROUP_TOO_LARGE',
      fix: expect.stringMatching(/jas\.ini/) as unknown,
    });
  }
});

test('a server that sends less than asked for is read on', async () => {
  const { rows } = await read({ rows: suppliers(25), mostRows: 4 }, { key: ['AN8'] });
  expect(rows).toHaveLength(25);
});

test('only so many rows as wanted are read', async () => {
  const one = await read({ rows: suppliers(25) }, { key: ['AN8'], maxRows: 13 });
  expect([one.rows.length, one.calls.map(({ maxRows }) => maxRows)]).toEqual([13, [10, 3]]);
  const lines = await read({ rows: orders(3, 12, 3) }, { key: ['DOCO', 'LNID'], maxRows: 7 });
  expect(lines.rows.map(([doco, line]) => `${doco}/${line}`)).toEqual([
    '4501/1',
    '4501/2',
    '4501/3',
    '4502/1',
    '4502/2',
    '4502/3',
    '4502/4',
  ]);
});

test('however many rows are wanted, they are the first ones', async () => {
  const rows = orders(3, 12, 1, 9);
  for (let maxRows = 1; maxRows <= rows.length + 1; maxRows++) {
    const answer = await read({ rows: shuffled(rows) }, { key: ['DOCO', 'LNID'], maxRows }, 5);
    expect(answer.rows.map(([, , value]) => value)).toEqual(rows.slice(0, maxRows).map(({ V }) => V));
  }
});

test('reading can begin behind a key', async () => {
  const { rows, calls } = await read({ rows: suppliers(5) }, { key: ['AN8'], afterFirstKey: '21' });
  expect(rows.map(([key]) => key)).toEqual(['28', '35']);
  expect(calls[0]?.above).toBe('21');
});

test('keys that are texts go by the order of the server, whichever it is', async () => {
  const rows = ['', '00001', 'A1', 'a1', 'B-7', 'N30', 'Z', '1/2'].map((PTC) => ({ PTC, V: PTC }));
  const german = new Intl.Collator('de').compare;
  const byGerman = (one: unknown, other: unknown): number => german(one as string, other as string);
  for (const compare of [undefined, byGerman]) {
    const answer = await read({ rows: shuffled(rows), ...(compare ? { compare } : {}) }, { key: ['PTC'] }, 3);
    expect(new Set(answer.rows.map(([key]) => key))).toEqual(new Set(rows.map(({ PTC }) => PTC)));
    expect(answer.rows).toHaveLength(rows.length);
  }
});

test('numbers that AIS sorts as texts are noticed before a row is lost', async () => {
  const asText = (one: unknown, other: unknown): number => (String(one) < String(other) ? -1 : 1);
  await expect(read({ rows: suppliers(25), compare: asText }, { key: ['AN8'] })).rejects.toMatchObject({
    code: 'JDE_ROWS_UNSORTED',
    verdict: 'refused',
  });
});

test('a server that does not sort is noticed, unless all came at once', async () => {
  const rows = suppliers(15).toReversed();
  await expect(read({ rows, isUnsorted: true }, { key: ['AN8'] })).rejects.toMatchObject({ code: 'JDE_ROWS_UNSORTED' });
  const answer = await read({ rows, isUnsorted: true }, { key: ['AN8'] }, 50);
  expect(answer.rows.map(([key]) => Number(key))).toEqual(suppliers(15).map(({ AN8 }) => AN8));
});

test('a server that begins anew with each page does not keep the agent reading for ever', async () => {
  const rows = suppliers(25);
  const compare = (one: unknown, other: unknown): number => (other === 70 ? 1 : (one as number) - (other as number));
  await expect(read({ rows, compare }, { key: ['AN8'] })).rejects.toMatchObject({ code: 'JDE_ROWS_UNSORTED' });
});

test('a key that several rows have is refused before one of them is lost', async () => {
  const rows = [...suppliers(12), { AN8: 7, V: 'twice' }];
  await expect(read({ rows }, { key: ['AN8'] })).rejects.toMatchObject({ code: 'JDE_KEY_NOT_UNIQUE' });
});

test('a column that security hides is left out, also from one page to the next', async () => {
  const onCall = (calls: number) => (calls === 1 ? { columns: ['AN8'] } : undefined);
  const { chunks } = await read({ rows: suppliers(25), onCall }, { key: ['AN8'] });
  expect(chunks.map(({ fields, rows }) => [fields.join(), rows.length])).toEqual([
    ['AN8,V', 10],
    ['AN8', 10],
    ['AN8,V', 5],
  ]);
});

test('a hidden key is an error, as its rows could not be told apart', async () => {
  const onCall = () => ({ columns: ['DOCO', 'V'] });
  await expect(read({ rows: orders(2), onCall }, { key: ['DOCO', 'LNID'] })).rejects.toMatchObject({
    code: 'JDE_COLUMN_HIDDEN',
    fix: expect.stringMatching(/F4311\.LNID.*P00950/) as unknown,
  });
});

test.each([
  ['the key is not read', { key: ['AN8'], fields: ['V'] }, 'JDE_REQUEST_INVALID'],
  ['a field stands twice', { key: ['AN8'], fields: ['AN8', 'AN8'] }, 'JDE_REQUEST_INVALID'],
  ['a field is of another table', { key: ['AN8'], fields: ['AN8', 'F0101.ALPH'] }, 'JDE_REQUEST_INVALID'],
])('it is refused when %s', async (_what, request, code) => {
  await expect(read({ rows: [] }, request)).rejects.toMatchObject({ code, verdict: 'refused' });
});

test('more rows without any is asked for again, not taken as the end', async () => {
  await expect(read({ rows: [], onCall: () => ({ hasMore: true }) }, { key: ['AN8'] })).rejects.toMatchObject({ verdict: 'retry' });
});

test.each(['JDE_RESULT_EXPIRED', 'JDE_CONNECTION_LOST', 'JDE_ANSWER_UNREADABLE'])(
  'a page lost by %s is asked for again, but not for ever',
  async (code) => {
    const expiring = (times: number) => (calls: number) => {
      if (calls < times) throw new SystemError(code, 'retry', 'lost');
      return undefined;
    };
    let turn = 0;
    const onCall = () => expiring(2)(turn++);
    expect((await read({ rows: suppliers(5), onCall }, { key: ['AN8'] })).rows).toHaveLength(5);
    await expect(read({ rows: suppliers(5), onCall: () => expiring(9)(0) }, { key: ['AN8'] })).rejects.toMatchObject({
      code,
    });
  },
);

test('the next page is asked for while one is sent, and no more than that', async () => {
  const { browse, calls } = fakeBrowse({ rows: suppliers(100) });
  const sent: number[] = [];
  const emit = async (): Promise<void> => void sent.push(calls.length);
  const query: JdeQuery = { system: 'JPD', table: 'F0101', fields: ['AN8', 'V'], key: ['AN8'], where: [] };
  const long = 'x'.repeat(30_000);
  const { browse: wide } = fakeBrowse({ rows: suppliers(100).map((row) => ({ ...row, V: long })) });
  const browseWide: typeof browse = async (request, facts) => {
    await browse(request, facts);
    return wide(request, facts);
  };
  await readQuery(query, { browse: browseWide, formats, decimals: {}, pageRows: 10, emit });
  expect(sent.length).toBeGreaterThan(8);
  sent.forEach((asked, index) => expect(asked).toBeLessThanOrEqual(index + 3));
  expect(sent[0]).toBe(2);
});
