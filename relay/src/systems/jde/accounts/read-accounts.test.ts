import { drain, openFake } from '../testing/index.ts';
import { readAccounts, type AccountReading } from './read-accounts.ts';

const longAgo = { UPMJ: '20200115', UPMT: '101500' };
const accounts = Array.from({ length: 620 }, (_, index) => ({
  AID: String(index + 1).padStart(8, '0'),
  CO: index < 600 ? '00200' : '00300',
  MCU: '30',
  OBJ: String(6000 + index),
  DL01: `Account ${index + 1}`,
  ...longAgo,
}));

function open() {
  const opened = openFake({ F0901: accounts.map((account) => ({ ...account })) });
  const read = (more: Partial<AccountReading> = {}) => drain(readAccounts({ ...opened.reading(), companies: ['200'], ...more }));
  return { ...opened, read };
}

test('the first run loads the accounts of the chosen companies in the order of their ids', async () => {
  const { jde, read } = open();
  Object.assign(jde.tables['F0901']![0]!, { SUB: '010', ANS: '4000.10', LDA: '6', PEC: 'I', CRCD: 'EUR', DL01: 'Bürobedarf' });
  const { items, sizes } = await read();
  expect(sizes).toEqual([500, 100, 0]);
  expect(items.map(({ id }) => id)).toEqual(accounts.slice(0, 600).map(({ AID }) => AID));
  expect(items[0]).toEqual({
    id: '00000001',
    company: '00200',
    businessUnit: '30',
    object: '6000',
    subsidiary: '010',
    thirdNumber: '4000.10',
    description: 'Bürobedarf',
    levelOfDetail: '6',
    postingEdit: 'I',
    currency: 'EUR',
  });
});

test('then what changed, of the chosen companies', async () => {
  const { jde, read } = open();
  const { cursor } = await read();
  for (const at of [41, 42, 610]) Object.assign(jde.tables['F0901']![at]!, { UPMJ: '20250304', UPMT: '130000', PEC: 'I' });
  const { items } = await read({ cursor });
  expect(items).toMatchObject([
    { id: '00000042', postingEdit: 'I' },
    { id: '00000043', postingEdit: 'I' },
  ]);
});

test('a sweep reads all and names those that are gone', async () => {
  const { jde, read } = open();
  jde.tables['F0901']!.splice(4, 1);
  const linkedKeys = () => Promise.resolve(['00000005', '00000006', '00000610']);
  const seen = await read({ mode: 'sweep', linkedKeys });
  expect(seen).toMatchObject({ gone: ['00000005'], cursor: undefined });
  expect(seen.items).toHaveLength(599);
});

test('a row policy of the agent that knows the chosen companies only is enough', async () => {
  const { jde, read } = open();
  jde.allowedRows.set('F0901.CO', ['00200']);
  const { cursor } = await read();
  jde.tables['F0901']!.splice(4, 1);
  expect((await read({ cursor })).error).toBeUndefined();
  const linkedKeys = () => Promise.resolve(['00000005', '00000006']);
  expect(await read({ mode: 'sweep', linkedKeys })).toMatchObject({ gone: ['00000005'], error: undefined });
});
