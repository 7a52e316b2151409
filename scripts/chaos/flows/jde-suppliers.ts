import { jdeSupplierFlow } from '../../landscape/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import { aisLogon, aisRead, anyMoment, begun, idle, ledgerPoint, lookUpAfterLoss, settled, takenIn, targetCall } from '../steps.ts';
import type { ChaosFlow } from './flow.ts';
import { beginWithJde, type JdeInLane } from './jde.ts';

const supplier = (method: string) => (call: { method: string; path: string }) => call.method === method && /^supplier\b/i.test(call.path);
const tables = ['F0401', 'F0101', 'F0111', 'F0116', 'F0115', 'F01151'];

/** Suppliers of JD Edwards become suppliers of Cin7: creations, and changes that touch one table each. */
export const jdeSupplierChaos: ChaosFlow = {
  id: jdeSupplierFlow,
  erp: 'jde',
  steps: [
    idle,
    anyMoment,
    aisLogon('logging on', { phase: 'before' }),
    aisLogon('logged on, answer on its way', { phase: 'after' }),
    aisRead('reading changes', { phase: 'before', tables, words: 'UPMJ', nth: [1, 5] }),
    aisRead('reading a page', { phase: 'before', tables, nth: [7, 11] }),
    aisRead('page read, answer on its way', { phase: 'after', tables, nth: [1, 11] }),
    ledgerPoint('taken in', { ...takenIn(jdeSupplierFlow), nth: [1, 1] }),
    ledgerPoint('posting is on disk', { ...begun(jdeSupplierFlow), nth: [1, 6] }),
    targetCall('look before posting', { phase: 'before', matches: supplier('GET'), nth: [1, 8] }),
    targetCall('creating, not applied yet', { phase: 'before', matches: supplier('POST'), nth: [1, 4] }),
    targetCall('created, answer on its way', { phase: 'after', matches: supplier('POST'), nth: [1, 4] }),
    targetCall('updating, not applied yet', { phase: 'before', matches: supplier('PUT'), nth: [1, 1] }),
    targetCall('updated, answer on its way', { phase: 'after', matches: supplier('PUT'), nth: [1, 1] }),
    lookUpAfterLoss('look-up after a lost answer', {
      write: supplier('POST'),
      read: supplier('GET'),
      // The name may have the supplier's number behind it.
      about: (body) => (JSON.parse(body) as { Name: string }).Name.replace(/ \[\d+\]$/, ''),
    }),
    ledgerPoint('settling', { ...settled(jdeSupplierFlow), nth: [1, 6] }),
  ],
  begin: (lane) => beginWithJde(lane, { flows: [jdeSupplierFlow], happen, ofLedger, without: ['orders'] }),
};

const families = ['Häußler', "O'Neill", '华联', 'Özdemir', 'McAllister', 'Größl', 'Łukasiewicz'];
const trades = ['Verpackungen', 'Castings', '五金制品', 'Tool & Die', 'Spedition'];
const towns = [
  { ADDZ: '80331', CTY1: 'München' },
  { ADDZ: '97070', CTY1: 'Würzburg' },
  { ADDZ: '23552', CTY1: 'Lübeck' },
];
const terms = ['001', '002', '004', 'N45'];
let made = 0;

async function happen({ lane: { landscape } }: JdeInLane, random: Random): Promise<void> {
  const { jde } = landscape;
  const present = (await jde.rows('F0401')).map(({ AN8 = '' }) => AN8);
  const withAddress = new Set((await jde.rows('F0116', { EFTB: '' })).map(({ AN8 }) => AN8));
  for (let one = random.between(5, 8); one > 0; one--) {
    // Now and then two of one name, which Cin7 does not take.
    const number = random.chance(0.9) ? ++made : made;
    await jde.act('addSupplier', {
      ALPH: `${families[number % families.length]} ${trades[number % trades.length]} ${number}`,
      EMAL: `orders${random.digits(6)}@supplier.example`,
      PH1: random.digits(7),
      address: { ADD1: `Hauptstraße ${random.between(1, 200)}`, ...random.pick(towns) },
      master: { TRAP: random.pick(terms) },
    });
  }
  const changeable = present.filter((number) => withAddress.has(number));
  const chosen = new Set(Array.from({ length: random.between(4, 7) }, () => random.pick(changeable)));
  for (const AN8 of chosen) {
    const what = random.pick(['address', 'terms', 'e-mail'] as const);
    if (what === 'address')
      await jde.act('changeAddress', { AN8, change: { ADD1: `Am Hafen ${random.between(1, 3000)}`, ...random.pick(towns), CTR: 'DE' } });
    if (what === 'terms') await jde.update('F0401', { AN8 }, { TRAP: random.pick(terms) });
    if (what === 'e-mail' && (await jde.rows('F01151', { AN8, IDLN: '0', RCK7: '1' })).length > 0)
      await jde.update('F01151', { AN8, IDLN: '0', RCK7: '1' }, { EMAL: `new${random.digits(6)}@supplier.example` });
  }
  // One that is another one for sure.
  await jde.act('changeAddress', { AN8: random.pick(changeable), change: { ADD1: `Lindenallee ${random.digits(6)}` } });
}

/** Each supplier is succeeded in the newest version, and linked to what stands in Cin7. */
async function ofLedger({ lane, customer }: JdeInLane): Promise<string[]> {
  const entries = new Map(lane.ledger.newest(jdeSupplierFlow).map((entry) => [entry.key, entry]));
  const ids = new Map(
    (await customer.cin7.suppliers()).map(({ ID, Comments }) => [/JDE supplier (\d+)/.exec(Comments)?.[1] ?? '', ID.toLowerCase()]),
  );
  return (await lane.landscape.jde.rows('F0401')).flatMap(({ AN8 = '' }) => {
    const entry = entries.get(AN8);
    const isTold = entry?.state === 'succeeded' && entry.targetId?.toLowerCase() === ids.get(AN8);
    return isTold ? [] : [`supplier ${AN8}: the ledger says ${entry ? `${entry.state} ${entry.targetId}` : 'nothing'}`];
  });
}
