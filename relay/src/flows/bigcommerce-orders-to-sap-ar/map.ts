import { addAmounts, compareAmounts, subtractAmounts } from '@ml-connector/shared';
import {
  allowedDifference,
  componentsOf,
  customerOf,
  dayIn,
  decimalsOf,
  halfCoin,
  itemsFor,
  Lookups,
  orderStamp,
  type OrderComponents,
  type OrderPayload,
} from '../bigcommerce-ar/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { partsOf, type ArBody, type ArComponent } from '../sap-ar/index.ts';
import { orderFlowSettings, type OrderFlowSettings } from './settings.ts';

/** The receivable of an order: what customer and tenders owe against revenue, charges and taxes; nothing for a cancelled one. */
export function mapOrder(order: OrderPayload, mapping: Mapping): MapOutcome<ArBody> {
  const settings = orderFlowSettings.parse(mapping.settings);
  const { acceptedStatuses, cancelledStatuses, startDate } = settings;
  if (order.problem !== undefined) return blocked('ORDER_UNREADABLE', order.problem);
  if (order.createdAt === '') return blocked('ORDER_UNREADABLE', 'the store gave no date of the order');
  const day = dayIn(settings.timeZone, order.createdAt);
  const { statusId } = order;
  const isListed = statusId !== 'accepted' && cancelledStatuses.includes(statusId);
  // Its credit memos stand against the invoice: without that they would be owed to the customer a second time.
  const isCancelled = isListed && compareAmounts(order.refunded, order.total) < 0;
  if (!isListed && statusId !== 'accepted' && !acceptedStatuses.includes(statusId))
    return { outcome: 'skipped', reason: `status ${statusId} is not one that is posted; it is read again when that changes` };
  if (day < startDate) return { outcome: 'skipped', reason: `the order is of ${day}, before the start date ${startDate}` };
  if (isCancelled && order.refunded !== '0')
    return blocked(
      'CANCELLED_WITH_REFUNDS',
      `the order was cancelled after ${order.refunded} of ${order.total} ${order.currency} were given back: credit memos of refunds may stand against its invoice. Clear it up by hand in SAP, then skip this record`,
    );
  const header = headerOf(order, settings, day);
  const base = {
    name: `order ${order.orderId}`,
    reference: referenceOf(order, settings),
    companyCode: settings.companyCode,
    currency: order.currency,
    stamp: orderStamp(order),
  };
  const isFree = compareAmounts(order.total, '0') === 0 && order.giftCertificate === '0' && order.storeCredit === '0';
  if (isCancelled || isFree)
    return { outcome: 'mapped', body: { ...base, header, customer: { kind: 'number', number: '' }, parts: [] }, notes: [] };

  const lookups = new Lookups(mapping, settings, order);
  const composed = componentsOf(order, lookups, settings);
  const rounding = roundingOf(order, composed, { lookups, settings });
  const { customer, reasons } = customerOf(order, lookups, settings);
  const problems = [...lookups.missing, ...reasons, ...checkSums(order, composed, settings)];
  if ('reason' in rounding) return { outcome: 'blocked', reasons: [...problems, rounding.reason] };
  if (problems.length > 0) return { outcome: 'blocked', reasons: problems };

  const components = [...allOf(composed), ...rounding.components];
  const long = itemsFor(components.length, settings);
  if ('reason' in long) return { outcome: 'blocked', reasons: [long.reason] };
  const { taxAccountKey: accountKey, taxConditionKey: conditionKey } = settings;
  const parts = partsOf({
    components,
    tenders: composed.tenders,
    total: order.total,
    decimals: decimalsOf(order.currency, settings),
    side: 'invoice',
    items: long.items,
    mostItems: settings.mostItems,
    assignment: base.reference,
    taxKeys: { ...(accountKey && { accountKey }), ...(conditionKey && { conditionKey }) },
  });
  const notes = [...composed.notes, ...rounding.notes, ...long.notes];
  if (parts.length > 1) notes.push(`Split into ${parts.length} documents`);
  return { outcome: 'mapped', body: { ...base, header, customer, parts }, notes };
}

/** `BC10452`; the same in every attempt and version. */
export function referenceOf(
  { orderId }: Pick<OrderPayload, 'orderId'>,
  { referencePrefix }: Pick<OrderFlowSettings, 'referencePrefix'>,
): string {
  return `${referencePrefix}${orderId}`;
}

function headerOf(order: OrderPayload, settings: OrderFlowSettings, day: string): ArBody['header'] {
  const { documentType, paymentTerms } = settings;
  const assignment = referenceOf(order, settings);
  return { documentType, documentDate: day, postingDate: day, text: `Order ${order.orderId}`, assignment, paymentTerms };
}

function allOf({ lines, charges }: OrderComponents): ArComponent[] {
  return [...[...lines.values()].flat(), ...charges.map(({ component }) => component)];
}

function blocked(code: string, message: string): MapOutcome<ArBody> {
  return { outcome: 'blocked', reasons: [{ code, message }] };
}

/** What the order says of its taxes and tenders as a whole has to be what its parts say. */
function checkSums(order: OrderPayload, composed: OrderComponents, settings: OrderFlowSettings): BlockReason[] {
  const reasons: BlockReason[] = [];
  const taxes = allOf(composed).map((one) => one.tax);
  const tax = addAmounts('0', ...taxes);
  const allowed = allowedDifference(taxes, {
    decimals: decimalsOf(order.currency, settings),
    tolerance: settings.roundingTolerance,
  });
  const difference = subtractAmounts(order.totalTax, tax);
  if (compareAmounts(difference.replace('-', ''), allowed) > 0)
    reasons.push({
      code: 'ORDER_TAX_DIFFERS',
      message: `the taxes of its lines and charges sum to ${tax} ${order.currency}, the order says ${order.totalTax}: ${difference} more than the tolerance of ${allowed} allows`,
    });
  const tendered = addAmounts(order.giftCertificate, order.storeCredit);
  if (compareAmounts(tendered, order.total) > 0)
    reasons.push({
      code: 'TENDERS_EXCEED_TOTAL',
      message: `gift certificates and store credit paid ${tendered} ${order.currency} of a total of ${order.total}`,
    });
  return reasons;
}

/** The order's own sums, compared: a small difference gets an item of its own, a larger one a person (facts/bigcommerce.md 6.3). */
function roundingOf(
  order: OrderPayload,
  composed: OrderComponents,
  { lookups, settings }: { lookups: Lookups; settings: OrderFlowSettings },
): { components: ArComponent[]; notes: string[] } | { reason: BlockReason } {
  const sum = addAmounts('0', ...allOf(composed).map(({ gross }) => gross));
  const difference = subtractAmounts(order.total, sum);
  const size = difference.replace('-', '');
  // What rounding each amount to the coin explains needs no account.
  if (compareAmounts(size, halfCoin(decimalsOf(order.currency, settings))) < 0) return { components: [], notes: [] };
  if (compareAmounts(size, settings.roundingTolerance) > 0)
    return {
      reason: {
        code: 'ORDER_SUMS_DIFFER',
        message: `its lines and charges sum to ${sum} ${order.currency}, its total is ${order.total}: ${difference} more than the tolerance of ${settings.roundingTolerance} allows`,
      },
    };
  const component = { account: lookups.other('rounding'), text: 'Rounding', gross: difference, tax: '0' };
  return { components: [component], notes: [`Difference of ${difference} ${order.currency} between the order's total and its lines`] };
}
