import { askedAccounts } from './codes.ts';
import { proposeAccount } from './propose.ts';
import { accountFlowSettings } from './settings.ts';
import { account } from './testing/samples.ts';

const cin7 = [
  { Code: '090', Name: 'Business Bank Account' },
  { Code: '310', Name: 'Cost of Goods Sold' },
  { Code: '425', Name: 'Freight & Courier' },
  { Code: '610', Name: 'Trade Receivables' },
  { Code: '1110', Name: 'Petty Cash' },
  { Code: '4711', Name: 'Größere Reparaturen' },
];

test.each<[string, { code: string; name: string }, { to: string; why: string }[]]>([
  ['code and name', { code: '1110', name: 'PETTY CASH' }, [{ to: '1110', why: 'same code and name' }]],
  ['code, with leading zeros', { code: '00310', name: 'Cost of goods sold' }, [{ to: '310', why: 'same code and name' }]],
  ['code with another name', { code: '425', name: 'Insurance' }, [{ to: '425', why: 'same code, other name: Freight & Courier' }]],
  [
    'code with another name, and another account of that name: a person decides',
    { code: '1110', name: 'Trade receivables' },
    [
      { to: '1110', why: 'same code, other name: Petty Cash' },
      { to: '610', why: 'same name' },
    ],
  ],
  ['name, whatever case and signs', { code: '7100', name: 'freight and courier' }, [{ to: '425', why: 'similar name: Freight & Courier' }]],
  ['name with umlauts', { code: '7200', name: 'GRÖSSERE  Reparaturen' }, []],
  ['name with umlauts, as it is', { code: '7200', name: 'größere reparaturen' }, [{ to: '4711', why: 'same name' }]],
  ['name, shortened', { code: '1210', name: 'Trade Receiv.' }, [{ to: '610', why: 'similar name: Trade Receivables' }]],
  ['nothing in common', { code: '9999', name: 'Miscellaneous' }, []],
  ['no name', { code: '9999', name: '' }, []],
])('proposals by %s', (_what, one, expected) => {
  expect(proposeAccount(one, cin7)).toEqual(expected.map((proposal) => ({ from: one.code, ...proposal })));
});

test('one code is asked for all business units, under the name that most give it; closed ones and titles are not asked for', () => {
  const accounts = [
    account({ businessUnit: '30', description: 'Cash' }),
    account({ businessUnit: '40', description: 'Petty cash' }),
    account({ businessUnit: '50', description: 'Petty cash' }),
    account({ businessUnit: '30', subsidiary: 'BEAR', description: 'Bear Creek National Bank' }),
    account({ object: '1200', postingEdit: 'I' }),
    account({ object: '1000', levelOfDetail: '1' }),
  ];
  expect(askedAccounts(accounts, accountFlowSettings.parse({}))).toEqual([{ code: '1110', name: 'Petty cash' }]);
  expect(askedAccounts(accounts, accountFlowSettings.parse({ accountsBy: 'object-and-subsidiary' }))).toEqual([
    { code: '1110', name: 'Petty cash' },
    { code: '1110.BEAR', name: 'Bear Creek National Bank' },
  ]);
});
