import { addAmounts, compareAmounts } from '@ml-connector/shared';
import { componentsOf, customerOf, dayIn, decimalsOf, itemsFor, Lookups } from '../bigcommerce-ar/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { partsOf, stampOf, type ArBody, type ArTender } from '../sap-ar/index.ts';
import { refundComponents } from './components.ts';
import type { RefundPayload } from './payload.ts';
import { refundFlowSettings } from './settings.ts';

/** The credit memo of one refund; nothing where its payment was declined. */
export function mapRefund(refund: RefundPayload, mapping: Mapping): MapOutcome<ArBody> {
  const settings = refundFlowSettings.parse(mapping.settings);
  const { order, refundId } = refund;
  if (refund.problem !== undefined) return blocked('REFUND_UNREADABLE', refund.problem);
  if (order.problem !== undefined) return blocked('ORDER_UNREADABLE', order.problem);
  if (refund.createdAt === '') return blocked('REFUND_UNREADABLE', 'the store gave no date of the refund');
  const day = dayIn(settings.timeZone, refund.createdAt);
  if (day < settings.startDate)
    return { outcome: 'skipped', reason: `the refund is of ${day}, before the start date ${settings.startDate}` };
  const { referencePrefix, companyCode, documentType, paymentTerms } = settings;
  const base = {
    name: `refund ${refundId} of order ${order.orderId}`,
    reference: `${referencePrefix}R${refundId}`,
    companyCode,
    currency: order.currency,
    stamp: stampOf({ system: order.storeHash, content: contentOf(refund) }),
  };
  // The order's reference as assignment puts both on one line of the customer's account.
  const assignment = `${referencePrefix}${order.orderId}`;
  const header = {
    documentType,
    documentDate: day,
    postingDate: day,
    text: `Refund ${refundId}, order ${order.orderId}`,
    assignment,
    paymentTerms,
  };
  const declined = refund.payments.filter((payment) => payment.isDeclined);
  const isDeclined = declined.length > 0 && declined.length === refund.payments.length;
  if (isDeclined)
    return {
      outcome: 'mapped',
      body: { ...base, header, customer: { kind: 'number', number: '' }, parts: [] },
      notes: ['Every payment of it was declined'],
    };

  if (declined.length > 0)
    return blocked(
      'REFUND_PARTLY_DECLINED',
      `${addAmounts(...declined.map((payment) => payment.amount))} of ${refund.total} ${order.currency} were declined: the store does not say what of the refund was paid. Enter it by hand and skip this record, or refund the rest once more in the store`,
    );
  const lookups = new Lookups(mapping, settings, order);
  const composed = componentsOf(order, lookups, settings);
  const given = refundComponents(refund, {
    composed,
    lookups,
    tolerance: settings.roundingTolerance,
    decimals: decimalsOf(order.currency, settings),
  });
  const tenders = tendersOf(refund, lookups);
  const { customer, reasons } = customerOf(order, lookups, settings);
  const problems = [...lookups.missing, ...reasons, ...tooMuch(refund, tenders)];
  if ('reason' in given) return { outcome: 'blocked', reasons: [...problems, given.reason] };
  if (problems.length > 0) return { outcome: 'blocked', reasons: problems };
  const long = itemsFor(given.components.length, settings);
  if ('reason' in long) return { outcome: 'blocked', reasons: [long.reason] };
  const { taxAccountKey: accountKey, taxConditionKey: conditionKey, mostItems } = settings;
  const parts = partsOf({
    components: given.components,
    tenders,
    total: refund.total,
    decimals: decimalsOf(order.currency, settings),
    side: 'credit',
    items: long.items,
    mostItems,
    assignment,
    taxKeys: { ...(accountKey && { accountKey }), ...(conditionKey && { conditionKey }) },
  });
  const notes = [...composed.notes, ...given.notes, ...long.notes];
  if (parts.length > 1) notes.push(`Split into ${parts.length} documents`);
  return { outcome: 'mapped', body: { ...base, header, customer, parts }, notes };
}

function blocked(code: string, message: string): MapOutcome<ArBody> {
  return { outcome: 'blocked', reasons: [{ code, message }] };
}

function tooMuch({ total, order }: RefundPayload, tenders: readonly ArTender[]): BlockReason[] {
  const credited = addAmounts('0', ...tenders.map(({ amount }) => amount));
  if (compareAmounts(credited, total) <= 0) return [];
  return [{ code: 'TENDERS_EXCEED_TOTAL', message: `${credited} ${order.currency} were credited in the store for a refund of ${total}` }];
}

/** What was not paid back but credited in the store. */
function tendersOf({ payments, order }: RefundPayload, lookups: Lookups): ArTender[] {
  const credited = payments.filter(({ provider, isDeclined }) => !isDeclined && /^store_?credit$/i.test(provider));
  const amount = addAmounts('0', ...credited.map((payment) => payment.amount));
  if (compareAmounts(amount, '0') === 0) return [];
  return [{ account: lookups.balance('store-credit'), text: `Store credit, order ${order.orderId}`, amount }];
}

/** What the store says of the refund itself; its order may be worked on afterwards. */
function contentOf({ refundId, createdAt, total, totalTax, items, payments, order: { orderId, currency } }: RefundPayload): unknown {
  return { refundId, orderId, createdAt, currency, total, totalTax, items, payments };
}
