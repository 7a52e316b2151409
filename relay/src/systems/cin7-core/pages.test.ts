import { testScope } from '../testing/index.ts';
import type { Cin7Client } from './client.ts';
import { readAll } from './pages.ts';

const limit = 2;
const request = { path: 'purchaseList', key: 'PurchaseList', limit, doing: 'listing the purchases' };

/** Answers pages of `rows`, which `between` may change before each call. */
function listing(rows: string[], between: (call: number) => void = () => undefined): { client: Cin7Client; calls: string[] } {
  const calls: string[] = [];
  const client: Cin7Client = ({ query }) => {
    between(calls.length);
    calls.push(query?.['Page'] ?? '');
    const start = (Number(query?.['Page']) - 1) * limit;
    const page = rows.slice(start, start + limit).map((ID) => ({ ID }));
    return Promise.resolve({ Total: String(rows.length), PurchaseList: page });
  };
  return { client, calls };
}

const idsOf = async ({ client }: ReturnType<typeof listing>) => (await readAll(client, request, testScope())).map(({ ID }) => ID);

test('all pages are read; what comes twice because rows were added counts once', async () => {
  const rows = ['a', 'b', 'c', 'd', 'e'];
  expect(await idsOf(listing(rows))).toEqual(rows);
  const growing = [...rows];
  expect(await idsOf(listing(growing, (call) => void (call === 1 && growing.unshift('z'))))).toEqual(rows);
});

test('rows that move up, since one before them left the list, are not missed', async () => {
  const rows = ['a', 'b', 'c'];
  const left = listing(rows, (call) => void (call === 1 && rows.shift()));
  expect(await idsOf(left)).toEqual(['b', 'c']);
  expect(left.calls).toEqual(['1', '2', '1']);
});

test('a list that never stands still is read later', async () => {
  const rows = Array.from({ length: 100 }, (_, index) => String(index));
  await expect(idsOf(listing(rows, (call) => void (call > 0 && rows.shift())))).rejects.toMatchObject({ verdict: 'retry' });
});
