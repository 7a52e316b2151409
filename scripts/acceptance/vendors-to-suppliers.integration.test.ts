import { openScene, type Scene } from './scene.ts';

/** The first flow from end to end, in order as a customer lives it: the load, then changes, then nothing. */
describe.each([
  ['table reads', []],
  ['vendor BAPIs', ['--also', 'BAPI_VENDOR_GETLIST']],
])('by %s', (source, sapArgs) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ vendors: 120, sapArgs });
  }, 60_000);
  afterAll(() => scene?.[Symbol.asyncDispose]());

  const change = async (number: string, what: object): Promise<void> => {
    await scene.landscape.sap.control.call('change-vendor', { number, change: what });
  };
  /** Suppliers created and updated by `work` and the run after it. */
  const writes = async (work: () => Promise<void>): Promise<{ created: number; updated: number }> => {
    await scene.landscape.cin7.forgetCalls();
    await work();
    await scene.run();
    return { created: await scene.cin7Calls('POST /supplier'), updated: await scene.cin7Calls('PUT /supplier') };
  };
  const supplier = async (number: string) => (await scene.suppliers()).get(number);

  test('every vendor becomes one supplier, one-time vendors none', async () => {
    const counts = await scene.load();
    expect(await scene.deviations()).toEqual([]);
    expect(counts).toEqual({ succeeded: 119, skipped: 1 });
    const { calls } = await scene.landscape.sap.control.call('counts');
    expect('BAPI_VENDOR_GETDETAIL' in calls).toBe(source === 'vendor BAPIs');
  });

  test('a second run touches nothing, a sweep over every key neither', async () => {
    expect(await writes(() => Promise.resolve())).toEqual({ created: 0, updated: 0 });
    await scene.landscape.cin7.forgetCalls();
    expect(await scene.run('sweep')).toMatchObject({ state: 'succeeded', new: 0 });
    expect(await scene.cin7Calls('PUT /supplier')).toBe(0);
  });

  test('three changed vendors update three suppliers and create none', async () => {
    const done = await writes(async () => {
      await change('0000100003', { general: { NAME1: 'Weiß & Söhne Großhandel GmbH' } });
      await change('0000100010', { company: { BUKRS: '1000', ZTERM: 'NT60' } });
      await change('0000100050', { general: { SPERR: 'X' } });
    });
    expect(done).toEqual({ created: 0, updated: 3 });
    expect(await supplier('0000100003')).toMatchObject({ Name: 'Weiß & Söhne Großhandel GmbH' });
    expect(await supplier('0000100050')).toMatchObject({ Status: 'Deprecated' });
    expect(await scene.deviations()).toEqual([]);
  });

  test('an address changed alone arrives, and there is still one address', async () => {
    const done = await writes(() => change('0000100015', { address: { STREET: 'Lindenallee', HOUSE_NUM1: '7', CITY1: 'Görlitz' } }));
    expect(done).toEqual({ created: 0, updated: 1 });
    expect((await supplier('0000100015'))?.Addresses).toEqual([expect.objectContaining({ Line1: 'Lindenallee 7', City: 'Görlitz' })]);
  });

  test('an e-mail address changed alone arrives', async () => {
    const done = await writes(() => change('0000100016', { email: 'neu@lieferant.example.com' }));
    expect(done).toEqual({ created: 0, updated: 1 });
    expect((await supplier('0000100016'))?.Contacts).toContainEqual(expect.objectContaining({ Email: 'neu@lieferant.example.com' }));
  });

  test('a deletion flag deprecates the supplier', async () => {
    expect(await writes(() => change('0000100005', { general: { LOEVM: 'X' } }))).toEqual({ created: 0, updated: 1 });
    expect(await supplier('0000100005')).toMatchObject({ Status: 'Deprecated' });
  });

  test('a vendor created without a change document arrives by its creation date', async () => {
    let number = '';
    const done = await writes(async () => {
      const made = await scene.landscape.sap.control.call('create-vendor', {
        general: { NAME1: 'Brunner Präzision AG', LAND1: 'CH', ORT01: 'Zürich' },
        companies: [{ BUKRS: '1000', AKONT: '0000160000', ZTERM: 'NT30' }],
        changeDocument: 'none',
      });
      number = made.number;
    });
    expect(done).toEqual({ created: 1, updated: 0 });
    expect(await supplier(number)).toMatchObject({ Name: 'Brunner Präzision AG', Status: 'Active' });
  });

  test('the sweep notices a vendor that SAP archived, and deprecates its supplier', async () => {
    await scene.landscape.sap.control.call('archive-vendor', { number: '0000100060' });
    expect(await writes(() => Promise.resolve())).toEqual({ created: 0, updated: 0 });
    await scene.landscape.cin7.forgetCalls();
    expect(await scene.run('sweep')).toMatchObject({ state: 'succeeded', new: 1 });
    expect(await scene.cin7Calls('PUT /supplier')).toBe(1);
    expect(await supplier('0000100060')).toMatchObject({ Status: 'Deprecated' });
    expect(await scene.run('sweep')).toMatchObject({ new: 0 });
  });
});
