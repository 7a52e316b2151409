import { startCin7, type FaultKind } from '../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, targetContract, testScope, type TargetUnderTest } from '../testing/index.ts';
import { cin7Settings, openCin7Session, type Cin7PurchaseHeader } from './index.ts';
import { supplierBody } from './testing/index.ts';

async function open(): Promise<TargetUnderTest<Cin7PurchaseHeader>> {
  const sim = await startCin7();
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock: fastClock(), random: () => 0.5 });
  const { purchases, suppliers } = session;
  const supplier = await suppliers.create(supplierBody('Søren O’Brien & Söhne GmbH'), testScope());
  delete sim.calls['POST /supplier 200'];
  const next = (kind: FaultKind, times = 1): void => sim.faults.add({ kind, times });
  const writes = (): number => Object.entries(sim.calls).reduce((sum, [call, count]) => sum + (call.startsWith('GET ') ? 0 : count), 0);
  const sample: Cin7PurchaseHeader = {
    SupplierID: supplier.ID,
    Approach: 'INVOICE',
    PurchaseType: 'Advanced',
    Location: 'Lager Köln',
    TaxRule: 'Tax on Purchases',
    TaxCalculation: 'Exclusive',
    Note: 'JDE:00200/OP/12345/000\nBestellt von Müller',
  };
  return {
    sample,
    changedSample: { ...sample, Location: '上海仓库', Note: `${sample.Note}\nEilt!` },
    refusedSample: { ...sample, Location: 'Old Yard' },
    create: async (header, scope) => (await purchases.create(header, scope)).ID,
    async find({ Note }, scope) {
      const where = { supplierId: supplier.ID, supplierName: supplier.Name, since: '2020-01-01T00:00:00.000Z' };
      const found = await purchases.findByNote(Note.split('\n', 1)[0] ?? '', where, scope);
      return found.map(({ ID }) => ID);
    },
    async update(id, header, scope) {
      const before = writes();
      await purchases.updateHeader(id, header, scope);
      return { changed: writes() > before ? ['header'] : [] };
    },
    simulator: {
      loseNextAnswer: () => next('loseNextAnswer'),
      dropNextCall: () => next('dropBeforeCommit'),
      failAfterCommit: () => next('error500AfterCommit'),
      failBeforeCommit: (times) => next('error500BeforeCommit', times),
      spoilNextAnswer: () => sim.faults.add({ kind: 'wrongJson', method: sim.purchases().length > 0 ? 'PUT' : 'POST' }),
      refuseCredentials: () => next('forbidden'),
      reachLimit: () => {
        for (const style of ['429', '429-sec', '503', '400'] as const) sim.faults.add({ kind: 'limit', times: 2, style });
      },
      records: () => sim.purchases().map(({ LastUpdatedDate: _at, ...row }) => row),
      writes,
    },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

targetContract('cin7-core purchase', open);
