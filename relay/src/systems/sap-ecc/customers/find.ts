import type { Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { collectAll, selectByKeys } from '../vendors/index.ts';
import { customerReads } from './reads.ts';
import type { CustomerSearch } from './types.ts';

/** Numbers of the customers that fit any of these, in their order. Those marked for deletion are left out. */
export async function findCustomers(session: SapSession, search: CustomerSearch, scope: CallScope): Promise<string[]> {
  const { email = '', vatNumber = '', taxNumber1 = '', searchTerm = '' } = search;
  const read = async (...where: Condition[]): Promise<string[]> => {
    const notDeleted: Condition = { field: 'LOEVM', op: 'EQ', value: '' };
    const rows = await collectAll([[...where, notDeleted]], (one) =>
      session.readTable({ table: 'KNA1', fields: ['KUNNR'], where: one }, scope),
    );
    return rows.map(({ KUNNR }) => KUNNR);
  };
  const found: string[] = [];
  if (vatNumber) found.push(...(await read({ field: 'STCEG', op: 'EQ', value: vatNumber.slice(0, 20) })));
  if (taxNumber1) found.push(...(await read({ field: 'STCD1', op: 'EQ', value: taxNumber1.slice(0, 16) })));
  // Longer marks are in the address alone: SORTL and KONZS hold ten characters.
  const isShort = searchTerm.length <= 10;
  if (searchTerm && isShort)
    found.push(...(await read({ anyOf: ['SORTL', 'KONZS'].map((field) => ({ field, op: 'EQ', value: searchTerm.toUpperCase() })) })));
  const addresses = [
    ...(email ? await addressesOfEmail(session, email, scope) : []),
    ...(searchTerm && !isShort ? await addressesOfSearchTerm(session, searchTerm, scope) : []),
  ];
  for (const [condition] of selectByKeys('ADRNR', [...new Set(addresses)].toSorted()))
    if (condition) found.push(...(await read(condition)));
  return [...new Set(found)].toSorted();
}

/**
 * SMTP_ADDR is stored as it was typed. SMTP_SRCH holds its first twenty characters in upper case and has an index; what fits there is compared
 * whole, without regard to case. Addresses of contact persons do not count.
 */
async function addressesOfEmail(session: SapSession, email: string, scope: CallScope): Promise<string[]> {
  const wanted = email.trim().toUpperCase();
  const where: Condition[] = [
    { field: 'SMTP_SRCH', op: 'EQ', value: wanted.slice(0, 20).trimEnd() },
    { field: 'PERSNUMBER', op: 'EQ', value: '' },
  ];
  const rows = await collectAll([where], (one) =>
    session.readTable({ table: 'ADR6', fields: ['ADDRNUMBER', 'SMTP_ADDR'], where: one }, scope),
  );
  return rows.filter(({ SMTP_ADDR }) => SMTP_ADDR.trim().toUpperCase() === wanted).map(({ ADDRNUMBER }) => ADDRNUMBER);
}

async function addressesOfSearchTerm(session: SapSession, searchTerm: string, scope: CallScope): Promise<string[]> {
  const where: Condition[] = [{ field: 'SORT1', op: 'EQ', value: searchTerm.toUpperCase().slice(0, 20) }];
  const rows = await collectAll([where], (one) => session.readTable({ table: 'ADRC', fields: ['ADDRNUMBER'], where: one }, scope));
  return rows.map(({ ADDRNUMBER }) => ADDRNUMBER);
}

/** Whether the customer exists in all of the places named and is marked for deletion in none. */
export async function existsIn(
  session: SapSession,
  {
    number,
    companyCode,
    salesArea,
  }: { number: string; companyCode?: string | undefined; salesArea?: Record<'VKORG' | 'VTWEG' | 'SPART', string> | undefined },
  scope: CallScope,
): Promise<boolean> {
  const isThere = async (table: 'KNA1' | 'KNB1' | 'KNVV', place: Record<string, string>): Promise<boolean> => {
    const where: Condition[] = Object.entries({ KUNNR: number, ...place }).map(([field, value]) => ({ field, op: 'EQ', value }));
    for await (const { LOEVM } of session.readTable({ table, fields: ['KUNNR', 'LOEVM'], where }, scope)) return LOEVM === '';
    return false;
  };
  if (!(await isThere('KNA1', {}))) return false;
  if (companyCode !== undefined && !(await isThere('KNB1', { BUKRS: companyCode }))) return false;
  return salesArea === undefined || isThere('KNVV', salesArea);
}

/** What KNA1 holds of one customer. */
export async function readGeneral(session: SapSession, number: string, scope: CallScope) {
  const where: Condition[] = [{ field: 'KUNNR', op: 'EQ', value: number }];
  for await (const row of session.readTable({ table: 'KNA1', fields: customerReads.KNA1, where }, scope)) return row;
  return undefined;
}
