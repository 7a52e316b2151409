import { addAmounts, roundAmount } from '@ml-connector/shared';
import type { JdePurchaseOrder } from '../../systems/jde/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { amountDecimals, currencyOf } from './amounts.ts';
import { nothing } from './codes-of-lines.ts';
import { sortLines, type SortedLines } from './line-kinds.ts';
import { keyOf, markOf } from './mark.ts';
import { isoDay, memoOf, noteOf, numbersOf } from './notes.ts';
import { mapLines } from './order-lines.ts';
import type { CancelBody, OrderPayload, PurchaseBody, WantedHeader } from './payload.ts';
import { distinct, missing } from './reasons.ts';
import { purchaseFlowSettings, type PurchaseFlowSettings } from './settings.ts';

/**
 * An order as the purchase that Cin7 Core shall have of it. Pure; everything that speaks against it is told at once. An order without a line
 * left is cancelled; what was never posted needs nothing then, which turns out when posting.
 */
export function mapOrder(payload: OrderPayload, mapping: Mapping): MapOutcome<PurchaseBody> {
  const settings = purchaseFlowSettings.parse(mapping.settings);
  const cancel: CancelBody = { action: 'cancel', key: keyOf(payload), mark: markOf(payload) };
  if (payload.kind === 'gone') {
    if (settings.goneOrders === 'void') return { outcome: 'mapped', body: cancel, notes: ['JD Edwards has this order no more'] };
    return { outcome: 'skipped', reason: 'JD Edwards has this order no more; a purchase of it stays as it is (goneOrders)' };
  }
  const { order } = payload;
  const sorted = sortLines(order, settings);
  const skipped = reasonToSkip(order, settings) ?? reasonToHold(order, sorted, settings);
  if (skipped) return { outcome: 'skipped', reason: skipped };
  if (sentLines(sorted) === 0) return { outcome: 'mapped', body: cancel, notes: [whyCancelled(sorted)] };
  return mapPurchase({ payload, sorted, mapping, settings, cancel });
}

function reasonToSkip({ company, type, orderDate }: JdePurchaseOrder, settings: PurchaseFlowSettings): string | undefined {
  const { companies, orderTypes, startDate } = settings;
  if (!companies.includes(company)) return `company ${company} is not among ${companies.join(', ')}`;
  if (!orderTypes.includes(type)) return `order type ${type} is not among ${orderTypes.join(', ')}`;
  if (isoDay(orderDate) < startDate) return `it is dated ${isoDay(orderDate) || 'never'}, before ${startDate}`;
  return undefined;
}

/** What must not reach Cin7 Core yet. The purchase, where there is one, stays as it is meanwhile; cancelling waits for nobody. */
function reasonToHold(
  { holdCode }: JdePurchaseOrder,
  { unreleased, ...sorted }: SortedLines,
  { unreleasedLines, ordersOnHold, statuses }: PurchaseFlowSettings,
): string | undefined {
  const sent = sorted.items.length + sorted.charges.length + sorted.unclear.length;
  if (unreleased.length > 0 && (unreleasedLines === 'hold-order' || sent === 0))
    return `line ${numbersOf(unreleased)} is not released yet (next status before ${statuses.releasedFrom})`;
  if (holdCode !== '' && ordersOnHold === 'wait' && sent > 0) return `it is on hold (${holdCode})`;
  return undefined;
}

function sentLines({ items, charges, unclear }: SortedLines): number {
  return items.length + charges.length + unclear.length;
}

function whyCancelled({ cancelled }: SortedLines): string {
  return cancelled.length > 0 ? 'all its lines are cancelled' : 'it has no line to transfer';
}

interface PurchaseParts {
  payload: Extract<OrderPayload, { kind: 'order' }>;
  sorted: SortedLines;
  mapping: Mapping;
  settings: PurchaseFlowSettings;
  cancel: CancelBody;
}

function mapPurchase({ payload: { order }, sorted, mapping, settings, cancel }: PurchaseParts): MapOutcome<PurchaseBody> {
  const told: string[] = [];
  const reasons: BlockReason[] = [];
  const money = currencyOf(order);
  if ('code' in money) return { outcome: 'blocked', reasons: [money] };
  const currency = mapping.lookup('currencies', money.currency);
  if (currency === undefined) reasons.push(missing('currencies', money.currency, 'its currency'));
  if (/^0*$/.test(order.supplier)) reasons.push({ code: 'SUPPLIER_MISSING', message: 'it has no supplier (AN8)' });
  const mapped = mapLines({ order, sorted, money: { ...money, inCin7: currency }, mapping, settings, told });
  const location = locationOf(order, { sorted, mapping }, reasons);
  const terms = termsOf(order, { mapping, settings }, reasons);
  const all = distinct([...reasons, ...mapped.reasons]);
  if (all.length > 0 || currency === undefined || location === undefined) return { outcome: 'blocked', reasons: all };

  const { Lines, AdditionalCharges } = mapped;
  const [first] = [...Lines, ...AdditionalCharges];
  if (!first) return { outcome: 'mapped', body: cancel, notes: [...told, 'nothing is left of it'] };
  const note = noteOf(order, cancel.mark, sorted, told);
  const header: WantedHeader = {
    Approach: settings.approach,
    PurchaseType: settings.purchaseType,
    Location: location,
    TaxRule: first.TaxRule,
    TaxCalculation: 'Exclusive',
    ...(terms !== undefined && { Terms: terms }),
    ...requiredBy(order, settings),
    Note: note,
  };
  const total = roundAmount(addAmounts('0', ...[...Lines, ...AdditionalCharges].map(({ Total }) => Total)), amountDecimals);
  const Memo = settings.textLines === 'memo' ? memoOf(sorted.texts, told) : '';
  const body: PurchaseBody = {
    action: 'put',
    key: order.key,
    mark: cancel.mark,
    supplier: order.supplier,
    currency,
    isClosed: sorted.isClosed,
    total,
    purchase: { header, Memo, Lines, AdditionalCharges },
  };
  return { outcome: 'mapped', body, notes: told };
}

/** A purchase has one location: that of its item lines' branches, else of the order's. */
function locationOf(
  order: JdePurchaseOrder,
  { sorted, mapping }: Pick<PurchaseParts, 'sorted' | 'mapping'>,
  reasons: BlockReason[],
): string | undefined {
  const branches = new Set(sorted.items.map(({ branch }) => branch || order.branch || nothing));
  if (branches.size === 0) branches.add(order.branch || nothing);
  const locations = new Map([...branches].map((branch) => [branch, mapping.lookup('locations', branch)]));
  for (const [branch, location] of locations) if (location === undefined) reasons.push(missing('locations', branch, 'its branch'));
  const [location, another] = new Set(locations.values());
  if (another !== undefined && location !== undefined)
    reasons.push({
      code: 'LOCATIONS_DIFFER',
      message: `its lines go to different locations, and a purchase of Cin7 Core has one: ${[...locations].map(([branch, to]) => `${branch} to ${to}`).join(', ')}`,
    });
  return location;
}

function termsOf(
  { paymentTerms }: JdePurchaseOrder,
  { mapping, settings }: Pick<PurchaseParts, 'mapping' | 'settings'>,
  reasons: BlockReason[],
): string | undefined {
  if (settings.paymentTerms === 'of-supplier' || paymentTerms === '') return undefined;
  const terms = mapping.lookup('payment-terms', paymentTerms);
  if (terms === undefined) reasons.push(missing('payment-terms', paymentTerms, 'its payment terms'));
  return terms;
}

function requiredBy({ promisedDate, requestedDate }: JdePurchaseOrder, settings: PurchaseFlowSettings): { RequiredBy?: string } {
  const [first, second] = settings.requiredBy === 'promised' ? [promisedDate, requestedDate] : [requestedDate, promisedDate];
  const day = isoDay(first || second);
  return day === '' ? {} : { RequiredBy: day };
}
