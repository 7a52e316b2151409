import { companyIn, fromSapDate, toSapDate, wholeNumber, type JdeCondition } from '@ml-connector/shared';
import { chunksOf, follow, onlyIn, readSurely, type FollowedSource, type Found } from '../following/index.ts';
import { orderKey } from '../keys.ts';
import type { JdeBatch, JdeReading } from '../reading.ts';
import type { JdePurchaseOrder, JdeRow, JdeTableQuery } from '../types.ts';
import { toPurchaseOrder } from './assemble.ts';
import { findChangedOrders } from './changed.ts';
import { header, line, orderKeyFields, type HeaderRow } from './columns.ts';

export interface PurchaseOrderReading extends JdeReading {
  /** DCTO: `OP`. Empty: all, also requisitions, quotes and blanket orders. */
  orderTypes: readonly string[];
  /** KCOO; empty: all. */
  companies: readonly string[];
  /** `YYYY-MM-DD`: orders of earlier days (TRDJ), and those without one, are not read. */
  startDate?: string | undefined;
}

/**
 * Purchase orders with all their lines, as they are now: an order is delivered again when its header or any line changed. Keys are
 * `KCOO-DCTO-DOCO-SFXO`. A line that was deleted and left nothing else changed shows with the next sweep.
 */
export function readPurchaseOrders(reading: PurchaseOrderReading): AsyncGenerator<JdeBatch<JdePurchaseOrder>, void, void> {
  return follow(reading, (today) => orderSource(reading, today));
}

/** Orders have up to hundreds of lines. */
const pageSize = 50;
/** The server's today may be another one than ours. A day counted back needs no date format of the user (facts/jde-ais.md 0, 5). */
const spareDays = 2;

function orderSource(reading: PurchaseOrderReading, today: string): FollowedSource<JdePurchaseOrder> {
  const { session, scope, orderTypes, companies, startDate } = reading;
  const read = <Field extends string>(query: JdeTableQuery<Field>): Promise<JdeRow<Field>[]> => readSurely(session, query, scope);
  const chosen: JdeCondition[] = [...onlyIn('DCTO', orderTypes), ...onlyIn('KCOO', companies.map(companyIn))];
  const chosenHeaders: JdeCondition[] = startDate
    ? [...chosen, { field: 'TRDJ', op: 'SINCE_DAYS_AGO', days: daysBetween(startDate, today) + spareDays }]
    : chosen;
  const isChosen = ({ TRDJ }: HeaderRow): boolean => !startDate || TRDJ >= toSapDate(startDate);

  const complete = async (headers: readonly HeaderRow[]): Promise<Found<JdePurchaseOrder>> => {
    const found: Found<JdePurchaseOrder> = { items: [], problems: [] };
    if (headers.length === 0) return found;
    const lines = await read({ ...line, where: [...withNumbers(headers.map(({ DOCO }) => DOCO)), ...chosen] });
    const linesOf = Map.groupBy(lines, orderKey);
    for (const one of headers) {
      const key = orderKey(one);
      const own = linesOf.get(key) ?? [];
      // Whoever cancels an order leaves its lines; without any it would look as if nothing of it was wanted any more.
      if (own.length === 0) {
        found.problems.push({ key, why: 'has no line in F4311 as the user sees it' });
        continue;
      }
      try {
        found.items.push(toPurchaseOrder(one, own));
      } catch (error) {
        if (!(error instanceof Object && 'name' in error && error.name === 'RangeError')) throw error;
        found.problems.push({ key, why: (error as RangeError).message });
      }
    }
    return found;
  };

  /** Orders that share a number stay together, as the next page begins above it. */
  const headerPage = async (afterFirstKey: string | undefined): Promise<HeaderRow[]> => {
    const start = afterFirstKey === undefined ? {} : { afterFirstKey };
    const rows = await read({ ...header, ...start, where: chosenHeaders, maxRows: pageSize });
    if (rows.length < pageSize) return rows;
    const last = wholeNumber(rows.at(-1)?.DOCO ?? '');
    const whole = rows.filter(({ DOCO }) => wholeNumber(DOCO) !== last);
    return whole.length > 0 ? whole : read({ ...header, where: [...withNumbers([last]), ...chosenHeaders] });
  };

  return {
    what: 'purchase orders',
    code: 'PURCHASE_ORDERS',
    selection: JSON.stringify([orderTypes.toSorted(), companies.map(companyIn).toSorted(), startDate ?? '']),
    keyOf: ({ key }) => key,
    async page(afterFirstKey) {
      const headers = await headerPage(afterFirstKey);
      const last = headers.at(-1);
      return last && { ...(await complete(headers.filter(isChosen))), lastFirstKey: wholeNumber(last.DOCO) };
    },
    changedIn: (window) => findChangedOrders(reading, window, chosen),
    async byKeys(keys) {
      const wanted = new Set(keys);
      const headers = await read({ ...header, where: [...withNumbers(keys.map(numberIn)), ...chosenHeaders] });
      const found: Found<JdePurchaseOrder> = { items: [], problems: [] };
      const asked = headers.filter((one) => isChosen(one) && wanted.has(orderKey(one)));
      for (const some of chunksOf(asked, pageSize)) {
        const { items, problems } = await complete(some);
        found.items.push(...items);
        found.problems.push(...problems);
      }
      return found;
    },
    async stillThere(keys) {
      // What is no longer chosen is not looked for: an agent's row policy may not even let us.
      const there = new Set(keys.filter((key) => !isChosenKey(key, reading)));
      const wanted = keys.filter((key) => !there.has(key));
      for (const some of chunksOf(wanted, pageSize)) {
        const where = [...withNumbers(some.map(numberIn)), ...chosen];
        for (const row of await read({ table: header.table, fields: orderKeyFields, key: orderKeyFields, where })) there.add(orderKey(row));
      }
      return there;
    },
  };
}

function isChosenKey(key: string, { orderTypes, companies }: PurchaseOrderReading): boolean {
  const [company = '', type = ''] = key.split('-');
  const isCompany = companies.length === 0 || companies.some((one) => companyIn(one) === company);
  return isCompany && (orderTypes.length === 0 || orderTypes.includes(type));
}

function daysBetween(first: string, last: string): number {
  const days = (Date.parse(fromSapDate(last) ?? '') - Date.parse(first.slice(0, 10))) / 86_400_000;
  return Math.min(36_000, Math.max(0, days));
}

/** DOCO in a key `00200-OP-12345-000`. */
function numberIn(key: string): string {
  return key.split('-')[2] ?? '';
}

function withNumbers(numbers: readonly string[]): JdeCondition[] {
  return [{ field: 'DOCO', op: 'IN', values: [...new Set(numbers)] }];
}
