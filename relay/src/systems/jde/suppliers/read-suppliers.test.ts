import type { JdeSupplier } from '../types.ts';
import { addSupplier, drain, openFake, supplierTables, tunnelError, type SampleSupplier } from '../testing/index.ts';
import { readPaymentTerms } from './payment-terms.ts';
import { readSuppliers } from './read-suppliers.ts';

const numbersOf = ({ items }: { items: JdeSupplier[] }) => items.map(({ number }) => number);
const several: SampleSupplier[] = ['998', '4343', '6001', '10002'].map((number) => ({ number }));
const many: SampleSupplier[] = Array.from({ length: 250 }, (_, index) => ({ number: String(900 + index) }));

function open(suppliers: SampleSupplier[] = several, settings: Record<string, unknown> = {}) {
  const opened = openFake(supplierTables(suppliers), settings);
  /** Changes one row of a table. */
  const change = (table: string, AN8: string, values: Record<string, string>) => {
    const row = opened.jde.tables[table]?.find((one) => one['AN8'] === AN8);
    if (!row) throw new Error(`${table} has no ${AN8}`);
    Object.assign(row, values);
  };
  return { ...opened, change, read: (more: Parameters<typeof opened.reading>[0] = {}) => drain(readSuppliers(opened.reading(more))) };
}

/** Loaded; `next` runs again some minutes later, as the engine does. */
async function loaded(suppliers: SampleSupplier[] = several) {
  const opened = open(suppliers);
  const { cursor: first } = await opened.read();
  let cursor = first;
  const next = async (minutes = 10) => {
    opened.clock.advance(minutes * 60_000);
    opened.jde.today = new Date(opened.clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
    const seen = await opened.read({ cursor });
    if (!seen.error) cursor = seen.cursor;
    return seen;
  };
  return { ...opened, next };
}

test('the first run loads every supplier once, in the order of numbers, and nobody else', async () => {
  const { read } = open([...many.toReversed(), { number: '905000', isSupplier: false }]);
  const seen = await read();
  expect(seen.sizes).toEqual([100, 100, 50, 0]);
  expect(numbersOf(seen)).toEqual(many.map(({ number }) => number));
  expect(seen.cursor).toMatchObject({ since: Date.UTC(2025, 2, 4, 12) });
});

test('a supplier is put together from all its tables', async () => {
  const { read } = open([
    {
      number: '6001',
      master: { TRAP: '030', CRRP: 'EUR', TXA2: 'DE19', EXR2: 'V', HDPY: 'Y', HOLD: 'B1', APC: 'FOR' },
      addressBook: { ALPH: 'MÜLLER & SÖHNE', ALKY: 'K-4711', TAX: 'DE812345678', TX2: '99/123', LNGP: 'G', AT1: 'V' },
      names: [
        { IDLN: '0', MLNM: 'Müller & Söhne GmbH' },
        { IDLN: '1', MLNM: "Séamus O'Brien" },
      ],
      addresses: [
        { EFTB: '20200101', ADD1: 'Alte Gasse 1', CTY1: 'Köln', CTR: 'DE' },
        { EFTB: '20250304', ADD1: 'Neue Straße 5', ADD2: 'Hinterhaus', ADDZ: '50667', CTY1: 'Köln', COUN: 'Köln', ADDS: 'NW', CTR: 'DE' },
        { EFTB: '20250305', ADD1: 'Zukunftsweg 7', CTY1: 'Bonn', CTR: 'DE' },
      ],
      phones: [
        { IDLN: '0', CNLN: '0', RCK7: '2', PHTP: 'FAX', AR1: '0221', PH1: '555-2' },
        { IDLN: '0', CNLN: '0', RCK7: '1', PHTP: '', AR1: '0221', PH1: '555-1' },
        { IDLN: '1', CNLN: '0', RCK7: '1', PHTP: 'CELL', AR1: '0170', PH1: '777' },
      ],
      electronicAddresses: [
        { IDLN: '1', RCK7: '1', ETP: 'E', EMAL: 'obrien@mueller.example', EHIER: '1' },
        { IDLN: '0', RCK7: '1', ETP: 'E', EMAL: 'spät@mueller.example', EHIER: '' },
        { IDLN: '0', RCK7: '2', ETP: 'E', EMAL: 'zuerst@mueller.example', EHIER: '1' },
        { IDLN: '0', RCK7: '3', ETP: 'I', EMAL: 'https://mueller.example', EHIER: '2' },
        { IDLN: '0', RCK7: '4', ETP: 'E', EMAL: '', EHIER: '1' },
        { IDLN: '0', RCK7: '5', ETP: 'S', EMAL: 'skype:mueller', EHIER: '1' },
      ],
    },
  ]);
  const { items } = await read();
  expect(items).toEqual([
    {
      number: '6001',
      alphaName: 'MÜLLER & SÖHNE',
      mailingName: 'Müller & Söhne GmbH',
      longNumber: 'K-4711',
      searchType: 'V',
      taxId: 'DE812345678',
      additionalTaxId: '99/123',
      language: 'G',
      address: {
        effectiveFrom: '20250304',
        lines: ['Neue Straße 5', 'Hinterhaus', '', ''],
        postalCode: '50667',
        city: 'Köln',
        county: 'Köln',
        state: 'NW',
        country: 'DE',
      },
      phones: [
        { type: '', prefix: '0221', number: '555-1' },
        { type: 'FAX', prefix: '0221', number: '555-2' },
      ],
      electronicAddresses: [
        { type: 'E', address: 'zuerst@mueller.example' },
        { type: 'I', address: 'https://mueller.example' },
        { type: 'E', address: 'spät@mueller.example' },
        { type: 'E', address: 'obrien@mueller.example' },
      ],
      master: {
        paymentTerms: '030',
        currency: 'EUR',
        taxArea: 'DE19',
        taxExplanation: 'V',
        glClass: 'FOR',
        isPaymentHeld: true,
        holdCode: 'B1',
      },
    },
  ]);
});

test.each([
  ['an address without a date has always been there', [{ EFTB: '', ADD1: 'Always' }], 'Always'],
  ['an address to come is not in effect', [{ EFTB: '20250401', ADD1: 'Later' }], undefined],
  ['no address is none', [], undefined],
])('%s', async (_what, addresses, line) => {
  const { items } = await open([{ number: '1', addresses }]).read();
  expect(items[0]?.address?.lines[0]).toBe(line);
});

test('the day is that of the user of the agent', async () => {
  const { jde, clock, read } = open([{ number: '1', addresses: [{ EFTB: '20250305', ADD1: 'Tomorrow' }] }]);
  clock.advance(15 * 3_600_000);
  jde.info.timeZoneOffset = 'UTC-07:00';
  expect((await read()).items[0]?.address).toBeUndefined();
  jde.info.timeZoneOffset = 'UTC+01:00';
  expect((await read()).items[0]?.address?.lines[0]).toBe('Tomorrow');
});

test('a load that breaks goes on after the last stored batch, and changes made meanwhile follow in the next run', async () => {
  const { jde, clock, change, read } = open(many);
  jde.beforeChunk = ({ table, afterFirstKey }) => {
    if (table === 'F0401' && afterFirstKey === '999') throw tunnelError('TUNNEL_LOST', 'uncertain');
  };
  const broken = await read();
  expect(broken.items).toHaveLength(100);
  expect(broken.error).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'retry' });

  jde.beforeChunk = () => undefined;
  change('F0101', '905', { UPMJ: '20250304', UPMT: '121500', ALPH: 'New name' });
  clock.advance(3_600_000);
  const resumed = await read({ cursor: broken.cursor });
  expect(numbersOf(resumed)).toEqual(many.slice(100).map(({ number }) => number));
  expect(numbersOf(await read({ cursor: resumed.cursor }))).toEqual(['905']);
});

test('a break inside the details of a batch loses nothing', async () => {
  const { jde, read } = open(many);
  jde.beforeChunk = ({ table }, rowsSent) => {
    if (table === 'F0116' && rowsSent === 99) throw tunnelError('DEADLINE', 'uncertain');
  };
  expect(await read()).toMatchObject({ items: [], cursor: undefined, error: { verdict: 'retry' } });
});

describe('after the load', () => {
  const now = { UPMJ: '20250304', UPMT: '120500' };

  test('a quiet system gives nothing and only moves the cursor', async () => {
    const { next, clock } = await loaded();
    const seen = await next();
    expect(seen).toMatchObject({ items: [], cursor: { since: clock.now() } });
  });

  test.each(['F0401', 'F0101', 'F0116', 'F0111'])('a change of nothing but %s is found', async (table) => {
    const { change, next } = await loaded();
    change(table, '6001', now);
    expect(numbersOf(await next())).toEqual(['6001']);
  });

  test.each([
    ['a phone', 'F0115', { AN8: '4343', IDLN: '0', CNLN: '0', RCK7: '1', PHTP: '', AR1: '303', PH1: '555', ...now }],
    ["a contact's e-mail", 'F01151', { AN8: '4343', IDLN: '2', RCK7: '1', ETP: 'E', EMAL: 'a@b.example', EHIER: '0', ...now }],
  ])('%s that was added is found', async (_what, table, row) => {
    const { jde, next } = await loaded();
    jde.tables[table]?.push(row);
    expect(numbersOf(await next())).toEqual(['4343']);
  });

  test('a customer who changes is none of ours; he is when he becomes a supplier', async () => {
    const { jde, change, next } = await loaded([...several, { number: '77', isSupplier: false }]);
    change('F0101', '77', now);
    expect((await next()).items).toEqual([]);
    jde.tables['F0401']?.push({ AN8: '77', TRAP: 'N30', CRRP: 'USD', HDPY: 'N', UPMJ: '20250304', UPMT: '122000' });
    expect(numbersOf(await next())).toEqual(['77']);
  });

  test('what changed is read a second time, as more may have changed within the same second, and then no more', async () => {
    const { jde, change, next } = await loaded();
    change('F0101', '6001', now);
    expect(numbersOf(await next())).toEqual(['6001']);
    expect(numbersOf(await next())).toEqual(['6001']);
    jde.queries.length = 0;
    expect((await next()).items).toEqual([]);
    expect(jde.queries.filter(({ where }) => where.some((one) => 'op' in one && one.op === 'IN'))).toEqual([]);
  });

  test('a second change on the same day is found by its time', async () => {
    const { change, next } = await loaded();
    change('F0101', '6001', now);
    await next();
    await next();
    change('F0101', '6001', { UPMT: '123500', ALPH: 'Again' });
    expect(await next()).toMatchObject({ items: [{ number: '6001', alphaName: 'Again' }] });
  });

  test('a change without a time is read with every run until its day is over', async () => {
    const { change, next } = await loaded();
    change('F0101', '6001', { UPMJ: '20250304', UPMT: '000000' });
    for (const _ of [1, 2, 3]) expect(numbersOf(await next())).toEqual(['6001']);
    await next(2 * 1440);
    await next();
    expect((await next()).items).toEqual([]);
  });

  test.each([1, 2])('a change dated back by %i days is found', async (days) => {
    const { change, next } = await loaded();
    change('F0101', '6001', { UPMJ: `2025030${4 - days}`, UPMT: '235900' });
    expect(numbersOf(await next())).toEqual(['6001']);
  });

  test('after a pause of weeks everything since the last run is found', async () => {
    const { change, next } = await loaded();
    change('F0401', '998', { UPMJ: '20250304', UPMT: '120001' });
    change('F0116', '10002', { UPMJ: '20250320', UPMT: '080000' });
    expect(numbersOf(await next(40 * 1440))).toEqual(['998', '10002']);
  });

  test('an address comes into effect although nothing changed', async () => {
    const { next } = await loaded([
      {
        number: '6001',
        addresses: [
          { EFTB: '20200101', ADD1: 'Old' },
          { EFTB: '20250305', ADD1: 'New' },
        ],
      },
    ]);
    await next();
    await next();
    expect((await next()).items).toEqual([]);
    expect((await next(1440)).items.map(({ address }) => address?.lines[0])).toEqual(['New']);
  });

  test('a list of changes that breaks goes on where it was, and what changed meanwhile follows', async () => {
    const { jde, clock, change, read, next } = await loaded(many);
    for (const { number } of many) change('F0101', number, now);
    let lists = 0;
    jde.beforeChunk = ({ table, where }, rowsSent) => {
      const isList = table === 'F0401' && where.some((one) => 'op' in one && one.op === 'IN');
      if (isList && rowsSent === 0 && ++lists === 2) throw tunnelError('TUNNEL_LOST', 'uncertain');
    };
    const broken = await next();
    expect(broken).toMatchObject({ error: { verdict: 'retry' }, cursor: { catchingUp: {} } });
    expect(broken.items).toHaveLength(100);

    const [early = ''] = numbersOf(broken);
    change('F0101', early, { UPMT: '121300' });
    clock.advance(600_000);
    const resumed = await read({ cursor: broken.cursor });
    const both = [...numbersOf(broken), ...numbersOf(resumed)];
    expect(both.toSorted()).toEqual(many.map(({ number }) => number).toSorted());
    expect(numbersOf(await read({ cursor: resumed.cursor }))).toContain(early);
  });

  test('a clock that stands before the last reading means that all are read', async () => {
    const { clock, progress, next } = await loaded();
    clock.advance(-3 * 86_400_000);
    expect(await next()).toMatchObject({ items: { length: 4 } });
    expect(progress.at(-1)).toContain('up to 10002');
    expect(progress.join()).toContain("the relay's clock stands before the last reading");
  });

  test('another environment in the settings means that all are read', async () => {
    const { cursor } = await open().read();
    const { jde, read } = open(several, { environment: 'JPY920' });
    jde.info.environment = 'JPY920';
    expect((await read({ cursor })).items).toHaveLength(4);
  });

  test('a cursor that cannot be read means that all are read', async () => {
    expect((await open().read({ cursor: { version: 7 } })).items).toHaveLength(4);
  });
});

test('a supplier without an address book entry blocks nobody else, is named, and is tried again until it is there', async () => {
  const { jde, read } = open();
  const [entry] = jde.tables['F0101']!.splice(2, 1);
  const first = await read();
  expect(numbersOf(first)).toEqual(['998', '4343', '10002']);
  expect(first.error).toMatchObject({ code: 'JDE_SUPPLIERS_UNREADABLE', verdict: 'refused', message: expect.stringContaining('6001') });
  const second = await read({ cursor: first.cursor });
  expect(second).toMatchObject({ items: [], cursor: { unread: ['6001'] }, error: { code: 'JDE_SUPPLIERS_UNREADABLE' } });
  jde.tables['F0101']!.push(entry!);
  expect(await read({ cursor: second.cursor })).toMatchObject({ items: [{ number: '6001' }], cursor: { unread: [] }, error: undefined });
});

test('an empty answer that hides addresses takes no address away', async () => {
  const { jde, read } = open();
  jde.emptyAnswers.add('F0116');
  const broken = await read();
  expect(broken).toMatchObject({ items: [], error: { code: 'JDE_ROWS_MISSING', verdict: 'retry' } });
  jde.emptyAnswers.clear();
  expect((await read({ cursor: broken.cursor })).items).toHaveLength(4);
});

test('a required column that is withheld stops everything and is named; an optional one comes empty', async () => {
  const { jde, read } = open([{ number: '6001', addressBook: { TAX: 'DE1' } }]);
  jde.withheld.add('F0101.TAX');
  expect((await read()).items).toMatchObject([{ number: '6001', taxId: '' }]);
  jde.withheld.add('F0401.TRAP');
  expect((await read()).error).toMatchObject({
    code: 'JDE_COLUMN_WITHHELD',
    verdict: 'halt',
    message: expect.stringContaining('F0401.TRAP'),
  });
});

describe('a sweep', () => {
  const linked = (...keys: string[]) => ({ mode: 'sweep' as const, linkedKeys: () => Promise.resolve(keys) });

  test('reads every supplier beside the cursor, also those whose change left no stamp, and names those that are gone', async () => {
    const { change, read } = open();
    change('F0101', '6001', { ALPH: 'Changed by SQL' });
    const seen = await read(linked('6001', '4711'));
    expect(numbersOf(seen)).toEqual(['998', '4343', '6001', '10002']);
    expect(seen).toMatchObject({ gone: ['4711'], cursor: undefined, error: undefined });
    expect(seen.items[2]?.alphaName).toBe('Changed by SQL');
  });

  test('a supplier created while it runs is not gone', async () => {
    const { jde, read } = open();
    jde.beforeChunk = ({ table, afterFirstKey }) => {
      if (table === 'F0401' && afterFirstKey === '10002') {
        jde.beforeChunk = () => undefined;
        addSupplier(jde.tables, { number: '50' });
      }
    };
    expect(await read(linked('50'))).toMatchObject({ gone: [], error: undefined });
  });

  test.each([
    ['all, because of row security', []],
    ['more than a tenth', several],
  ])('when %s are missing, nobody is gone and a person has to look', async (_what, suppliers) => {
    const { read } = open(suppliers);
    const numbers = Array.from({ length: 11 }, (_, index) => String(20_001 + index));
    expect(await read(linked(...numbers))).toMatchObject({ gone: [], error: { code: 'JDE_SUPPLIERS_VANISHED', verdict: 'refused' } });
  });

  test('whoever cannot be understood is not gone', async () => {
    const { jde, read } = open();
    jde.tables['F0101']!.splice(2, 1);
    expect(await read(linked('6001'))).toMatchObject({ gone: [], error: { code: 'JDE_SUPPLIERS_UNREADABLE' } });
  });
});

test('another environment than the connection names is not read', async () => {
  const { jde, read } = open();
  jde.info.environment = 'JPY920';
  expect(await read()).toMatchObject({ items: [], error: { code: 'JDE_OTHER_ENVIRONMENT', verdict: 'halt' } });
  expect(jde.queries).toEqual([]);
});

test('payment terms are codes with descriptions', async () => {
  const { jde, session, scope } = open();
  jde.tables['F0014'] = [
    { PTC: 'N30', PTD: 'Net 30 days' },
    { PTC: '', PTD: 'Due upon receipt' },
    { PTC: '2%', PTD: '' },
  ];
  expect(await readPaymentTerms(session, scope)).toEqual([
    { code: '2%', name: '2%' },
    { code: 'N30', name: 'Net 30 days' },
  ]);
});
