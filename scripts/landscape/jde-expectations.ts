import { addAmounts, compareAmounts, divideAmounts, multiplyAmounts } from '@ml-connector/shared';
import type { AddressRow, PurchaseRow } from '../sandbox/cin7/index.ts';
import type { Row } from '../sandbox/jde/index.ts';
import type { Cin7Supplier } from './cin7-process.ts';
import { jdeProducts, jdeRecords, jdeValueMaps, type JdeCustomer } from './jde.ts';
import { jdeAccountFlow } from './jde-flows.ts';
import type { Landscape } from './landscape.ts';

export interface JdeDeviations {
  /** In Cin7 more than once, or there without being in JD Edwards. */
  duplicates: string[];
  /** In JD Edwards, not in Cin7. */
  losses: string[];
  wrong: string[];
}

export interface JdeComparison extends JdeDeviations {
  counts: { suppliers: number; orders: number; accounts: number };
  /** What Cin7 holds: active suppliers, purchases that are not voided, accounts of the chart that are mapped. */
  held: { suppliers: number; purchases: number; accounts: number };
  /** Orders that need no purchase: received before they were read, on hold, without a line. */
  unneeded: number;
  /** Of all orders that have to be purchases, without tax, by currency. */
  sums: { currency: string; jde: string; cin7: string }[];
}

export interface JdeExpected {
  /** Suppliers and orders by number that may be missing, or as they were, because something holds them up on purpose. */
  explained?: ReadonlySet<string>;
  /** Default: everything is compared. */
  without?: readonly ('suppliers' | 'orders' | 'accounts')[];
}

/** What JD Edwards holds against what Cin7 Core holds, both from the simulators' own tables and by nothing that the relay believes. */
export async function compareJde(
  landscape: Landscape,
  customer: JdeCustomer,
  { explained = new Set(), without = [] }: JdeExpected = {},
): Promise<JdeComparison> {
  const found: JdeComparison = {
    duplicates: [],
    losses: [],
    wrong: [],
    counts: { suppliers: 0, orders: 0, accounts: 0 },
    held: { suppliers: 0, purchases: 0, accounts: 0 },
    unneeded: 0,
    sums: [],
  };
  const suppliers = await customer.cin7.suppliers();
  if (!without.includes('suppliers')) await compareSuppliers(landscape, { customer, suppliers, explained, found });
  if (!without.includes('orders')) await compareOrders(landscape, { customer, suppliers, explained, found });
  if (!without.includes('accounts')) await compareAccounts(landscape, { customer, found });
  return found;
}

/** All that is not as it must be. */
export function jdeDeviations({ duplicates, losses, wrong }: JdeDeviations): string[] {
  return [...duplicates, ...losses, ...wrong];
}

interface Comparing {
  customer: JdeCustomer;
  suppliers: readonly Cin7Supplier[];
  explained: ReadonlySet<string>;
  found: JdeComparison;
}

async function compareSuppliers({ jde }: Landscape, { suppliers, explained, found, customer }: Comparing): Promise<void> {
  const tables = await Promise.all(['F0401', 'F0101', 'F0111', 'F0116', 'F01151'].map((table) => jde.rows(table)));
  const [masters = [], book = [], names = [], addresses = [], emails = []] = tables;
  const today = await jde.today();
  const of = (rows: Row[]): Map<string | undefined, Row[]> => Map.groupBy(rows, ({ AN8 }) => AN8);
  const [bookOf, namesOf, addressesOf, emailsOf] = [of(book), of(names), of(addresses), of(emails)];
  const byNumber = Map.groupBy(suppliers, (supplier) => numberOf(supplier, customer.environment) ?? '');
  byNumber.delete('');
  found.counts.suppliers = masters.length;
  for (const master of masters) {
    const number = master['AN8'] ?? '';
    const [supplier, ...more] = byNumber.get(number) ?? [];
    byNumber.delete(number);
    if (more.length > 0) found.duplicates.push(`supplier ${number} is in Cin7 ${more.length + 1} times`);
    if (explained.has(number)) continue;
    if (!supplier) {
      found.losses.push(`supplier ${number} is not in Cin7`);
      continue;
    }
    found.held.suppliers += 1;
    const name = (namesOf.get(number)?.find(({ IDLN }) => IDLN === '0')?.['MLNM'] || bookOf.get(number)?.[0]?.['ALPH']) ?? '';
    const address = (addressesOf.get(number) ?? []).filter(({ EFTB = '' }) => EFTB <= today).at(-1);
    const email = (emailsOf.get(number) ?? []).find(({ ETP, IDLN }) => ETP === 'E' && IDLN === '0')?.['EMAL'];
    found.wrong.push(...differences({ master, name, address, email }, supplier).map((what) => `supplier ${number}: ${what}`));
  }
  for (const [number, [supplier]] of byNumber)
    if (supplier?.Status !== 'Deprecated')
      found.duplicates.push(`supplier ${supplier?.Name ?? ''} carries number ${number}, which JD Edwards does not have`);
}

function differences(
  { master, name, address, email }: { master: Row; name: string; address: Row | undefined; email: string | undefined },
  supplier: Cin7Supplier,
): string[] {
  const [there, ...others] = supplier.Addresses as AddressRow[];
  const emails = (supplier.Contacts as { Email: string }[]).map(({ Email }) => Email);
  const [line1 = '', ...furtherLines] = ['ADD1', 'ADD2', 'ADD3', 'ADD4']
    .map((field) => address?.[field] ?? '')
    .filter((line) => line !== '');
  const country = address && (address['CTR'] || 'DE');
  return [
    ...(supplier.Name.startsWith(name) ? [] : [`is called ${name} in JD Edwards and ${supplier.Name} in Cin7`]),
    ...(others.length > 0 ? [`has ${others.length + 1} addresses`] : []),
    ...differ('first line of the address', line1, there?.Line1),
    ...differ('further lines', furtherLines.join(', '), there?.Line2),
    ...differ('town', address?.['CTY1'], there?.City),
    ...differ('postal code', address?.['ADDZ'], there?.Postcode),
    ...differ('country', country && (jdeValueMaps.countries[country] ?? countryName(country)), there?.Country),
    ...differ('terms', jdeValueMaps['payment-terms'][master['TRAP'] || '(empty)'], supplier.PaymentTerm),
    ...differ('currency', master['CRRP'] || 'EUR', supplier.Currency),
    ...differ('status', 'Active', supplier.Status),
    ...(email === undefined || emails.includes(email) ? [] : [`e-mail address ${email} is not in Cin7`]),
  ];
}

function countryName(code: string): string {
  return { DE: 'Germany', US: 'United States', JP: 'Japan' }[code] ?? code;
}

function differ(what: string, inJde: string | undefined, inCin7: string | undefined): string[] {
  return (inJde ?? '') === (inCin7 ?? '') ? [] : [`${what} is "${inJde ?? ''}" in JD Edwards and "${inCin7 ?? ''}" in Cin7`];
}

function numberOf({ Comments }: Cin7Supplier, environment: string): string | undefined {
  const [, number, marked] = /JDE supplier (\d+) \((\w+)\)/.exec(Comments) ?? [];
  return marked === environment ? number : undefined;
}

async function compareOrders({ jde }: Landscape, { customer, suppliers, explained, found }: Comparing): Promise<void> {
  const linesOf = Map.groupBy(await jde.rows('F4311'), orderKey);
  const headers = (await jde.rows('F4301')).filter(({ DCTO = '' }) => ['OP', 'O2'].includes(DCTO));
  const supplierOf = new Map(suppliers.map((supplier) => [supplier.ID, numberOf(supplier, customer.environment)]));
  const live = (await customer.cin7.purchases()).filter(({ isVoided }) => !isVoided);
  const byMark = Map.groupBy(live, ({ Note }) => Note.split('\n')[0]?.trim() ?? '');
  const sums = new Map<string, { jde: string; cin7: string }>();
  found.counts.orders = headers.length;
  found.held.purchases = live.length;
  for (const header of headers) {
    const name = `order ${header['DOCO']}`;
    const mark = `JDE:${customer.environment}/${orderKey(header)}`;
    const [purchase, ...more] = byMark.get(mark) ?? [];
    byMark.delete(mark);
    if (more.length > 0) found.duplicates.push(`${name} is in Cin7 ${more.length + 1} times`);
    const wanted = wantedOf(header, linesOf.get(orderKey(header)) ?? []);
    const isExplained = explained.has(header['DOCO'] ?? '') || header['HOLD'] !== '';
    if (isExplained || wanted.isEmpty || (wanted.isClosed && !purchase)) {
      found.unneeded += 1;
      if (wanted.isEmpty && purchase && !isExplained)
        found.wrong.push(`${name} has no line left, and ${purchase.OrderNumber} stands in Cin7`);
      continue;
    }
    if (!purchase) {
      found.losses.push(`${name} has no purchase in Cin7`);
      continue;
    }
    const there = totalOf(purchase);
    const sum = sums.get(wanted.currency) ?? { jde: '0', cin7: '0' };
    sums.set(wanted.currency, { jde: addAmounts(sum.jde, wanted.total), cin7: addAmounts(sum.cin7, there) });
    const supplier = supplierOf.get(purchase.SupplierID);
    found.wrong.push(
      ...orderDifferences({ header, wanted, purchase, supplier }).map((what) => `${name} (${purchase.OrderNumber}): ${what}`),
    );
  }
  for (const [mark, [purchase]] of byMark)
    found.duplicates.push(`purchase ${purchase?.OrderNumber ?? ''} is for ${mark || 'nobody'}, which JD Edwards does not have`);
  found.sums = [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([currency, sum]) => ({ currency, ...sum }));
}

function orderKey({ KCOO, DCTO, DOCO, SFXO }: Row): string {
  return `${KCOO}/${DCTO}/${DOCO}/${SFXO}`;
}

interface Wanted {
  currency: string;
  total: string;
  /** In the unit of Cin7 Core, by SKU. */
  quantities: ReadonlyMap<string, string>;
  /** Of what is no item. */
  charges: number;
  isEmpty: boolean;
  isClosed: boolean;
}

/** What an order asks for by its lines: neither cancelled ones nor free text. */
function wantedOf({ CRRM, CRCD = '', BCRC = '' }: Row, lines: readonly Row[]): Wanted {
  const isForeign = CRRM === 'F';
  const sent = lines.filter(({ LTTR, LNTY }) => LTTR !== '980' && LNTY !== 'T');
  const amountOf = (line: Row): string => (isForeign ? line['FEA'] : line['AEXP']) || '0';
  const quantities = new Map<string, string>();
  for (const { LITM = '', UORG = '0' } of sent.filter(({ ITM = '0' }) => Number(ITM) !== 0)) {
    const perUnit = jdeProducts.find(({ SKU }) => SKU === LITM)?.perUnit ?? '1';
    quantities.set(LITM, addAmounts(quantities.get(LITM) ?? '0', divideAmounts(UORG, perUnit, 6)));
  }
  return {
    currency: isForeign ? CRCD : BCRC || CRCD,
    total: addAmounts('0', ...sent.map(amountOf)),
    quantities,
    charges: sent.filter((line) => Number(line['ITM'] ?? '0') === 0 && compareAmounts(amountOf(line), '0') !== 0).length,
    isEmpty: sent.length === 0,
    isClosed: sent.every(({ NXTR = '' }) => NXTR >= '999'),
  };
}

interface OrderPair {
  header: Row;
  wanted: Wanted;
  purchase: PurchaseRow;
  supplier: string | undefined;
}

function orderDifferences({ header, wanted, purchase, supplier }: OrderPair): string[] {
  const { Lines, AdditionalCharges, Status } = purchase.Order;
  const there = new Map<string, string>();
  for (const { SKU, Quantity } of Lines) there.set(SKU, addAmounts(there.get(SKU) ?? '0', Quantity));
  const skus = [...new Set([...wanted.quantities.keys(), ...there.keys()])];
  const charges = AdditionalCharges.filter(({ Reference }) => !Reference.startsWith('Rounding ')).length;
  return [
    ...skus
      .filter((sku) => compareAmounts(wanted.quantities.get(sku) ?? '0', there.get(sku) ?? '0') !== 0)
      .map((sku) => `${wanted.quantities.get(sku) ?? 0} of ${sku} in JD Edwards, ${there.get(sku) ?? 0} in Cin7`),
    ...(compareAmounts(totalOf(purchase), wanted.total) === 0 ? [] : [`${wanted.total} in JD Edwards, ${totalOf(purchase)} in Cin7`]),
    ...Lines.filter(({ Price, Quantity, Total }) => isUneven(multiplyAmounts(Price, Quantity), Total)).map(
      ({ SKU, Price, Quantity, Total }) => `${SKU}: ${Quantity} x ${Price} is not ${Total}`,
    ),
    ...(charges === wanted.charges ? [] : [`${wanted.charges} charges in JD Edwards, ${charges} in Cin7`]),
    ...differ('supplier', header['AN8'], supplier),
    ...differ('currency', wanted.currency, purchase.SupplierCurrency),
    ...differ('location', jdeValueMaps.locations[(header['MCU'] ?? '').trim()], purchase.Location),
    ...differ('status', 'AUTHORISED', Status),
  ];
}

function totalOf({ Order: { Lines, AdditionalCharges } }: PurchaseRow): string {
  return addAmounts('0', ...[...Lines, ...AdditionalCharges].map(({ Total }) => Total));
}

/** More than half a cent apart. */
function isUneven(product: string, total: string): boolean {
  return compareAmounts(product, addAmounts(total, '0.005')) > 0 || compareAmounts(product, addAmounts(total, '-0.005')) < 0;
}

/** Nothing is written to Cin7's chart: each account that takes postings must be linked to the one it is mapped to. */
async function compareAccounts(landscape: Landscape, { customer, found }: Pick<Comparing, 'customer' | 'found'>): Promise<void> {
  const rows = await landscape.jde.rows('F0901');
  const versions = (await jdeRecords(landscape, customer, jdeAccountFlow)).toSorted((one, other) => one.version - other.version);
  const records = new Map(versions.map((record) => [record.key, record]));
  found.counts.accounts = rows.length;
  const known = new Set((await customer.cin7.accounts()).map(({ Code }) => Code));
  for (const { AID = '', OBJ = '', DL01 = '', PEC = '', LDA = '' } of rows) {
    const record = records.get(AID);
    const takesPostings = !['B', 'I', 'N'].includes(PEC) && !['1', '2'].includes(LDA);
    if (!record) found.losses.push(`account ${AID} ${DL01} was not taken in`);
    else if (takesPostings && record.state !== 'succeeded') found.losses.push(`account ${AID} ${DL01} is ${record.state}`);
    else if (takesPostings && (record.targetId !== `${OBJ}/${AID}` || !known.has(OBJ)))
      found.wrong.push(`account ${AID} of object ${OBJ} is linked to ${record.targetId ?? 'nothing'}`);
    else if (!takesPostings && record.state !== 'skipped')
      found.wrong.push(`account ${AID} ${DL01} takes no postings and is ${record.state}`);
    else if (takesPostings) found.held.accounts += 1;
  }
}
