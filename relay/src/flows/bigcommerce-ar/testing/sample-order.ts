import type { OrderPayload, OrderPayloadLine, OrderPayloadTax } from '../order-payload.ts';

/** A line of EUR 119.00 with 19 percent. */
export function sampleLine(more: Partial<OrderPayloadLine> = {}): OrderPayloadLine {
  return {
    id: 1,
    productId: 77,
    sku: 'WZ-1001',
    name: 'Drehmomentschlüssel 40–200 Nm',
    type: 'physical',
    brand: 'Müller Werkzeuge',
    category: 'Werkzeug',
    quantity: 1,
    listed: '119',
    paid: '119',
    listedTax: '19',
    ...more,
  };
}

export function sampleTax(more: Partial<OrderPayloadTax> = {}): OrderPayloadTax {
  return { name: 'MwSt.', rate: '19', amount: '19', lineId: 1, of: 'item', ...more };
}

/** One line and shipping, 19 percent on both, paid: EUR 124.95. */
export function sampleOrder(more: Partial<OrderPayload> = {}): OrderPayload {
  return {
    orderId: 10452,
    storeHash: 'abc123',
    statusId: 11,
    refunded: '0',
    createdAt: '2026-05-31T22:30:00Z',
    customerId: 32,
    currency: 'EUR',
    channelId: 1,
    paymentMethod: 'Kreditkarte',
    total: '124.95',
    totalTax: '19.95',
    storeCredit: '0',
    giftCertificate: '0',
    charges: [{ id: null, kind: 'shipping', name: 'Shipping', gross: '5.95', tax: '0.95' }],
    lines: [sampleLine()],
    taxes: [sampleTax(), sampleTax({ amount: '0.95', lineId: null, of: 'shipping' })],
    billing: {
      first_name: 'Zoë',
      last_name: "O'Brien",
      company: '',
      street_1: 'Hauptstraße 12',
      street_2: '3. OG',
      city: 'München',
      state: 'Bayern',
      zip: '80331',
      country_iso2: 'DE',
      email: 'zoe@kunde.example.com',
    },
    shipTo: { country: 'DE', state: 'Bayern' },
    ...more,
  };
}

/** Entries of the value maps that the sample needs. */
export const sampleEntries: Record<string, Record<string, string>> = {
  'revenue-accounts': { Werkzeug: '800000', Bücher: '800100' },
  'other-accounts': {
    shipping: '801000',
    handling: '801100',
    wrapping: '801200',
    fee: '801300',
    discounts: '880000',
    'gift-certificates-sold': '176000',
    'gift-certificate': '176000',
    'store-credit': '176100',
    rounding: '889000',
    'order-refund': '881000',
  },
  'tax-codes': { 'DE 19': 'A1', 'DE 7': 'A2', 'DE 0': 'A0', 'JP 10': 'A8', 'US-California 6+1.25': 'U1' },
  'payment-customers': { Kreditkarte: '100900' },
};

export function sampleMapping(settings: Record<string, unknown>, entries = sampleEntries) {
  return {
    settings,
    lookup: (map: string, ...codes: string[]) => codes.map((code) => entries[map]?.[code]).find((one) => one !== undefined),
  };
}
