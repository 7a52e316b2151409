import { addAmounts } from '@ml-connector/shared';
import { jdeOrderFlow, jdeProducts, jdeSupplierFlow } from '../../landscape/index.ts';
import type { OrderLine } from '../../sandbox/jde/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import { aisLogon, aisRead, anyMoment, begun, idle, ledgerPoint, lookUpAfterLoss, settled, takenIn, targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';
import { beginWithJde, type JdeInLane } from './jde.ts';

const call =
  (method: string, path: RegExp) =>
  (one: HttpCall): boolean =>
    one.method === method && path.test(one.path);
const header = /^advanced-purchase\b/i;
const list = /^purchaseList\b/i;
const lines = /^purchase\/order\b/i;
const tables = ['F4301', 'F4311'];

/**
 * Purchase orders of JD Edwards become purchases of Cin7: header, lines, authorisation; changed ones are undone, written anew and authorised.
 * Cin7 takes any note twice, so nothing but the product keeps purchases single.
 */
export const jdeOrderChaos: ChaosFlow = {
  id: jdeOrderFlow,
  erp: 'jde',
  steps: [
    idle,
    anyMoment,
    aisLogon('logging on', { phase: 'before' }),
    aisRead('reading changes', { phase: 'before', tables, words: 'UPMJ', nth: [1, 2] }),
    aisRead('reading headers or lines', { phase: 'before', tables, nth: [3, 4] }),
    aisRead('lines read, answer on its way', { phase: 'after', tables: ['F4311'], nth: [1, 2] }),
    ledgerPoint('taken in', { ...takenIn(jdeOrderFlow), nth: [1, 1] }),
    ledgerPoint('posting is on disk', { ...begun(jdeOrderFlow), nth: [1, 4] }),
    targetCall('look before posting', { phase: 'before', matches: call('GET', list), nth: [1, 3] }),
    targetCall('header, not applied yet', { phase: 'before', matches: call('POST', header), nth: [1, 3] }),
    targetCall('header made, answer on its way', { phase: 'after', matches: call('POST', header), nth: [1, 3] }),
    targetCall('lines, not applied yet', { phase: 'before', matches: call('POST', lines), nth: [1, 4] }),
    targetCall('lines written, answer on its way', { phase: 'after', matches: call('POST', lines), nth: [1, 4] }),
    targetCall('undoing, not applied yet', { phase: 'before', matches: call('DELETE', header), nth: [1, 1] }),
    targetCall('undone, answer on its way', { phase: 'after', matches: call('DELETE', header), nth: [1, 1] }),
    targetCall('changing the header, not applied yet', { phase: 'before', matches: call('PUT', header), nth: [1, 1] }),
    targetCall('header changed, answer on its way', { phase: 'after', matches: call('PUT', header), nth: [1, 1] }),
    lookUpAfterLoss('look-up after a lost answer', {
      write: call('POST', header),
      read: call('GET', list),
      // It is looked for by its supplier, whose name the header does not say.
      about: () => '',
    }),
    ledgerPoint('settling', { ...settled(jdeOrderFlow), nth: [1, 4] }),
  ],
  begin: (lane) => beginWithJde(lane, { flows: [jdeSupplierFlow, jdeOrderFlow], happen, ofLedger, without: ['suppliers'] }),
};

type Row = Record<string, string>;

/** New orders; of those that stand in Cin7 some lines are changed or cancelled, now and then all of one. */
async function happen({ lane: { landscape }, customer }: JdeInLane, random: Random): Promise<void> {
  const { jde } = landscape;
  const suppliers = await jde.rows('F0401', { CRRP: 'EUR' });
  const marks = new Set(
    (await customer.cin7.purchases()).filter(({ isVoided }) => !isVoided).map(({ Note }) => Note.split('\n')[0]?.trim() ?? ''),
  );
  const open = (await jde.rows('F4311', { LNTY: 'S' })).filter(
    ({ KCOO, DCTO, DOCO, LTTR, NXTR = '' }) =>
      marks.has(`JDE:${customer.environment}/${KCOO}/${DCTO}/${DOCO}/000`) && LTTR !== '980' && NXTR < '999',
  );
  for (let one = random.between(3, 5); one > 0; one--)
    await jde.act('addOrder', {
      AN8: random.pick(suppliers)['AN8'] ?? '',
      lines: Array.from({ length: random.between(1, 5) }, (_line, index) => newLine(random, index)),
    });
  const orders = [...Map.groupBy(open, ({ DOCO }) => DOCO).values()];
  const chosen = new Set(Array.from({ length: random.between(2, 3) }, () => random.pick(orders)));
  for (const [index, ofOrder] of [...chosen].entries()) {
    const what = index === 0 ? 'more' : random.pick(['more', 'less', 'none'] as const);
    const line = random.pick(ofOrder);
    if (what === 'more') await jde.act('changeLine', { ...keyOf(line), change: oneMore(line) });
    if (what === 'less') await jde.act('cancelLine', keyOf(line));
    if (what === 'none')
      for (const any of await jde.rows('F4311', { DOCO: line['DOCO'] ?? '', DCTO: line['DCTO'] ?? '', KCOO: line['KCOO'] ?? '' }))
        if (any['LTTR'] !== '980') await jde.act('cancelLine', keyOf(any));
  }
}

function newLine(random: Random, index: number): Partial<OrderLine> {
  if (index > 0 && random.chance(0.3)) return { kind: random.pick(['freight', 'text'] as const), amount: `${random.between(5, 90)}.50` };
  const { SKU, unit, perUnit } = random.pick(jdeProducts);
  return {
    item: {
      ITM: String(61_000 + jdeProducts.findIndex((product) => product.SKU === SKU)),
      LITM: SKU,
      AITM: '',
      DSC1: `${SKU} für Werk Süd`,
      DSC2: '',
      UOM: unit,
      UOM3: unit,
      perPurchasingUnit: perUnit,
      price: `${random.between(1, 900)}.${random.digits(2)}`,
    },
    purchasingUnits: String(random.between(1, 40)),
  };
}

/** Amounts grow by themselves, so that the price stays. */
function oneMore({ UORG = '0', UOPN = '0', AEXP = '0', AOPN = '0', FEA = '0', FAP = '0' }: Row): Row {
  return {
    UORG: addAmounts(UORG, UORG),
    UOPN: addAmounts(UOPN, UORG),
    AEXP: addAmounts(AEXP, AEXP),
    AOPN: addAmounts(AOPN, AEXP),
    FEA: addAmounts(FEA, FEA),
    FAP: addAmounts(FAP, FEA),
  };
}

function keyOf({ DOCO = '', LNID = '', DCTO = '', KCOO = '' }: Row): { DOCO: string; LNID: string; DCTO: string; KCOO: string } {
  return { DOCO, LNID, DCTO, KCOO };
}

/** What stands in Cin7 is what the newest version of its order is linked to. */
async function ofLedger({ lane, customer }: JdeInLane): Promise<string[]> {
  const entries = new Map(lane.ledger.newest(jdeOrderFlow).map((entry) => [entry.key, entry]));
  const live = (await customer.cin7.purchases()).filter(({ isVoided }) => !isVoided);
  return live.flatMap(({ ID, OrderNumber, Note }) => {
    const key = /\/(\S+)/.exec(Note)?.[1]?.replaceAll('/', '-') ?? '';
    const entry = entries.get(key);
    const isTold = entry?.state === 'skipped' || (entry?.state === 'succeeded' && entry.targetId?.toLowerCase() === ID.toLowerCase());
    return isTold ? [] : [`purchase ${OrderNumber} of ${key}: the ledger says ${entry ? `${entry.state} ${entry.targetId}` : 'nothing'}`];
  });
}
