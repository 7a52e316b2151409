import { addAmounts, compareAmounts, isSystemError, systemClock } from '@ml-connector/shared';
import type { Cin7Purchase } from '../../systems/cin7-core/index.ts';
import { readPurchaseOrders, type JdeSession } from '../../systems/jde/index.ts';
import type { Difference, LedgerEntry, Mapping, ReconcileInput, ReconciledSlice } from '../flow.ts';
import { amountOf, currencyOf } from './amounts.ts';
import { isVoided, netOf } from './compare.ts';
import type { PurchaseTarget } from './find.ts';
import { sortLines } from './line-kinds.ts';
import { mapOrder } from './map.ts';
import { isoDay } from './notes.ts';
import type { OrderPayload } from './payload.ts';
import { purchaseFlowSettings, type PurchaseFlowSettings } from './settings.ts';

type Input = ReconcileInput<JdeSession, PurchaseTarget>;

/**
 * Compares JD Edwards, the ledger and Cin7 Core per company, month and currency, over the orders dated in the range that shall have a purchase.
 * Sums are without tax. Purchases are read by the ids in the ledger: those that somebody entered beside the connector are not looked for.
 */
export async function* reconcileOrders(given: Input): AsyncGenerator<ReconciledSlice, void, void> {
  const { orders, unreadable } = await readOrders(given);
  const entries = new Map((await readLedger(given, [...orders.keys()])).map((entry) => [entry.key, entry]));
  const slices = new Map<string, ReconciledSlice>();
  let looked = 0;
  for (const [key, order] of orders) {
    const entry = entries.get(key);
    const targetId = entry?.targetId ?? undefined;
    // Closed or cancelled before it was transferred.
    if (targetId?.startsWith('none ')) continue;
    const found = targetId === undefined ? undefined : await given.target.purchases.get(targetId, given.scope);
    const purchase = found && !isVoided(found) ? found : undefined;
    if (++looked % progressEvery === 0) given.progress(`${looked} of ${orders.size} orders compared`);
    if (!order.isWanted && !purchase) continue;
    const slice = slices.get(order.slice) ?? { name: order.slice, source: none(), ledger: none(), target: none(), differences: [] };
    slices.set(order.slice, slice);
    const posted = entry && order.isWanted ? wantedOf(entry.payload as OrderPayload, given.mapping) : undefined;
    if (order.isWanted) add(slice.source, order.sum);
    if (posted?.isWanted) add(slice.ledger, posted.sum);
    if (purchase) add(slice.target, netOf(purchase));
    const { orderStatus } = purchaseFlowSettings.parse(given.settings);
    slice.differences.push(...differencesOf({ key, order, entry, posted: posted?.sum, purchase, orderStatus }));
  }
  if (unreadable !== undefined) {
    const difference = { key: '', code: 'SOURCE_UNREADABLE', message: unreadable };
    yield { name: 'could not be read', source: none(), ledger: none(), target: none(), differences: [difference] };
  }
  yield* [...slices.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

const progressEvery = 50;
const keysAtOnce = 500;

interface SourceOrder {
  /** `00200 2026-05 USD`. */
  slice: string;
  sum: string;
  /** False for one that is cancelled: no purchase of it shall be open. */
  isWanted: boolean;
}

interface Source {
  orders: Map<string, SourceOrder>;
  /** Orders that could not be understood, as the reading names them: all others are compared all the same. */
  unreadable: string | undefined;
}

async function readOrders({ settings, range, source: session, scope, mapping, ...input }: Input): Promise<Source> {
  const { companies, orderTypes, startDate } = purchaseFlowSettings.parse(settings);
  const { environment } = session.settings;
  const orders: Source['orders'] = new Map();
  const first = range.first < startDate ? startDate : range.first;
  const progress = (message: string): void => input.progress(message);
  const reading = { session, scope, clock: systemClock, mode: 'sweep' as const, cursor: null, progress };
  try {
    for await (const { items } of readPurchaseOrders({ ...reading, companies, orderTypes, startDate: first }))
      for (const order of items) {
        if (isoDay(order.orderDate) > range.last) continue;
        const wanted = wantedOf({ kind: 'order', environment, order }, mapping);
        if (wanted) orders.set(order.key, wanted);
      }
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'JDE_PURCHASE_ORDERS_UNREADABLE') throw error;
    return { orders, unreadable: error.message };
  }
  return { orders, unreadable: undefined };
}

/** What is to be transferred of an order; undefined for one that is held back or left out. */
function wantedOf(payload: OrderPayload, mapping: Mapping): SourceOrder | undefined {
  const outcome = mapOrder(payload, mapping);
  if (outcome.outcome === 'skipped' || payload.kind === 'gone') return undefined;
  const { order } = payload;
  const money = currencyOf(order);
  const currency = 'code' in money ? order.currency || order.baseCurrency : money.currency;
  const slice = (code: string): string => `${order.company} ${isoDay(order.orderDate).slice(0, 7)} ${code}`;
  if (outcome.outcome === 'blocked') return { slice: slice(currency), sum: amountsOf(payload.order, mapping), isWanted: true };
  const { body } = outcome;
  if (body.action === 'cancel') return { slice: slice(currency), sum: '0', isWanted: false };
  return { slice: slice(body.currency), sum: body.total, isWanted: true };
}

/** Of an order that something blocks: what can be understood of its amounts. */
function amountsOf(order: Extract<OrderPayload, { kind: 'order' }>['order'], mapping: Mapping): string {
  const settings = purchaseFlowSettings.parse(mapping.settings);
  const money = currencyOf(order);
  if ('code' in money) return '0';
  const { items, charges } = sortLines(order, settings);
  const amounts = [...items, ...charges].map((line) => amountOf(line, { ...money, ...settings }));
  return addAmounts('0', ...amounts.filter((amount) => typeof amount === 'string'));
}

async function readLedger(input: Input, keys: readonly string[]): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for (let from = 0; from < keys.length; from += keysAtOnce) entries.push(...(await input.ledger(keys.slice(from, from + keysAtOnce))));
  return entries;
}

interface Compared {
  key: string;
  order: SourceOrder;
  entry: LedgerEntry | undefined;
  /** Sum of the ledger's version. */
  posted: string | undefined;
  purchase: Cin7Purchase | undefined;
  orderStatus: PurchaseFlowSettings['orderStatus'];
}

function differencesOf({ key, order, entry, posted, purchase, orderStatus }: Compared): Difference[] {
  const recordId = entry?.recordId;
  const difference = (code: string, message: string): Difference => ({ key, code, message, ...(recordId ? { recordId } : {}) });
  const number = purchase?.OrderNumber || purchase?.ID;
  if (!order.isWanted) return [difference('NOT_IN_SOURCE', `${number} is open, and its order is cancelled in JD Edwards`)];
  if (!entry) return [difference('NOT_IN_LEDGER', `JD Edwards has it over ${order.sum}, the ledger does not know it`)];
  const found: Difference[] = [];
  if (entry.state !== 'succeeded')
    found.push(difference('NOT_POSTED', `its record is ${entry.state}; what an earlier version of it posted is not counted`));
  if (posted !== undefined && compareAmounts(posted, order.sum) !== 0)
    found.push(difference('AMOUNT_DIFFERS', `${order.sum} in JD Edwards, ${posted} in the ledger`));
  if (entry.state === 'succeeded' && !purchase)
    found.push(difference('NOT_IN_TARGET', 'its record has succeeded, and Cin7 Core has no open purchase of it'));
  if (entry.state === 'succeeded' && orderStatus === 'authorised' && purchase && purchase.Order.Status !== 'AUTHORISED')
    found.push(difference('DRAFT_LEFT', `its record has succeeded, and ${number} is not authorised in Cin7 Core`));
  if (purchase && compareAmounts(netOf(purchase), order.sum) !== 0)
    found.push(difference('AMOUNT_DIFFERS', `${order.sum} in JD Edwards, ${netOf(purchase)} in Cin7 Core (${number})`));
  return found;
}

function none(): { count: number; sum: string } {
  return { count: 0, sum: '0' };
}

function add(side: { count: number; sum: string }, sum: string): void {
  side.count += 1;
  side.sum = addAmounts(side.sum, sum);
}
