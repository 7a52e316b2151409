import type { JdeCondition } from '@ml-connector/shared';
import { chunksOf, follow, readSurely, type FollowedSource, type Found } from '../following/index.ts';
import { supplierKey } from '../keys.ts';
import type { JdeBatch, JdeReading } from '../reading.ts';
import type { JdeRow, JdeSupplier, JdeTableQuery } from '../types.ts';
import { toSupplier } from './assemble.ts';
import { findChangedSuppliers } from './changed.ts';
import { addresses, addressBook, electronicAddresses, master, names, phones, type MasterRow } from './columns.ts';

/**
 * Suppliers whole, in batches of up to 100: whoever has a row in the supplier master F0401, whatever his search type. `changes` also brings
 * those whose address has come into effect. Keys are AN8 in plain digits.
 */
export function readSuppliers(reading: JdeReading): AsyncGenerator<JdeBatch<JdeSupplier>, void, void> {
  return follow(reading, (today) => supplierSource(reading, today));
}

const pageSize = 100;

function supplierSource({ session, scope }: JdeReading, today: string): FollowedSource<JdeSupplier> {
  const read = <Field extends string>(query: JdeTableQuery<Field>): Promise<JdeRow<Field>[]> => readSurely(session, query, scope);

  const complete = async (masters: MasterRow[]): Promise<Found<JdeSupplier>> => {
    if (masters.length === 0) return { items: [], problems: [] };
    const where = withNumbers(masters.map(({ AN8 }) => AN8));
    const ofCompany: JdeCondition[] = [...where, { field: 'IDLN', op: 'EQ', value: '0' }];
    const [bookRows, nameRows, addressRows, phoneRows, electronicRows] = await Promise.all([
      read({ ...addressBook, where }),
      read({ ...names, where: ofCompany }),
      read({ ...addresses, where }),
      read({ ...phones, where: ofCompany }),
      read({ ...electronicAddresses, where: [...where, { field: 'ETP', op: 'IN', values: ['E', 'I'] }] }),
    ]);
    const [books, namesOf, addressesOf] = [byNumber(bookRows), byNumber(nameRows), byNumber(addressRows)];
    const [phonesOf, electronicOf] = [byNumber(phoneRows), byNumber(electronicRows)];
    const found: Found<JdeSupplier> = { items: [], problems: [] };
    for (const one of masters) {
      const key = supplierKey(one.AN8);
      const [book] = books.get(key) ?? [];
      if (book)
        found.items.push(
          toSupplier(
            {
              master: one,
              addressBook: book,
              names: namesOf.get(key) ?? [],
              addresses: addressesOf.get(key) ?? [],
              phones: phonesOf.get(key) ?? [],
              electronicAddresses: electronicOf.get(key) ?? [],
            },
            today,
          ),
        );
      else found.problems.push({ key, why: 'is in the supplier master F0401, but not in the address book F0101 as the user sees it' });
    }
    return found;
  };

  return {
    what: 'suppliers',
    code: 'SUPPLIERS',
    selection: 'suppliers',
    keyOf: ({ number }) => number,
    async page(afterFirstKey) {
      const start = afterFirstKey === undefined ? {} : { afterFirstKey };
      const masters = await read({ ...master, ...start, maxRows: pageSize });
      const last = masters.at(-1);
      return last && { ...(await complete(masters)), lastFirstKey: supplierKey(last.AN8) };
    },
    changedIn: (window) => findChangedSuppliers(session, window, scope),
    async byKeys(keys) {
      return complete(await read({ ...master, where: withNumbers(keys) }));
    },
    async stillThere(keys) {
      const there = new Set<string>();
      for (const numbers of chunksOf(keys, pageSize))
        for (const { AN8 } of await read({ table: master.table, fields: master.key, key: master.key, where: withNumbers(numbers) }))
          there.add(supplierKey(AN8));
      return there;
    },
  };
}

function withNumbers(numbers: readonly string[]): JdeCondition[] {
  return [{ field: 'AN8', op: 'IN', values: [...numbers] }];
}

function byNumber<Row extends { AN8: string }>(rows: Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ AN8 }) => supplierKey(AN8));
}
