import type { Random } from '../../sap/seed/random.ts';
import { apportion, decimalsOf, proportion, sum, units, type Units } from '../money.ts';
import type { LinePlan, OrderPlan } from '../orders/plan.ts';
import { text } from '../request.ts';
import type { StoreState } from '../state.ts';
import { convert, exchangeRate, type OrderDraft, type StoreIdentity } from '../store.ts';
import { markets, type Market, type MarketName } from './people.ts';

export const orderKinds = [
  'simple',
  'guest',
  'bundle',
  'manyLines',
  'veryLong',
  'customItems',
  'coupon',
  'manualDiscount',
  'couponAndDiscount',
  'freeShipping',
  'giftCertificateSold',
  'giftCertificateRedeemed',
  'storeCredit',
  'severalAddresses',
  'digital',
  'taxInclusive',
  'taxExclusive',
  'severalRates',
  'taxFree',
  'usd',
  'jpy',
  'kwd',
  'otherDisplayCurrency',
  'wrapped',
  'fee',
  'odd',
  'incomplete',
  'pending',
  'awaitingPayment',
  'cancelled',
  'declined',
  'disputed',
] as const;
export type OrderKind = (typeof orderKinds)[number];

export interface InventionContext {
  state: StoreState;
  identity: StoreIdentity;
  random: Random;
  createdAt: number;
  lines?: number;
}

type Cart = { -readonly [Field in keyof OrderDraft]: OrderDraft[Field] } & { market: Market; random: Random; state: StoreState };

/** A plausible order of that kind, with so many lines where that is said. The same numbers give the same one. */
export function inventOrder(kind: OrderKind, { state, identity, random, createdAt, lines }: InventionContext): OrderDraft {
  const market: Market = markets[marketOf[kind] ?? random.pick<MarketName>(['germany', 'germany', 'austria', 'unitedStates'])];
  const isGuest = kind === 'guest' || (kind === 'simple' && random.chance(0.2));
  const known = [...state.customers.values()].filter((one) => market.people.some(({ email }) => one.email.endsWith(email)));
  const customer = isGuest || known.length === 0 ? undefined : random.pick(known);
  const person = market.people.find(({ email }) => customer?.email.endsWith(email)) ?? random.pick(market.people);
  const billing = customer ? { ...person, email: customer.email } : person;
  const isTaxInclusive =
    market.currency === 'JPY' || kind === 'taxInclusive' || (market.currency === 'EUR' && kind !== 'taxExclusive' && random.chance(0.5));
  const cart: Cart = {
    market,
    random,
    state,
    customerId: customer?.id ?? 0,
    billing,
    statusId: 11,
    createdAt,
    paymentMethod: random.chance(0.8) ? 'Credit Card' : 'PayPal',
    paymentStatus: 'captured',
    locale: market.locale,
    exchangeRate: exchangeRate(identity.currency, market.currency),
    plan: {
      currency: market.currency,
      isTaxInclusive,
      lines: Array.from({ length: random.between(1, 4) }, () => line({ market, random, state })),
      destinations: [destination(market, random, billing)],
      coupons: [],
      manualDiscount: 0n,
      fees: [],
      giftCertificate: 0n,
      storeCredit: 0n,
    },
  };
  changes[kind]?.(cart);
  if (lines !== undefined) cart.plan.lines = Array.from({ length: lines }, () => line(cart));
  const { market: _market, random: _random, state: _state, ...draft } = cart;
  return draft;
}

const marketOf: Partial<Record<OrderKind, MarketName>> = {
  usd: 'unitedStates',
  jpy: 'japan',
  kwd: 'kuwait',
  severalRates: 'germany',
  taxInclusive: 'germany',
  taxExclusive: 'germany',
  otherDisplayCurrency: 'germany',
};

const changes: Partial<Record<OrderKind, (cart: Cart) => void>> = {
  bundle(cart) {
    const { lines } = cart.plan;
    const at = lines.push({ ...line(cart), name: 'Werkzeugset Größe L (Bundle)', sku: 'NL-SET-L', wrapping: 0n }) - 1;
    for (const part of ['Hammer', 'Zange', 'Maß'])
      lines.push({ ...line(cart), name: part, sku: `NL-SET-L-${part.toUpperCase()}`, price: 0n, bundle: at });
  },
  manyLines: (cart) => void (cart.plan.lines = Array.from({ length: cart.random.between(51, 130) }, () => line(cart))),
  veryLong: (cart) => void (cart.plan.lines = Array.from({ length: 1_200 }, () => line(cart))),
  customItems: (cart) =>
    void cart.plan.lines.push({
      ...line(cart),
      productId: 0,
      variantId: 0,
      sku: '',
      name: 'Sonderanfertigung nach Maß – 特別注文',
      brand: '',
    }),
  coupon: (cart) => addCoupon(cart, 10),
  manualDiscount: (cart) => addDiscount(cart, 5),
  couponAndDiscount(cart) {
    addCoupon(cart, 15);
    addDiscount(cart, 3);
  },
  freeShipping: (cart) => void (cart.plan.destinations = cart.plan.destinations.map((one) => ({ ...one, cost: 0n }))),
  giftCertificateSold: (cart) => void cart.plan.lines.push(certificate(cart)),
  giftCertificateRedeemed: (cart) => void (cart.plan.giftCertificate = tender(cart)),
  storeCredit: (cart) => void (cart.plan.storeCredit = tender(cart)),
  severalAddresses(cart) {
    const [first] = cart.plan.destinations;
    if (!first) return;
    cart.plan.destinations = [
      first,
      ...Array.from({ length: cart.random.between(1, 2) }, () =>
        destination(cart.market, cart.random, cart.random.pick(cart.market.people)),
      ),
    ];
    cart.plan.lines = Array.from({ length: 6 }, (_, at) => ({ ...line(cart), destination: at % cart.plan.destinations.length }));
  },
  digital(cart) {
    cart.plan.destinations = [];
    cart.plan.lines = cart.plan.lines.map((one) => ({ ...one, type: 'digital', name: `${one.name} (E-Book)` }));
    cart.statusId = 10;
  },
  severalRates: (cart) => void (cart.plan.lines = cart.market.taxes.flatMap((taxes) => [1, 2].map(() => ({ ...line(cart), taxes })))),
  taxFree(cart) {
    cart.plan.isTaxInclusive = false;
    cart.plan.lines = cart.plan.lines.map((one) => ({ ...one, taxes: [] }));
    cart.plan.destinations = cart.plan.destinations.map((one) => ({ ...one, taxes: [] }));
  },
  otherDisplayCurrency: (cart) => void (cart.displayCurrency = 'USD'),
  wrapped(cart) {
    const wrapping = units(convert(2.9, cart.market.currency));
    cart.plan.lines = cart.plan.lines.map((one, at) => (at === 0 ? { ...one, wrapping } : one));
    cart.plan.destinations = cart.plan.destinations.map((one) => ({ ...one, handling: units(convert(1.5, cart.market.currency)) }));
  },
  fee: (cart) =>
    void cart.plan.fees.push({
      id: 0,
      name: 'Mindermengenzuschlag',
      cost: units(convert(4.99, cart.market.currency)),
      taxes: cart.market.taxes[0] ?? [],
    }),
  odd(cart) {
    cart.plan.lines = [...cart.plan.lines, { ...line(cart), quantity: 3, price: units(convert(33.33, cart.market.currency)) }];
    cart.message = 'Bitte "nicht" knicken; O\'Brien | 请小心 👍';
    cart.staffNotes = 'Stammkunde\nzahlt prompt';
    addCoupon(cart, 7);
  },
  incomplete: (cart) => withStatus(cart, 0, ''),
  pending: (cart) => withStatus(cart, 1, 'pending'),
  awaitingPayment(cart) {
    cart.paymentMethod = 'Bank Deposit';
    withStatus(cart, 7, '');
  },
  cancelled: (cart) => withStatus(cart, 5, 'void'),
  declined: (cart) => withStatus(cart, 6, 'declined'),
  disputed: (cart) => withStatus(cart, 13, 'captured'),
};

function withStatus(cart: Cart, statusId: number, paymentStatus: string): void {
  Object.assign(cart, { statusId, paymentStatus });
}

function line({ market, random, state }: Pick<Cart, 'market' | 'random' | 'state'>): LinePlan {
  const product = random.pick([...state.products.values()]);
  const variant = random.pick(product.variants);
  const price = units(convert(variant.price ?? product.price, market.currency));
  return {
    id: 0,
    productId: product.id,
    variantId: variant.id,
    name: product.name,
    sku: variant.sku,
    type: 'physical',
    quantity: random.pick([1, 1, 1, 2, 3, 7, 12]),
    price,
    taxes: random.chance(0.25) ? (market.taxes[1] ?? market.taxes[0] ?? []) : (market.taxes[0] ?? []),
    destination: 0,
    wrapping: 0n,
    brand: text(product['brand_name']),
  };
}

function certificate(cart: Cart): LinePlan {
  const price = units(convert(50, cart.market.currency));
  const common = { ...line(cart), productId: 0, variantId: 0, sku: '', taxes: [], quantity: 1, brand: '' };
  return { ...common, type: 'giftcertificate', name: 'Gift Certificate', price };
}

function destination(
  market: Market,
  random: Random,
  address: OrderPlan['destinations'][number]['address'],
): OrderPlan['destinations'][number] {
  const cost = units(convert(random.pick([4.9, 6.5, 8, 0, 14.95]), market.currency));
  return { id: 0, address, method: random.pick(['Flat Rate', 'DHL Paket', 'Express']), cost, handling: 0n, taxes: market.taxes[0] ?? [] };
}

function goods(cart: Cart): Units {
  return sum(cart.plan.lines.filter(({ type }) => type !== 'giftcertificate').map((one) => one.price * BigInt(one.quantity)));
}

function addCoupon(cart: Cart, percent: number): void {
  const decimals = decimalsOf(cart.market.currency);
  const discount = proportion({ of: goods(cart), times: BigInt(percent), by: 100n, decimals });
  cart.plan.coupons.push({ id: 0, code: `SOMMER${percent}`, type: 1, amount: units(percent), discount });
}

function addDiscount(cart: Cart, percent: number): void {
  cart.plan.manualDiscount = proportion({ of: goods(cart), times: BigInt(percent), by: 100n, decimals: decimalsOf(cart.market.currency) });
}

/** A third of the goods: the rest is paid otherwise. */
function tender(cart: Cart): Units {
  return apportion(goods(cart), [1n, 2n], decimalsOf(cart.market.currency))[0] ?? 0n;
}
