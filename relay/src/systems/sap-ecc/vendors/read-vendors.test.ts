import { silentLog, systemClock, type SapMoment } from '@ml-connector/shared';
import type { Exchange } from '../../system.ts';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, tunnelError, type FakeSap } from '../testing/fake-sap.ts';
import { addVendor, padded, vendorTables, type SampleVendor } from '../testing/vendor-data.ts';
import { addressNumbersIn } from './changes.ts';
import { readFrom } from '../overlap.ts';
import type { VendorCursor } from './cursor.ts';
import { readVendors, type VendorBatch, type VendorReading } from './read-vendors.ts';

function open(vendors: SampleVendor[], settings: Record<string, unknown> = {}) {
  const sap = fakeSap(vendorTables(vendors));
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD', changeOverlapMinutes: 10, ...settings }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  const exchanges: Exchange[] = [];
  const scope = { signal: new AbortController().signal, context: {}, trace: (exchange: Exchange) => void exchanges.push(exchange) };
  const read = (more: Partial<VendorReading> = {}) =>
    readVendors({
      session,
      scope,
      mode: 'changes',
      cursor: null,
      source: 'auto',
      language: 'EN',
      companyCodes: [],
      purchasingOrganisations: [],
      progress: () => undefined,
      ...more,
    });
  return { sap, session, scope, exchanges, read };
}

/** Everything a reading gives, and the last cursor. Stops at an error, as the engine does. */
async function drain(batches: AsyncIterable<VendorBatch>, started?: VendorCursor) {
  const seen = {
    numbers: [] as string[],
    vendors: [] as VendorBatch['vendors'],
    gone: [] as string[],
    cursor: started,
    error: undefined as unknown,
  };
  try {
    for await (const { vendors, gone, cursor } of batches) {
      seen.vendors.push(...vendors);
      seen.numbers.push(...vendors.map(({ number }) => number));
      seen.gone.push(...gone);
      if (cursor) seen.cursor = cursor;
    }
  } catch (error) {
    seen.error = error;
  }
  return seen;
}

function changed(sap: FakeSap, objectId: string, at: SapMoment, objectClass = 'KRED'): void {
  const CHANGENR = padded((sap.tables['CDHDR']?.length ?? 0) + 1);
  sap.tables['CDHDR']?.push({ OBJECTCLAS: objectClass, OBJECTID: objectId, CHANGENR, UDATE: at.date, UTIME: at.time, CHANGE_IND: 'U' });
}

const many = Array.from({ length: 450 }, (_, index) => ({ number: padded(100001 + index) }));

test('the first run loads every vendor once, in key order, in batches of 200', async () => {
  const { read } = open(many.toReversed());
  const sizes: number[] = [];
  const numbers: string[] = [];
  for await (const { vendors } of read()) {
    sizes.push(vendors.length);
    numbers.push(...vendors.map(({ number }) => number));
  }
  expect(sizes).toEqual([200, 200, 50, 0]);
  expect(numbers).toEqual(many.map(({ number }) => number));
});

test('a load that breaks goes on after the last stored batch, and changes made meanwhile follow in the next run', async () => {
  const { sap, read } = open(many);
  sap.now = { date: '20240131', time: '100000' };
  sap.beforeChunk = ({ table, afterKey }) => {
    if (table === 'LFA1' && afterKey?.[0] === padded(100200)) throw tunnelError('TUNNEL_LOST', 'uncertain');
  };
  const broken = await drain(read());
  expect(broken.numbers).toHaveLength(200);
  expect(broken.error).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'retry' });

  sap.beforeChunk = () => undefined;
  sap.now = { date: '20240131', time: '120000' };
  changed(sap, padded(100005), { date: '20240131', time: '110000' });
  const resumed = await drain(read({ cursor: broken.cursor }));
  expect(resumed.numbers).toEqual(many.slice(200).map(({ number }) => number));
  const next = await drain(read({ cursor: resumed.cursor }));
  expect(next.numbers).toEqual([padded(100005)]);
});

test('a break inside the details of a batch loses nothing', async () => {
  const { sap, read } = open(many);
  sap.beforeChunk = ({ table }, rowsSent) => {
    if (table === 'LFB1' && rowsSent === 99) throw tunnelError('DEADLINE', 'uncertain');
  };
  const broken = await drain(read());
  expect(broken).toMatchObject({ numbers: [], cursor: undefined, error: { verdict: 'retry' } });
});

describe('after the load', () => {
  async function loaded(
    vendors: SampleVendor[] = [{ number: padded(1) }, { number: padded(2), address: { NAME1: 'Zweite AG' } }, { number: padded(3) }],
  ) {
    const opened = open(vendors);
    const { cursor } = await drain(opened.read());
    const next = async (time: string, date = '20240131') => {
      opened.sap.now = { date, time };
      return drain(opened.read({ cursor }));
    };
    return { ...opened, cursor, next };
  }

  test('a quiet system gives nothing and only moves the cursor', async () => {
    const { next } = await loaded();
    expect(await next('102500')).toMatchObject({ numbers: [], cursor: { changesSince: { date: '20240131', time: '102500' } } });
  });

  test('a vendor changed twice is read once', async () => {
    const { sap, next } = await loaded();
    changed(sap, padded(3), { date: '20240131', time: '101600' });
    changed(sap, padded(3), { date: '20240131', time: '101700' });
    expect((await next('102500')).numbers).toEqual([padded(3)]);
  });

  test.each([
    ['the number alone', '9000000002'],
    ['client and number', '1009000000002'],
    ['owner, blanks and number', 'LFA1      9000000002'],
  ])('a change of nothing but the address is found, OBJECTID being %s', async (_form, objectId) => {
    const { sap, next } = await loaded();
    changed(sap, objectId, { date: '20240131', time: '101600' }, 'ADRESSE');
    expect((await next('102500')).numbers).toEqual([padded(2)]);
  });

  test('an address of a customer changes no vendor', async () => {
    const { sap, next } = await loaded();
    changed(sap, '7777777777', { date: '20240131', time: '101600' }, 'ADRESSE');
    expect((await next('102500')).numbers).toEqual([]);
  });

  test('a vendor created without a change document is found by its creation date, and read once that day', async () => {
    const { sap, read, next } = await loaded();
    addVendor(sap.tables, { number: padded(4), general: { ERDAT: '20240131' } });
    const found = await next('102500');
    expect(found.numbers).toEqual([padded(4)]);
    sap.now = { date: '20240131', time: '103500' };
    const again = await drain(read({ cursor: found.cursor }));
    expect(again.numbers).toEqual([]);
    changed(sap, padded(4), { date: '20240131', time: '104000' });
    sap.now = { date: '20240131', time: '104500' };
    expect((await drain(read({ cursor: again.cursor }))).numbers).toEqual([padded(4)]);
  });

  test('the overlap catches a change that was stamped before and saved after the last run', async () => {
    const { sap, read, next } = await loaded();
    const first = await next('102500');
    changed(sap, padded(1), { date: '20240131', time: '101700' });
    sap.now = { date: '20240131', time: '103500' };
    expect((await drain(read({ cursor: first.cursor }))).numbers).toEqual([padded(1)]);
  });

  test('the overlap reaches over midnight', async () => {
    const { sap, read, next } = await loaded();
    const first = await next('000300', '20240201');
    changed(sap, padded(1), { date: '20240131', time: '235500' });
    sap.now = { date: '20240201', time: '001500' };
    expect((await drain(read({ cursor: first.cursor }))).numbers).toEqual([padded(1)]);
  });

  test('an hour that comes twice loses no change', async () => {
    const { sap, read, next } = await loaded();
    const first = await next('025500', '20241027');
    sap.zone = { offset: '3600', daylight: 'X' };
    changed(sap, padded(1), { date: '20241027', time: '020500' });
    sap.now = { date: '20241027', time: '030500' };
    expect((await drain(read({ cursor: first.cursor }))).numbers).toEqual([padded(1)]);
  });

  test('a vendor deleted since its change document is passed over', async () => {
    const { sap, next } = await loaded();
    changed(sap, padded(99), { date: '20240131', time: '101600' });
    expect(await next('102500')).toMatchObject({ numbers: [], gone: [], error: undefined });
  });

  test('a long list of changes that breaks goes on where it was, and misses no change of the meantime', async () => {
    const { sap, read, cursor } = await loaded(many);
    for (const { number } of many) changed(sap, number, { date: '20240131', time: '101700' });
    sap.now = { date: '20240131', time: '103000' };
    sap.beforeChunk = ({ table, where }) => {
      if (table === 'LFA1' && JSON.stringify(where).includes(padded(100250))) throw tunnelError('NO_TUNNEL', 'retry');
    };
    const broken = await drain(read({ cursor }));
    expect(broken.numbers).toHaveLength(200);

    sap.beforeChunk = () => undefined;
    changed(sap, padded(100007), { date: '20240131', time: '103500' });
    addVendor(sap.tables, { number: padded(7), general: { ERDAT: '20240131' } });
    sap.now = { date: '20240131', time: '110000' };
    const resumed = await drain(read({ cursor: broken.cursor }));
    expect(resumed.numbers).toEqual(many.slice(200).map(({ number }) => number));
    const next = await drain(read({ cursor: resumed.cursor }));
    expect(next.numbers).toEqual([padded(7), padded(100007)]);
  });

  test('a full run and an unreadable cursor both load everything again', async () => {
    const { read, cursor } = await loaded();
    expect((await drain(read({ mode: 'full', cursor }))).numbers).toHaveLength(3);
    expect((await drain(read({ cursor: { version: 99 } }))).numbers).toHaveLength(3);
  });

  test('a sweep reads every vendor, leaves the cursor, and reports what SAP no longer has', async () => {
    const { read, cursor } = await loaded();
    const linkedNumbers = () => Promise.resolve([padded(2), padded(50)]);
    const swept = await drain(read({ mode: 'sweep', cursor, linkedNumbers }));
    expect(swept).toMatchObject({ numbers: [padded(1), padded(2), padded(3)], gone: [padded(50)], cursor: undefined, error: undefined });
  });

  test('a sweep that sees hardly a vendor believes in a lost authorisation rather than in a clean-up', async () => {
    const { sap, read, cursor } = await loaded(many);
    sap.tables['LFA1'] = sap.tables['LFA1']!.slice(0, 100);
    const linkedNumbers = () => Promise.resolve(many.map(({ number }) => number));
    const swept = await drain(read({ mode: 'sweep', cursor, linkedNumbers }));
    expect(swept.gone).toEqual([]);
    expect(swept.error).toMatchObject({ code: 'SAP_VENDORS_VANISHED', verdict: 'refused' });
  });

  test('a sweep that sees no vendor at all deprecates none, however few there were', async () => {
    const { sap, read, cursor } = await loaded();
    sap.tables['LFA1'] = [];
    const linkedNumbers = () => Promise.resolve([padded(1), padded(2)]);
    const swept = await drain(read({ mode: 'sweep', cursor, linkedNumbers }));
    expect(swept.gone).toEqual([]);
    expect(swept.error).toMatchObject({ code: 'SAP_VENDORS_VANISHED', verdict: 'refused' });
  });
});

test('a vendor is put together from all its tables, lists in a fixed order', async () => {
  const { sap, read } = open([
    {
      number: padded(100123),
      general: { NAME1: 'Müller Maschinenbau', TELF1: '0221 1', TELF2: '0171 2', STCEG: 'DE123456789', PFACH: '4711', PSTL2: '50001' },
      company: [{ BUKRS: '2000', SPERR: 'X' }, { BUKRS: '1000' }],
      purchasing: [{ EKORG: '2000', WAERS: 'JPY' }, {}],
      address: {
        NAME1: 'Müller Maschinenbau GmbH & Co. KG',
        NAME2: 'Werk Süd',
        STREET: 'Industriestraße',
        HOUSE_NUM1: '12a',
        CITY1: 'Köln',
        POST_CODE1: '50667',
      },
      emails: [
        { SMTP_ADDR: 'info@mueller.example' },
        { SMTP_ADDR: 'Einkauf@mueller.example', FLGDEFAULT: 'X' },
        { SMTP_ADDR: 'INFO@mueller.example' },
      ],
    },
  ]);
  const addressNumber = sap.tables['ADRC']![0]!['ADDRNUMBER']!;
  sap.tables['ADRC']!.push(
    { ADDRNUMBER: addressNumber, DATE_FROM: '00010101', NATION: 'I', NAME1: 'International version', COUNTRY: 'DE' },
    { ADDRNUMBER: addressNumber, DATE_FROM: '20300101', NATION: '', NAME1: 'Name of the future', COUNTRY: 'DE' },
  );
  sap.tables['ADR6']!.push({ ADDRNUMBER: addressNumber, PERSNUMBER: '0000000007', CONSNUMBER: '001', SMTP_ADDR: 'person@mueller.example' });
  const { vendors } = await drain(read());
  expect(vendors).toEqual([
    {
      number: '0000100123',
      accountGroup: 'KRED',
      names: ['Müller Maschinenbau GmbH & Co. KG', 'Werk Süd', '', ''],
      searchTerm: '',
      language: 'D',
      address: {
        street: 'Industriestraße',
        houseNumber: '12a',
        district: '',
        city: 'Köln',
        postcode: '50667',
        region: '',
        poBox: '4711',
        poBoxPostcode: '50001',
        country: 'DE',
        countryName: 'Germany',
      },
      telephone: '0221 1',
      mobile: '0171 2',
      fax: '',
      emails: ['Einkauf@mueller.example', 'info@mueller.example'],
      taxNumbers: { vat: 'DE123456789', first: '', second: '' },
      isOneTime: false,
      isDeletionFlagged: false,
      isPostingBlocked: false,
      isPurchasingBlocked: false,
      companyCodes: [
        {
          code: '1000',
          reconciliationAccount: '0000160000',
          paymentTerms: 'ZB30',
          currency: 'EUR',
          isDeletionFlagged: false,
          isPostingBlocked: false,
        },
        {
          code: '2000',
          reconciliationAccount: '0000160000',
          paymentTerms: 'ZB30',
          currency: 'JPY',
          isDeletionFlagged: false,
          isPostingBlocked: true,
        },
      ],
      purchasingOrganisations: [
        { code: '1000', currency: 'EUR', paymentTerms: 'ZB14', isDeletionFlagged: false, isPurchasingBlocked: false },
        { code: '2000', currency: 'JPY', paymentTerms: 'ZB14', isDeletionFlagged: false, isPurchasingBlocked: false },
      ],
    },
  ]);
});

test('chosen company codes are a condition of the read itself', async () => {
  const { sap, read } = open([{ number: padded(1), company: [{}, { BUKRS: '2000' }] }]);
  const { vendors } = await drain(read({ companyCodes: ['2000'] }));
  expect(vendors[0]?.companyCodes.map(({ code }) => code)).toEqual(['2000']);
  expect(sap.reads.find(({ table }) => table === 'LFB1')?.where).toContainEqual({ field: 'BUKRS', op: 'IN', values: ['2000'] });
});

test('a wrong client or system stops before anything is read', async () => {
  const { sap, read } = open([{ number: padded(1) }], { systemId: 'PRD', client: '200' });
  const { error } = await drain(read());
  expect(error).toMatchObject({ code: 'SAP_OTHER_SYSTEM', verdict: 'halt' });
  expect(sap.reads).toEqual([]);
});

test.each([
  ['nothing moved', { changesSince: { date: '20240131', time: '100000' }, zone: '3600' }, { date: '20240131', time: '095000' }],
  ['the offset changed', { changesSince: { date: '20240131', time: '100000' }, zone: '3600X' }, { date: '20240131', time: '085000' }],
  ['the clock was put back', { changesSince: { date: '20240131', time: '110000' }, zone: '3600' }, { date: '20240131', time: '092000' }],
])('changes are read from before the last run: %s', (_what, cursor, from) => {
  expect(
    readFrom(
      { until: cursor.changesSince, zone: cursor.zone },
      { serverTime: { date: '20240131', time: '103000' }, zone: '3600', overlapMinutes: 10 },
    ),
  ).toEqual(from);
});

test('an OBJECTID without an address number gives none', () => {
  expect(addressNumbersIn('BP 12345')).toEqual([]);
});
