import { silentLog, systemClock } from '@ml-connector/shared';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, type FakeSap } from '../testing/fake-sap.ts';
import { padded, vendorTables } from '../testing/vendor-data.ts';
import { readVendors, type VendorReading } from './read-vendors.ts';
import type { Vendor } from './vendor.ts';

const samples = [
  { number: padded(1), purchasing: [{}] },
  { number: padded(2), general: { NAME1: "O'Brien & Sons", LAND1: 'IE' }, company: [{ BUKRS: '2000' }, {}] },
];

function open() {
  const sap = fakeSap(vendorTables(samples));
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  const scope = { signal: new AbortController().signal, context: {}, trace: () => undefined };
  const read = async (more: Partial<VendorReading> = {}): Promise<Vendor[]> => {
    const all: Vendor[] = [];
    const reading = { session, scope, mode: 'changes', cursor: null, source: 'auto', language: 'EN', progress: () => undefined } as const;
    for await (const { vendors } of readVendors({ ...reading, companyCodes: [], purchasingOrganisations: [], ...more }))
      all.push(...vendors);
    return all;
  };
  return { sap, read };
}

/** As a customer wrote them: the list by day, details of one vendor. */
function offerBapis(sap: FakeSap): void {
  sap.functions.set('BAPI_VENDOR_GETLIST', {
    parameters: ['CHANGED_SINCE', 'VENDOR_FROM', 'MAXROWS', 'RETURN', 'VENDORLIST'],
    run({ VENDOR_FROM, MAXROWS, CHANGED_SINCE }) {
      const isChanged = (number: string): boolean =>
        CHANGED_SINCE === '00000000' ||
        sap.tables['CDHDR']!.some((row) => row['OBJECTID'] === number && row['UDATE']! >= String(CHANGED_SINCE));
      const rows = sap.tables['LFA1']!.filter((row) => row['LIFNR']! >= String(VENDOR_FROM) && isChanged(row['LIFNR']!));
      return {
        RETURN: { TYPE: '' },
        VENDORLIST: rows.slice(0, Number(MAXROWS) || undefined).map((row) => ({ VENDOR_NO: row['LIFNR'], NAME: row['NAME1'] })),
      };
    },
  });
  sap.functions.set('BAPI_VENDOR_GETDETAIL', {
    parameters: ['VENDORNO', 'COMPANYCODE', 'GENERALDETAIL', 'COMPANYDETAIL', 'RETURN', 'BANKDETAIL'],
    run({ VENDORNO, COMPANYCODE }) {
      const row = sap.tables['LFA1']!.find(({ LIFNR }) => LIFNR === VENDORNO);
      const company = sap.tables['LFB1']!.find(({ LIFNR, BUKRS }) => LIFNR === VENDORNO && BUKRS === COMPANYCODE);
      if (!row)
        return { GENERALDETAIL: {}, COMPANYDETAIL: {}, RETURN: { TYPE: 'E', ID: 'F2', NUMBER: '163', MESSAGE: 'Vendor is not defined' } };
      if (COMPANYCODE && !company) return { RETURN: { TYPE: 'E', ID: 'F2', NUMBER: '164', MESSAGE: 'Not created for the company code' } };
      return {
        GENERALDETAIL: {
          VENDOR: VENDORNO,
          NAME: row['NAME1'],
          CITY: row['ORT01'],
          POSTL_CODE: row['PSTLZ'],
          STREET: row['STRAS'],
          COUNTRY: row['LAND1'],
          LANGU: 'D',
          ACCNT_GRP: row['KTOKK'],
        },
        COMPANYDETAIL: company
          ? { VENDOR: VENDORNO, COMP_CODE: COMPANYCODE, GL_ACCOUNT: company['AKONT'], PMNTTRMS: company['ZTERM'] }
          : {},
        RETURN: { TYPE: '' },
      };
    },
  });
}

test.each([[[]], [['1000']], [['1000', '2000']]])('BAPIs and tables give the same vendors for company codes %j', async (companyCodes) => {
  const { sap, read } = open();
  offerBapis(sap);
  const byTables = await read({ source: 'tables', companyCodes });
  sap.reads.length = 0;
  const byBapi = await read({ companyCodes });
  expect(byBapi).toEqual(byTables);
  expect(sap.reads.filter(({ table }) => table === 'LFA1')).toEqual([]);
});

test('changes come from the list by day and from the change documents of addresses', async () => {
  const { sap, read } = open();
  offerBapis(sap);
  sap.tables['CDHDR']!.push({ OBJECTCLAS: 'KRED', OBJECTID: padded(2), UDATE: '20240131', UTIME: '000100' });
  const cursor = { version: 1, changesSince: { date: '20240131', time: '100000' }, zone: '3600', recentlyCreated: [] };
  expect((await read({ cursor })).map(({ number }) => number)).toEqual([padded(2)]);
});

test('without the BAPIs, auto reads tables and bapi says what to do', async () => {
  const { read } = open();
  await expect(read()).resolves.toHaveLength(2);
  await expect(read({ source: 'bapi' })).rejects.toMatchObject({ code: 'SAP_BAPI_MISSING', verdict: 'halt' });
});

test('a list with other parameters is not taken for ours', async () => {
  const { sap, read } = open();
  offerBapis(sap);
  sap.functions.get('BAPI_VENDOR_GETLIST')!.parameters = ['DATE_FROM', 'VENDORS'];
  await read();
  expect(sap.reads.some(({ table }) => table === 'LFA1')).toBe(true);
});

test('a vendor whose details are refused while it exists is not passed over', async () => {
  const { sap, read } = open();
  offerBapis(sap);
  sap.functions.get('BAPI_VENDOR_GETDETAIL')!.run = () => ({ RETURN: { TYPE: 'E', ID: 'F2', NUMBER: '543', MESSAGE: 'No authorization' } });
  await expect(read()).rejects.toMatchObject({ code: 'SAP_BAPI_REFUSED', message: expect.stringContaining('F2 543 No authorization') });
});

test.each([
  ['auto', 'tables are read'],
  ['bapi', 'nothing is read'],
] as const)('when the agent does not allow the BAPIs, with %s %s', async (source, what) => {
  const { sap, read } = open();
  sap.denied.add('BAPI_VENDOR_GETLIST');
  const reading = read({ source });
  if (what === 'tables are read') await expect(reading).resolves.toHaveLength(2);
  else await expect(reading).rejects.toMatchObject({ code: 'POLICY_DENIED' });
});
