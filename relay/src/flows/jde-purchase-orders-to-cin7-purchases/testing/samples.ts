import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../../systems/jde/index.ts';
import type { MapOutcome, Mapping } from '../../flow.ts';

import { mapOrder } from '../map.ts';
import type { OrderPayload, PurchaseBody, PutBody } from '../payload.ts';
import { purchaseValueMaps } from '../value-maps.ts';

/** An approved order of company 00200 in US dollars: ten bearings and a case of gaskets. */
export function order(more: Partial<JdePurchaseOrder> = {}): JdePurchaseOrder {
  return {
    key: '00200-OP-12345-000',
    company: '00200',
    type: 'OP',
    number: '12345',
    suffix: '000',
    supplier: '6001',
    branch: '30',
    orderDate: '20260502',
    requestedDate: '20260520',
    promisedDate: '20260522',
    cancelDate: '',
    references: ['REQ-88', ''],
    remark: "Rush for O'Brien & Söhne",
    deliveryInstructions: ['Gate 4', ''],
    paymentTerms: 'N30',
    taxArea: 'DE19',
    taxExplanation: 'V',
    holdCode: '',
    currencyMode: 'D',
    currency: 'USD',
    baseCurrency: 'USD',
    exchangeRate: '0',
    orderedBy: 'KLEE',
    lines: [line(), line({ number: '2.000', item: item('4712'), unit: 'CS', quantity: '2', extendedAmount: '96.00' })],
    ...more,
  };
}

/** Ten of item 4711 for 125.00; amounts are the same in both currencies unless told otherwise. */
export function line(more: Partial<JdePurchaseOrderLine> = {}): JdePurchaseOrderLine {
  const { extendedAmount = '125.00', quantity = '10' } = more;
  return {
    number: '1.000',
    type: 'S',
    item: item('4711'),
    descriptions: ['Kugellager 6204', '轴承'],
    branch: '30',
    lastStatus: '280',
    nextStatus: '400',
    unit: 'EA',
    openQuantity: quantity,
    receivedQuantity: '0',
    cancelledQuantity: '0',
    purchasingUnit: 'EA',
    unitCost: '12.5000',
    foreignUnitCost: '0',
    foreignExtendedAmount: '0',
    isTaxable: true,
    taxArea: '',
    taxExplanation: '',
    requestedDate: '20260520',
    promisedDate: '20260522',
    cancelDate: '',
    reference: '',
    account: { id: '', businessUnit: '', object: '', subsidiary: '' },
    ...more,
    extendedAmount,
    quantity,
  };
}

export function item(second: string): JdePurchaseOrderLine['item'] {
  return { short: `6${second}`, second, third: `A-${second}` };
}

export const noItem: JdePurchaseOrderLine['item'] = { short: '0', second: '', third: '' };

export const cancelled = { lastStatus: '980', nextStatus: '999', openQuantity: '0' };

export function payloadOf(one: JdePurchaseOrder): Extract<OrderPayload, { kind: 'order' }> {
  return { kind: 'order', environment: 'JPD920', order: one };
}

export const requiredSettings = { companies: ['00200'], startDate: '2026-01-01', roundingCharge: 'Rounding' };

/** Entries of the value maps; the others pass codes on. */
export const mapEntries: Record<string, Record<string, string>> = {
  'tax-rules': { DE19: 'Tax on Purchases', N: 'Tax Exempt' },
  units: { EA: 'Item', CS: '12 x Item', KG: 'kg' },
  locations: { '30': 'Main Warehouse', '40': 'East' },
  charges: { F: 'Freight', '5010.100': 'Installation' },
  'payment-terms': { N30: '30 days' },
};

/** Settings with the flow's defaults, and value maps as the engine applies their policies. */
export function mapping(settings: Record<string, unknown> = {}, more: Record<string, Record<string, string>> = {}): Mapping {
  const maps: Record<string, Record<string, string>> = { ...mapEntries, ...more };
  return {
    settings: { ...requiredSettings, ...settings },
    lookup(id, ...codes) {
      const isPassing = purchaseValueMaps.find((spec) => spec.id === id)?.missing === 'pass';
      return codes.map((code) => maps[id]?.[code]).find((code) => code !== undefined) ?? (isPassing ? codes.at(-1) : undefined);
    },
  };
}

export function mapped(one: JdePurchaseOrder, ...how: Parameters<typeof mapping>): MapOutcome<PurchaseBody> {
  return mapOrder(payloadOf(one), mapping(...how));
}

/** The body of an order that has a purchase. */
export function putBody(one: JdePurchaseOrder, ...how: Parameters<typeof mapping>): PutBody {
  const outcome = mapped(one, ...how);
  if (outcome.outcome !== 'mapped' || outcome.body.action !== 'put') throw new Error(`the order is ${JSON.stringify(outcome)}`);
  return outcome.body;
}
