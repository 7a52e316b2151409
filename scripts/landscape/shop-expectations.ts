import { addAmounts, compareAmounts, subtractAmounts } from '@ml-connector/shared';
import type { OrderTruth, RefundRow } from '../sandbox/bigcommerce/index.ts';
import type { ControlCalls } from '../sandbox/sap/index.ts';
import type { BigCommerceProcess } from './bigcommerce-process.ts';
import type { Landscape } from './landscape.ts';
import { shopAccounts, shopCompany, taxCodes } from './shop.ts';

export type PostedDocument = ControlCalls['postings']['answer'][number];

/** What the store itself counts, beside what stands in SAP: worked out from their own tables and not from anything the relay believes. */
export interface ShopComparison {
  /** Orders of which something is to stand in SAP. */
  orders: number;
  refunds: number;
  documents: number;
  /** For people: sums of both sides, per currency and kind of amount. */
  totals: { what: string; currency: string; store: string; sap: string }[];
  duplicates: string[];
  losses: string[];
  wrong: string[];
  /** Documents that stand for each order (`101`) and refund (`R7`), in the order of their references. */
  documentsOf: ReadonlyMap<string, PostedDocument[]>;
}

/** Statuses of which the relay's default says that they are posted, and those of which nothing stands. */
const accepted = [11, 9, 8, 3, 2, 10, 14, 4];
const cancelled = [5, 6];

/** Debit positive, by kind: `customer`, `goods`, `tax A1`, `base A1`. */
type Amounts = Map<string, string>;

/** Every order and refund once, to the cent; `explained` ones (`101`, `R7`) may be missing. */
export async function compareShop(
  { sap }: Pick<Landscape, 'sap'>,
  store: Pick<BigCommerceProcess, 'truth' | 'snapshot'>,
  explained: ReadonlySet<string> = new Set(),
): Promise<ShopComparison> {
  const [truth, { refunds, metafields }, all] = await Promise.all([
    store.truth(),
    store.snapshot(),
    sap.control.call('postings', { companyCode: shopCompany }),
  ]);
  const standing = Map.groupBy(
    all.filter(({ reference, reversal }) => reversal === undefined && keyOf(reference) !== ''),
    ({ reference }) => keyOf(reference),
  );
  const expected = new Map([
    ...truth.flatMap((order) => (isExpected(order) ? [[String(order.orderId), ofOrder(order)] as const] : [])),
    ...truth.flatMap((order) => order.refunds.flatMap((refund) => ofRefund(order, refund.refundId, refunds))),
  ]);
  const found: ShopComparison = {
    orders: [...expected.keys()].filter((key) => !key.startsWith('R')).length,
    refunds: [...expected.keys()].filter((key) => key.startsWith('R')).length,
    documents: [...standing.values()].flat().length,
    totals: [],
    duplicates: [],
    losses: [],
    wrong: [],
    documentsOf: standing,
  };
  const undecided = new Set(
    truth.filter(({ statusId }) => !accepted.includes(statusId) && !cancelled.includes(statusId)).map(({ orderId }) => String(orderId)),
  );
  const totals = new Map<string, { store: string; sap: string }>();
  const numbers = new Map(metafields.map(({ resource_id: id, namespace, key, value }) => [`${id} ${namespace}/${key}`, value]));
  for (const [key, { currency, amounts, orderId }] of expected) {
    const documents = standing.get(key) ?? [];
    const isExplained = documents.length === 0 && explained.has(key);
    if (documents.length === 0 && !isExplained) found.losses.push(`${named(key)} has no document in SAP`);
    if (isExplained || documents.length === 0) continue;
    for (const [reference, same] of Map.groupBy(documents, (one) => one.reference))
      if (same.length > 1)
        found.duplicates.push(`${named(key)}: ${same.length} documents ${reference}: ${same.map(({ number }) => number).join(', ')}`);
    const inSap = key.startsWith('R') ? refundAmounts(documents) : orderAmounts(documents);
    found.wrong.push(...differences(amounts, inSap).map((what) => `${named(key)}: ${what}`));
    if (documents.some((one) => one.currency !== currency)) found.wrong.push(`${named(key)} is not in ${currency}`);
    const written = numbers.get(`${orderId} sap/${key.startsWith('R') ? `fi_refund_${key.slice(1)}` : 'fi_document'}`);
    const ids = documents.map((one) => `${one.companyCode}/${one.number}/${one.fiscalYear}`).join('+');
    if (written !== ids) found.wrong.push(`${named(key)} is ${ids} in SAP, and the store was told ${written ?? 'nothing'}`);
    for (const kind of new Set([...amounts.keys(), ...inSap.keys()])) {
      const sum = totals.get(`${currency} ${kind}`) ?? { store: '0', sap: '0' };
      totals.set(`${currency} ${kind}`, {
        store: addAmounts(sum.store, amounts.get(kind) ?? '0'),
        sap: addAmounts(sum.sap, inSap.get(kind) ?? '0'),
      });
    }
  }
  for (const [key, documents] of standing)
    if (!expected.has(key) && !undecided.has(key))
      found.duplicates.push(
        `${named(key)} is not to be in SAP, and has ${documents.map(({ number, total }) => `${number} over ${total}`).join(', ')}`,
      );
  found.totals = [...totals]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, sums]) => ({ what: name.slice(4), currency: name.slice(0, 3), ...sums }));
  return found;
}

/** All that is not as it must be. */
export function shopDeviations({ duplicates, losses, wrong }: ShopComparison): string[] {
  return [...duplicates, ...losses, ...wrong];
}

/** `BC101` is order 101, `BC101P2` its second part, `BCR7` refund 7. */
function keyOf(reference: string): string {
  return /^BC(R?\d+)(P\d+)?$/.exec(reference)?.[1] ?? '';
}

function named(key: string): string {
  return key.startsWith('R') ? `refund ${key.slice(1)}` : `order ${key}`;
}

function isExpected({ statusId, total }: OrderTruth): boolean {
  return accepted.includes(statusId) && compareAmounts(total, '0') !== 0;
}

interface Expected {
  currency: string;
  amounts: Amounts;
  orderId: number;
}

function ofOrder(order: OrderTruth): Expected {
  const { currency, orderId, total, storeCredit, giftCertificatesRedeemed: redeemed, giftCertificatesSold: sold } = order;
  const negative = (...amounts: string[]): string => subtractAmounts('0', addAmounts('0', ...amounts));
  const amounts: Amounts = new Map([
    ['customer', subtractAmounts(subtractAmounts(total, redeemed), storeCredit)],
    ['goods', negative(order.linesNet)],
    ['charges', negative(order.shippingNet, order.handlingNet, order.wrappingNet, order.feesNet)],
    ['certificates', subtractAmounts(redeemed, sold)],
    ['storeCredit', storeCredit],
  ]);
  for (const [rates, net] of Object.entries(order.netByRate)) {
    const code = codeOf(currency, rates);
    add(amounts, `base ${code}`, negative(net));
    add(amounts, `tax ${code}`, negative(order.taxByRate[rates] ?? '0'));
  }
  return { currency, amounts, orderId };
}

/** Of a refund whose payment was declined, nothing stands. */
function ofRefund(
  { currency, orderId, refunds }: OrderTruth,
  refundId: number,
  rows: readonly RefundRow[],
): (readonly [string, Expected])[] {
  const truth = refunds.find((one) => one.refundId === refundId);
  const payments = rows.find(({ id }) => id === refundId)?.payments ?? [];
  if (!truth || payments.every(({ is_declined: isDeclined }) => isDeclined)) return [];
  const amounts: Amounts = new Map([
    ['given back', subtractAmounts('0', truth.total)],
    ['tax', truth.tax],
  ]);
  return [[`R${refundId}`, { currency, amounts, orderId }]];
}

/** The countries of the simulated store differ in rates, or else in their currency. */
function codeOf(currency: string, rates: string): string {
  const plain = rates.split('+').map((rate) => addAmounts(rate));
  if (plain.every((rate) => rate === '0')) return 'A0';
  const places = currency === 'JPY' ? ['JP'] : ['DE', 'AT', 'US-Texas', 'KW'];
  const key = plain.toSorted().join('+');
  return places.map((place) => taxCodes[`${place} ${key}`]).find((code) => code !== undefined) ?? `(${key})`;
}

function orderAmounts(documents: readonly PostedDocument[]): Amounts {
  const amounts: Amounts = new Map();
  for (const { accountType, account, taxCode, amount, base } of documents.flatMap(({ items }) => items)) {
    const kind = accountType === 'D' ? 'customer' : kindOf(account);
    if (kind !== 'tax') add(amounts, kind, amount);
    else {
      add(amounts, `tax ${taxCode}`, amount);
      add(amounts, `base ${taxCode}`, base);
    }
  }
  return amounts;
}

function refundAmounts(documents: readonly PostedDocument[]): Amounts {
  const amounts: Amounts = new Map();
  for (const { accountType, account, amount } of documents.flatMap(({ items }) => items)) {
    const kind = accountType === 'D' ? 'customer' : kindOf(account);
    if (kind === 'customer' || kind === 'storeCredit') add(amounts, 'given back', amount);
    if (kind === 'tax') add(amounts, 'tax', amount);
  }
  return amounts;
}

function kindOf(account: string): string {
  const number = account.replace(/^0+/, '');
  return Object.entries(shopAccounts).find(([, accounts]) => (accounts as readonly string[]).includes(number))?.[0] ?? `account ${number}`;
}

function add(amounts: Amounts, kind: string, amount: string): void {
  amounts.set(kind, addAmounts(amounts.get(kind) ?? '0', amount));
}

function differences(wanted: Amounts, there: Amounts): string[] {
  return [...new Set([...wanted.keys(), ...there.keys()])]
    .filter((kind) => compareAmounts(wanted.get(kind) ?? '0', there.get(kind) ?? '0') !== 0)
    .map((kind) => `${kind} is ${wanted.get(kind) ?? 0} in the store and ${there.get(kind) ?? 0} in SAP`);
}
