import { silentLog, systemClock } from '@ml-connector/shared';
import { testScope } from '../../testing/index.ts';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, tunnelError, type FakeSap } from '../testing/fake-sap.ts';
import { readSapMaterials } from './read-materials.ts';
import type { MaterialBatch, ReadMaterials } from './types.ts';

const number = (digits: number): string => String(digits).padStart(18, '0');
const material = (digits: number, more = {}) => ({
  MATNR: number(digits),
  MTART: 'HAWA',
  MATKL: '01',
  MEINS: 'ST',
  EAN11: '',
  BRGEW: '1.500',
  NTGEW: '0.000',
  GEWEI: 'KG',
  ERSDA: '20230101',
  LAEDA: '00000000',
  ...more,
});

function open(count = 3) {
  const sap = fakeSap({
    MARA: Array.from({ length: count }, (_, at) => material(at + 1)),
    MAKT: [
      { MATNR: number(1), SPRAS: 'D', MAKTX: 'Schraube M8' },
      { MATNR: number(1), SPRAS: 'E', MAKTX: 'Bolt M8' },
      { MATNR: number(2), SPRAS: '1', MAKTX: '螺栓' },
      { MATNR: number(2), SPRAS: 'E', MAKTX: 'Bolt M10' },
      { MATNR: number(3), SPRAS: '1', MAKTX: '螺母' },
    ],
    MARD: [
      { MATNR: number(1), WERKS: '1000', LGORT: '0001', LABST: '12.000' },
      { MATNR: number(1), WERKS: '1000', LGORT: '0002', LABST: '0.500' },
      { MATNR: number(1), WERKS: '1000', LGORT: '0003', LABST: '7.000', LVORM: 'X' },
      { MATNR: number(1), WERKS: '2000', LGORT: '0001', LABST: '99.000' },
    ],
    A304: [
      price('A304', 1, 'K1', '20240101', '99991231'),
      price('A304', 2, 'K2', '20230101', '20231231'),
      { ...price('A304', 3, 'K3', '20240101', '99991231'), KFRST: 'A' },
    ],
    A004: [
      price('A004', 1, 'K4', '20240101', '99991231'),
      price('A004', 2, 'K5', '20240131', '20240131'),
      price('A004', 3, 'K6', '20240101', '99991231'),
    ],
    KONP: [
      condition('K1', { KBETR: '19.90', KONWA: 'EUR', KPEIN: '100', KMEIN: 'ST' }),
      condition('K4', { KBETR: '1.00', KONWA: 'EUR' }),
      condition('K5', { KBETR: '1000', KONWA: 'JPY', KPEIN: '', KMEIN: 'ST' }),
      condition('K6', { KBETR: '100.00', KONWA: '%', KRECH: 'A' }),
    ],
    CDHDR: [],
  });
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  const read = async (more: Partial<ReadMaterials> = {}) => {
    const reading: ReadMaterials = { mode: 'changes', cursor: null, language: 'DE', plants: ['1000'], progress: () => undefined, ...more };
    const seen = { numbers: [] as number[], batches: [] as MaterialBatch[], cursor: reading.cursor };
    for await (const batch of readSapMaterials(session, reading, testScope())) {
      seen.batches.push(batch);
      seen.numbers.push(...batch.materials.map((one) => Number(one.number)));
      if (batch.cursor) seen.cursor = batch.cursor;
    }
    return seen;
  };
  return { sap, read };
}

function price(table: 'A304' | 'A004', digits: number, KNUMH: string, DATAB: string, DATBI: string) {
  const released = table === 'A304' ? { KFRST: '' } : {};
  return { KAPPL: 'V', KSCHL: 'PR00', VKORG: '1000', VTWEG: '10', MATNR: number(digits), DATAB, DATBI, KNUMH, ...released };
}

function condition(KNUMH: string, more: Record<string, string>) {
  return { KNUMH, KOPOS: '01', KSCHL: 'PR00', KRECH: 'C', KPEIN: '1', KMEIN: 'ST', LOEVM_KO: '', ...more };
}

function changed(sap: FakeSap, digits: number, time: string): void {
  sap.tables['CDHDR']?.push({ OBJECTCLAS: 'MATERIAL', OBJECTID: number(digits), CHANGENR: time, UDATE: '20240131', UTIME: time });
}

const shop = { salesOrganisation: '1000', distributionChannel: '10' };

test('a material comes with its text, its stock where asked, and the price of today', async () => {
  const { read } = open();
  const [bolt, bolt10, nut] = (await read(shop)).batches.flatMap(({ materials }) => materials);
  expect(bolt).toEqual({
    number: number(1),
    description: 'Schraube M8',
    materialType: 'HAWA',
    materialGroup: '01',
    baseUnit: 'ST',
    ean: '',
    grossWeight: '1.5',
    netWeight: '0',
    weightUnit: 'KG',
    isDeleted: false,
    stock: [
      { plant: '1000', storageLocation: '0001', quantity: '12' },
      { plant: '1000', storageLocation: '0002', quantity: '0.5' },
    ],
    prices: [{ conditionType: 'PR00', ...shop, amount: '19.90', currency: 'EUR', per: '100', unit: 'ST' }],
  });
  expect(bolt10).toMatchObject({ description: 'Bolt M10', stock: [], prices: [{ amount: '1000', currency: 'JPY', per: '1' }] });
  expect(nut).toMatchObject({ description: '螺母', prices: [] });
});

test('without a sales area no prices are read; a table that is not there is left out', async () => {
  const { sap, read } = open();
  await read();
  expect(sap.reads.some(({ table }) => table === 'KONP')).toBe(false);
  sap.beforeChunk = ({ table }) => {
    if (table === 'A304') throw tunnelError('SAP_TABLE_MISSING', 'refused');
  };
  expect((await read(shop)).batches[0]?.materials[0]?.prices).toMatchObject([{ amount: '1.00' }]);
});

test('after the load come changes by change document and by date, each once', async () => {
  const { sap, read } = open(5);
  const loaded = await read();
  expect(loaded.numbers).toEqual([1, 2, 3, 4, 5]);
  changed(sap, 2, '101000');
  changed(sap, 4, '080000');
  sap.tables['MARA']?.push(material(6, { ERSDA: '20240131' }), material(7, { LAEDA: '20240131' }));
  sap.now = { date: '20240131', time: '103000' };
  const second = await read({ cursor: loaded.cursor });
  expect(second.numbers).toEqual([2, 6, 7]);
  sap.now = { date: '20240131', time: '110000' };
  changed(sap, 7, '105500');
  expect((await read({ cursor: second.cursor })).numbers).toEqual([7]);
});

test('a load that broke goes on where it was, 200 at a time', async () => {
  const { sap, read } = open(450);
  const whole = await read();
  expect(whole.batches.map(({ materials }) => materials.length)).toEqual([200, 200, 50, 0]);
  sap.reads.length = 0;
  const rest = await read({ cursor: whole.batches[0]?.cursor });
  expect(rest.numbers[0]).toBe(201);
  expect(rest.numbers).toHaveLength(250);
});

test('a sweep reads all and leaves the cursor; single ones come by their number, also short', async () => {
  const { read } = open();
  const { cursor } = await read();
  const swept = await read({ mode: 'sweep', cursor });
  expect(swept.numbers).toEqual([1, 2, 3]);
  expect(swept.batches.every((batch) => batch.cursor === undefined)).toBe(true);
  expect((await read({ mode: 'keys', keys: ['2', number(2), '99'] })).numbers).toEqual([2]);
});

test('other material types are left out, also when they changed', async () => {
  const { sap, read } = open();
  sap.tables['MARA']?.push(material(8, { MTART: 'ROH', LAEDA: '20240131' }));
  const { numbers, cursor } = await read({ materialTypes: ['HAWA', 'FERT'] });
  expect(numbers).toEqual([1, 2, 3]);
  changed(sap, 8, '101400');
  expect((await read({ materialTypes: ['HAWA', 'FERT'], cursor })).numbers).toEqual([]);
});
