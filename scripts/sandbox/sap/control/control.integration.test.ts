import { startSapProcess, type SapProcess } from './process.ts';

let sap: SapProcess;

beforeAll(async () => {
  sap = await startSapProcess(['--vendors', '5', '--sid', 'QAS', '--port', '0', '--also', 'BAPI_VENDOR_GETLIST']);
});

afterAll(() => sap[Symbol.asyncDispose]());

test('a process announces where it listens and answers for its state', async () => {
  expect(sap.connectionParameters).toMatchObject({ ashost: '127.0.0.1', client: '100', user: 'ML_AGENT' });
  await expect(sap.control.call('status')).resolves.toMatchObject({ sid: 'QAS', port: sap.port, sessions: 0 });
  await expect(sap.control.call('list-vendors')).resolves.toHaveLength(5);
  await expect(sap.control.call('rows', { table: 'T001' })).resolves.toHaveLength(4);
});

test('vendors are created and changed from outside', async () => {
  const { number } = await sap.control.call('create-vendor', { general: { NAME1: 'Brunner AG' } });
  await sap.control.call('change-vendor', { number, change: { general: { NAME1: 'Brunner & Söhne AG' } } });
  await expect(sap.control.call('vendor', { number })).resolves.toMatchObject({ LFA1: { NAME1: 'Brunner & Söhne AG' } });
  await expect(sap.control.call('rows', { table: 'CDHDR' })).resolves.toHaveLength(2);
});

test('faults, users and behaviour are set from outside', async () => {
  await sap.control.call('add-fault', { kind: 'slow', ms: 5, times: 3 });
  await expect(sap.control.call('faults')).resolves.toEqual([{ kind: 'slow', ms: 5, times: 3 }]);
  await sap.control.call('clear-faults');
  await expect(sap.control.call('faults')).resolves.toEqual([]);
  await sap.control.call('lock-user', { name: 'ml_agent' });
  await expect(sap.control.call('user-state', { name: 'ML_AGENT' })).resolves.toEqual({ failedLogons: 0, isLocked: true });
  await expect(sap.control.call('behaviour', { rowOrder: 'heap' })).resolves.toMatchObject({
    rowOrder: 'heap',
    badWhere: 'OPTION_NOT_VALID',
  });
});

test('posting periods are closed and opened, and what is posted is told', async () => {
  const period = { companyCode: '1000', postingDate: '20260315' };
  const first = async (): Promise<string> => {
    const rows = await sap.control.call('rows', { table: 'T001B' });
    return rows.filter(({ BUKRS, MKOAR }) => BUKRS === '1000' && MKOAR === '+').map(({ FRYE1, FRPE1 }) => `${FRYE1}/${FRPE1}`)[0] ?? '';
  };
  await sap.control.call('close-period', period);
  await expect(first()).resolves.toBe('2026/004');
  await sap.control.call('open-period', period);
  await expect(first()).resolves.toBe('2026/003');
  await expect(sap.control.call('close-period', { ...period, companyCode: '9999' })).rejects.toThrow('there is no company code 9999');
  const items = [
    { side: 'S', account: '0000113900', amount: '12.30' },
    { side: 'H', account: '0000113100', amount: '12.30' },
  ] as const;
  await sap.control.call('post-document', { companyCode: '1000', documentType: 'SA', reference: 'CTRL-1', items: [...items] });
  await expect(sap.control.call('postings', { reference: 'CTRL-1' })).resolves.toMatchObject([{ total: '12.30', items: [{}, {}] }]);
  await expect(sap.control.call('account-sums', { referencePrefix: 'CTRL-' })).resolves.toMatchObject([
    { account: '0000113100', amount: '-12.30', items: 1 },
    { account: '0000113900', amount: '12.30' },
  ]);
});

test('what cannot be done is said', async () => {
  await expect(sap.control.call('vendor', { number: '999' })).rejects.toThrow('there is no vendor 0000000999');
  const response = await fetch(`${sap.controlUrl}/toString`, { method: 'POST' });
  expect(response.status).toBe(404);
  await expect(response.json()).resolves.toMatchObject({ error: expect.stringContaining('there is no control request') });
});

test('a process that cannot start says why', async () => {
  await expect(startSapProcess(['--also', 'BAPI_MAGIC'])).rejects.toThrow('--also BAPI_MAGIC');
});
