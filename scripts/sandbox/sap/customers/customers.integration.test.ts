/** Customers through the unmodified node-rfc addon: what a client posts and what the control interface does meanwhile. */
import { sapControl, serveControl, startSapSystem, type ControlServer, type SapControl, type SapSystem } from '../index.ts';
import { startAddon, type Addon, type AddonClient } from '../testing/addon.ts';

let addon: Addon;
let sap: SapSystem;
let server: ControlServer;
let control: SapControl;
let client: AddonClient;

beforeAll(async () => {
  addon = await startAddon();
  sap = await startSapSystem({ vendors: 2, customers: 20, materials: 10 });
  server = await serveControl(sap);
  control = sapControl(server.url);
  client = await addon.open(sap.connectionParameters);
});

afterAll(async () => {
  await addon[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await sap[Symbol.asyncDispose]();
});

const company = {
  TITLE: 'Company',
  NAME: 'Žižkova Doprava, a.s. „Plzeň“',
  CITY: 'Plzeň',
  POSTL_COD1: '301 00',
  STREET: 'Náměstí Míru',
  COUNTRY: 'CZ',
  LANGU_ISO: 'CS',
  CURRENCY: 'EUR',
};
const area = { SALESORG: '1000', DISTR_CHAN: '30', DIVISION: '00' };

test('a customer is created and changed, and seen by another session after the commit alone', async () => {
  const other = await addon.open(sap.connectionParameters);
  const { CUSTOMERNO } = await client.call('BAPI_CUSTOMER_CREATEFROMDATA1', {
    PI_COMPANYDATA: company,
    PI_COPYREFERENCE: { ...area, REF_CUSTMR: '0000001000' },
  });
  const details = { CUSTOMERNO, COMPANYCODE: '1000' };
  expect(await other.call('BAPI_CUSTOMER_GETDETAIL2', details)).toMatchObject({ RETURN: { TYPE: 'E' } });
  await client.call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' });
  expect(await other.call('BAPI_CUSTOMER_GETDETAIL2', details)).toMatchObject({ CUSTOMERADDRESS: { NAME: company.NAME, CITY: 'Plzeň' } });
  await other.call('BAPI_CUSTOMER_CHANGEFROMDATA1', {
    CUSTOMERNO,
    PI_SALESORG: '1000',
    PI_PERSONALDATA: {},
    PI_COMPANYDATA: { CITY: 'Praha', STREET: 'ignored' },
    PI_COMPANYDATAX: { CITY: 'X' },
  });
  await other.call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' });
  expect(await client.call('BAPI_CUSTOMER_GETDETAIL2', details)).toMatchObject({
    CUSTOMERADDRESS: { CITY: 'Praha', STREET: 'Náměstí Míru' },
  });
});

test('while a dialog user has the customer, a change is refused with that name', async () => {
  await control.call('lock-customer', { number: '100001', user: 'KSCHAEFER' });
  const { KNVV } = await control.call('customer', { number: '100001' });
  const change = {
    CUSTOMERNO: '0000100001',
    PI_SALESORG: KNVV[0]?.['VKORG'],
    PI_PERSONALDATA: {},
    PI_COMPANYDATA: { CITY: 'Graz' },
    PI_COMPANYDATAX: { CITY: 'X' },
  };
  const refused = await client.call('BAPI_CUSTOMER_CHANGEFROMDATA1', change);
  expect(refused).toMatchObject({ RETURN: { TYPE: 'E', MESSAGE_V2: 'KSCHAEFER' } });
  await control.call('unlock-customer', { number: '100001' });
  expect(await client.call('BAPI_CUSTOMER_CHANGEFROMDATA1', change)).toMatchObject({ RETURN: { TYPE: 'S' } });
  await client.call('BAPI_TRANSACTION_ROLLBACK', {});
});

test('a price set by control is read as the database stores it', async () => {
  const [material = ''] = await control.call('list-materials', {});
  const { record } = await control.call('set-price', {
    material,
    salesOrganisation: '5000',
    distributionChannel: '10',
    amount: '1.234',
    currency: 'KWD',
    per: '100',
  });
  const { DATA } = await client.call('RFC_READ_TABLE', {
    QUERY_TABLE: 'KONP',
    FIELDS: ['KBETR', 'KONWA', 'KPEIN'].map((FIELDNAME) => ({ FIELDNAME })),
    OPTIONS: [{ TEXT: `KNUMH = '${record}'` }],
  });
  expect((DATA as { WA: string }[]).map(({ WA }) => WA.trim().split(/ +/))).toEqual([['12.34', 'KWD', '100']]);
});
