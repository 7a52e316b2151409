import type { CallScope } from '../../system.ts';
import type { Row, SapSession } from '../session.ts';
import { collectAll, selectByKeys } from './key-lists.ts';

const addressFields = [
  'ADDRNUMBER',
  'DATE_FROM',
  'NATION',
  'NAME1',
  'NAME2',
  'NAME3',
  'NAME4',
  'CITY1',
  'CITY2',
  'POST_CODE1',
  'PO_BOX',
  'STREET',
  'HOUSE_NUM1',
  'COUNTRY',
  'REGION',
  'TEL_NUMBER',
  'FAX_NUMBER',
] as const;
export type AddressRow = Row<(typeof addressFields)[number]>;

/** ADRC in the vendor's own writing; other address versions (NATION, for instance Chinese or international) are left out. */
export function readAddresses(session: SapSession, addressNumbers: string[], scope: CallScope): Promise<AddressRow[]> {
  const ownVersion = { field: 'NATION', op: 'EQ', value: ' ' } as const;
  return collectAll(selectByKeys('ADDRNUMBER', addressNumbers), (where) =>
    session.readTable({ table: 'ADRC', fields: addressFields, where: [...where, ownVersion] }, scope),
  );
}

/** The address in force today: the latest that has begun, or the earliest of those to come. */
export function chooseAddresses(rows: AddressRow[], today: string): ReadonlyMap<string, AddressRow> {
  const chosen = new Map<string, AddressRow>();
  for (const row of rows.toSorted((one, other) => (one.DATE_FROM < other.DATE_FROM ? -1 : 1)))
    if (row.DATE_FROM <= today || !chosen.has(row.ADDRNUMBER)) chosen.set(row.ADDRNUMBER, row);
  return chosen;
}

const emailFields = ['ADDRNUMBER', 'PERSNUMBER', 'DATE_FROM', 'CONSNUMBER', 'SMTP_ADDR', 'FLGDEFAULT'] as const;

/** E-mails of the companies themselves by address number, the default one first; those of contact persons are left out. */
export async function readEmails(session: SapSession, addressNumbers: string[], scope: CallScope): Promise<ReadonlyMap<string, string[]>> {
  const noPerson = { field: 'PERSNUMBER', op: 'EQ', value: ' ' } as const;
  const rows = await collectAll(selectByKeys('ADDRNUMBER', addressNumbers), (where) =>
    session.readTable({ table: 'ADR6', fields: emailFields, where: [...where, noPerson] }, scope),
  );
  const rank = (row: Row<(typeof emailFields)[number]>): string =>
    `${row.FLGDEFAULT === 'X' ? 0 : 1}${row.CONSNUMBER}${row.DATE_FROM}${row.SMTP_ADDR}`;
  const inOrder = rows.filter(({ SMTP_ADDR }) => SMTP_ADDR).toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1));
  return new Map([...Map.groupBy(inOrder, ({ ADDRNUMBER }) => ADDRNUMBER)].map(([number, own]) => [number, withoutRepeats(own)]));
}

function withoutRepeats(rows: { SMTP_ADDR: string }[]): string[] {
  const byLowerCase = new Map<string, string>();
  for (const { SMTP_ADDR } of rows) {
    const address = SMTP_ADDR.trim();
    if (!byLowerCase.has(address.toLowerCase())) byLowerCase.set(address.toLowerCase(), address);
  }
  return [...byLowerCase.values()];
}
