import { addAmounts } from '@ml-connector/shared';
import type { JdeCustomer, Landscape } from '../landscape/index.ts';

export interface JdeChanges {
  /** What was done, a sentence each. */
  told: string[];
  suppliersUpdated: number;
  ordersCreated: number;
}

type Row = Record<string, string>;

/** What people do in JD Edwards on an ordinary day, to things that stand in Cin7 Core already. */
export async function changeJde({ jde }: Landscape, { cin7, environment }: JdeCustomer): Promise<JdeChanges> {
  const linesOf = Map.groupBy(await jde.rows('F4311'), ({ DOCO }) => DOCO ?? '');
  const inCin7 = new Set((await cin7.purchases()).map(({ Note }) => Note.split('\n')[0]?.trim()));
  const orders = (await jde.rows('F4301')).filter(({ KCOO, DCTO, DOCO }) => inCin7.has(`JDE:${environment}/${KCOO}/${DCTO}/${DOCO}/000`));
  const isOpen = ({ LTTR, NXTR = '', LNTY }: Row): boolean => LTTR !== '980' && NXTR < '999' && LNTY === 'S';
  const changeable = orders.filter(({ DOCO = '', CRRM }) => CRRM !== 'F' && (linesOf.get(DOCO) ?? []).filter(isOpen).length >= 3);
  const [moreOf = {}, oneLess = {}, dropped = {}] = changeable;
  const openLines = ({ DOCO = '' }: Row): Row[] => (linesOf.get(DOCO) ?? []).filter(isOpen);

  const suppliers = await jde.rows('F0401', { TRAP: '002' });
  const ordered = new Set((await jde.rows('F4301')).map(({ AN8 }) => AN8));
  const [moved = {}, purged = {}] = suppliers.filter(({ AN8 }) => !ordered.has(AN8)).slice(3);
  await jde.act('changeAddress', { AN8: moved['AN8'] ?? '', change: { ADD1: 'Lindenallee 7', CTY1: 'Görlitz', ADDZ: '02826' } });
  await jde.act('purgeSupplier', { AN8: purged['AN8'] ?? '' });

  const [line = {}] = openLines(moreOf);
  const { UORG = '0', UOPN = '0', AEXP = '0', AOPN = '0' } = line;
  await jde.act('changeLine', {
    ...keyOf(line),
    change: {
      UORG: addAmounts(UORG, UORG),
      UOPN: addAmounts(UOPN, UORG),
      AEXP: addAmounts(AEXP, AEXP),
      AOPN: addAmounts(AOPN, AEXP),
    },
  });
  await jde.act('cancelLine', keyOf(openLines(oneLess)[1] ?? {}));
  for (const one of linesOf.get(dropped['DOCO'] ?? '') ?? []) if (one['LTTR'] !== '980') await jde.act('cancelLine', keyOf(one));
  const supplier = suppliers.find(({ CRRP }) => CRRP === 'EUR') ?? {};
  const added = await jde.act('addOrder', {
    AN8: supplier['AN8'] ?? '',
    lines: [{ purchasingUnits: '4' }, { kind: 'text' }, { kind: 'freight', amount: '49.90' }],
  });

  const postable = await jde.rows('F0901', { PEC: '', LDA: '6' });
  const [renamed = {}, closed = {}] = postable.slice(5);
  await jde.act('changeAccount', { AID: renamed['AID'] ?? '', change: { DL01: 'Gebäude & Anlagen (neu)' } });
  await jde.act('changeAccount', { AID: closed['AID'] ?? '', change: { PEC: 'I' } });
  return {
    told: [
      `address of supplier ${moved['AN8']}: a new street, which touches F0116 alone`,
      `supplier ${purged['AN8']} purged: no table has it any more`,
      `order ${moreOf['DOCO']}: twice as many on line ${line['LNID']}`,
      `order ${oneLess['DOCO']}: a line cancelled`,
      `order ${dropped['DOCO']}: all its lines cancelled`,
      `order ${added.DOCO}: new, with free text and freight`,
      `account ${renamed['AID']} renamed`,
      `account ${closed['AID']} closed to postings`,
    ],
    // The purged one is deprecated by the sweep.
    suppliersUpdated: 2,
    ordersCreated: 1,
  };
}

function keyOf({ DOCO = '', LNID = '', DCTO = '', KCOO = '' }: Row): { DOCO: string; LNID: string; DCTO: string; KCOO: string } {
  return { DOCO, LNID, DCTO, KCOO };
}
