import { startSapSystem } from '../index.ts';
import type { Session, Structure } from './call.ts';
import { functionModules } from './index.ts';

test('a shipment is noted on a document at commit, and on none that does not exist', async () => {
  await using sap = await startSapSystem({ vendors: 1, customers: 1, materials: 1, functions: { also: ['Z_SHIPMENT_NOTE'] } });
  const session: Session = { user: { name: 'ML_AGENT', password: '' }, language: 'E', updates: [] };
  const call = async (name: string, inputs: Structure): Promise<Structure> => {
    const definition = sap.functions.get(name);
    if (!definition) throw new Error(`no ${name}`);
    return (await functionModules[name]?.({ definition, inputs, session, system: sap })) ?? {};
  };
  const items = [
    { side: 'S' as const, account: '0000113100', amount: '12.00' },
    { side: 'H' as const, account: '0000113900', amount: '12.00' },
  ];
  const { number, fiscalYear } = sap.documents.post({ companyCode: '1000', documentType: 'SA', items });
  const note = { BUKRS: '1000', BELNR: number, GJAHR: fiscalYear, EVENT: 'shipment', WHICH: '12', TRACKING: '1Z 999 AA1' };
  expect(await call('Z_SHIPMENT_NOTE', note)).toMatchObject({ RETURN: { TYPE: 'S' } });
  expect(await call('Z_SHIPMENT_NOTE', { ...note, BELNR: '0000000001' })).toMatchObject({ RETURN: { TYPE: 'E' } });
  expect(sap.committed).toEqual([]);
  await call('BAPI_TRANSACTION_COMMIT', {});
  expect(sap.committed).toEqual([`Z_SHIPMENT_NOTE 1000/${number}/${fiscalYear} shipment 12 1Z 999 AA1`]);
});
