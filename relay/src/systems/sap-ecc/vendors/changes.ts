import { alphaIn, type Condition, type SapMoment } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { collectAll, selectByKeys } from './key-lists.ts';

export interface ChangedVendors {
  /** By change documents of the vendor or of its address. */
  changed: string[];
  /** By creation date, with that date: some ways of creating a vendor write no change document. */
  created: { number: string; createdOn: string }[];
}

/** Vendors with a trace of change at or after a moment of the server's clock (facts/sap-ecc.md 2.2a). */
export async function findChangedVendors(session: SapSession, since: SapMoment, scope: CallScope): Promise<ChangedVendors> {
  const [objectIds, throughAddress, created] = await Promise.all([
    findChangeDocuments(session, { objectClass: 'KRED', since }, scope),
    findVendorsByAddressChange(session, since, scope),
    readCreated(session, since.date, scope),
  ]);
  return { changed: [...new Set([...objectIds.map((id) => alphaIn(id, 10)), ...throughAddress])], created };
}

/** Vendors whose address changed: most address changes belong to customers, plants and people. */
export async function findVendorsByAddressChange(session: SapSession, since: SapMoment, scope: CallScope): Promise<string[]> {
  const objectIds = await findChangeDocuments(session, { objectClass: 'ADRESSE', since }, scope);
  const addressNumbers = [...new Set(objectIds.flatMap(addressNumbersIn))].toSorted();
  const rows = await collectAll(selectByKeys('ADRNR', addressNumbers), (where) =>
    session.readTable({ table: 'LFA1', fields: ['LIFNR', 'ADRNR'], where }, scope),
  );
  return rows.map(({ LIFNR }) => LIFNR);
}

/** OBJECTIDs of one class with a change document at or after a moment, each once: `KRED` vendors, `DEBI` customers, `MATERIAL` materials. */
export async function findChangeDocuments(
  session: SapSession,
  { objectClass, since }: { objectClass: string; since: SapMoment },
  scope: CallScope,
): Promise<string[]> {
  const where: Condition[] = [
    { field: 'OBJECTCLAS', op: 'EQ', value: objectClass },
    {
      anyOf: [
        { field: 'UDATE', op: 'GT', value: since.date },
        {
          allOf: [
            { field: 'UDATE', op: 'EQ', value: since.date },
            { field: 'UTIME', op: 'GE', value: since.time },
          ],
        },
      ],
    },
  ];
  const objectIds = new Set<string>();
  for await (const { OBJECTID } of session.readTable({ table: 'CDHDR', fields: ['OBJECTID'], where }, scope)) objectIds.add(OBJECTID);
  return [...objectIds];
}

/**
 * Address numbers in the OBJECTID of class ADRESSE: the number alone, or behind a client or a short key of the owner. A number too many
 * costs one look, a missed one a change.
 */
export function addressNumbersIn(objectId: string): string[] {
  return [...objectId.matchAll(/\d{10,}/g)].map(([digits]) => digits.slice(-10));
}

async function readCreated(session: SapSession, since: string, scope: CallScope): Promise<ChangedVendors['created']> {
  const created: ChangedVendors['created'] = [];
  const where: Condition[] = [{ field: 'ERDAT', op: 'GE', value: since }];
  for await (const row of session.readTable({ table: 'LFA1', fields: ['LIFNR', 'ERDAT'], where }, scope))
    created.push({ number: row.LIFNR, createdOn: row.ERDAT });
  return created;
}
