import { startCin7, type FaultKind } from '../../../../scripts/sandbox/cin7/index.ts';
import { fastClock, targetContract, type TargetUnderTest } from '../testing/index.ts';
import { cin7Settings, openCin7Session, type Cin7SupplierBody } from './index.ts';

const sample: Cin7SupplierBody = {
  Name: 'Søren O’Brien & Söhne GmbH',
  Currency: 'EUR',
  PaymentTerm: '30 days',
  AccountPayable: '800',
  TaxRule: 'Tax on Purchases',
  Status: 'Active',
  Comments: 'SAP 0000100123',
  AttributeSet: 'SAP',
  AdditionalAttribute1: '0000100123',
  Addresses: [{ Line1: 'Hauptstraße 1', City: 'Köln', Postcode: '50667', Country: 'Germany', Type: 'Business', DefaultForType: true }],
  Contacts: [{ Name: 'Einkauf', Email: 'einkauf@obrien.example', Default: true }],
};

async function open(): Promise<TargetUnderTest<Cin7SupplierBody>> {
  const sim = await startCin7();
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock: fastClock(), random: () => 0.5 });
  const { suppliers } = session;
  const next = (kind: FaultKind, times = 1): void => sim.faults.add({ kind, times });
  return {
    sample,
    changedSample: {
      ...sample,
      PaymentTerm: '14 days',
      Addresses: [...sample.Addresses, { Line1: 'Lagerweg 9', City: 'Brühl', Country: 'Germany', Type: 'Shipping', DefaultForType: true }],
    },
    refusedSample: { ...sample, PaymentTerm: 'Cash in advance (old)' },
    create: async (body, scope) => (await suppliers.create(body, scope)).ID,
    find: async ({ Name }, scope) => (await suppliers.findByName(Name, scope)).map(({ ID }) => ID),
    update: (id, body, scope) => suppliers.update(id, body, scope),
    simulator: {
      loseNextAnswer: () => next('loseNextAnswer'),
      dropNextCall: () => next('dropBeforeCommit'),
      failAfterCommit: () => next('error500AfterCommit'),
      failBeforeCommit: (times) => next('error500BeforeCommit', times),
      spoilNextAnswer: () => sim.faults.add({ kind: 'wrongJson', method: sim.suppliers().length > 0 ? 'PUT' : 'POST' }),
      refuseCredentials: () => next('forbidden'),
      reachLimit: () => {
        for (const style of ['429', '429-sec', '503', '400'] as const) sim.faults.add({ kind: 'limit', times: 2, style });
      },
      records: () => sim.suppliers(),
      writes: () => Object.entries(sim.calls).reduce((sum, [call, count]) => sum + (/^(POST|PUT) /.test(call) ? count : 0), 0),
    },
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

targetContract('cin7-core supplier', open);
