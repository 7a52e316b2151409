import type { JdeCondition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import { Stamps, type ChangeWindow } from '../following/index.ts';
import { supplierKey } from '../keys.ts';
import type { JdeSession } from '../types.ts';
import { addresses, addressBook, electronicAddresses, master, names, phones } from './columns.ts';

/** None of these tables touches the stamps of another one (facts/jde-ais.md 10, 4). Names and phones count for the company itself. */
const sources = [
  { table: master.table, key: master.key },
  { table: addressBook.table, key: addressBook.key },
  { table: addresses.table, key: addresses.key },
  { table: electronicAddresses.table, key: electronicAddresses.key },
  { table: names.table, key: names.key, where: [{ field: 'IDLN', op: 'EQ', value: '0' }] },
  { table: phones.table, key: phones.key, where: [{ field: 'IDLN', op: 'EQ', value: '0' }] },
] as const satisfies { table: string; key: readonly string[]; where?: JdeCondition[] }[];

/**
 * Address numbers with a change in any of the tables, whether they are suppliers or not. An address that comes into effect changes nothing
 * in JD Edwards: it is noticed by its date.
 */
export async function findChangedSuppliers(
  session: JdeSession,
  window: ChangeWindow,
  scope: CallScope,
): Promise<ReadonlyMap<string, string>> {
  const stamps = new Stamps(window);
  for (const { table, key, ...more } of sources) {
    const where: JdeCondition[] = [{ field: 'UPMJ', op: 'SINCE_DAYS_AGO', days: window.days }, ...('where' in more ? more.where : [])];
    const fields = [...key, 'UPMJ', 'UPMT'] as const;
    const optional = ['UPMT'] as const;
    for await (const row of session.query<string>({ table, fields, key, where, optional }, scope)) {
      const at = { date: row['UPMJ'] ?? '', time: row['UPMT'] ?? '' };
      stamps.add(supplierKey(row['AN8'] ?? ''), `${table} ${key.map((field) => row[field]).join(' ')}`, at);
    }
  }
  const comingIntoEffect: JdeCondition = { field: 'EFTB', op: 'SINCE_DAYS_AGO', days: window.days };
  const dated = session.query({ table: addresses.table, fields: addresses.key, key: addresses.key, where: [comingIntoEffect] }, scope);
  for await (const { AN8, EFTB } of dated) stamps.note(supplierKey(AN8), `${EFTB} ${EFTB <= window.today ? 'in effect' : 'to come'}`);
  return stamps.signatures();
}
