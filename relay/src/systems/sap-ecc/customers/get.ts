import { languageKey, sapLanguages, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { chooseAddresses, readAddresses, readEmails } from '../vendors/index.ts';
import { readGeneral } from './find.ts';
import type { SapCustomer } from './types.ts';

/** A customer with the address that is in force today, its first e-mail address and the currency of its first sales area. */
export async function readCustomer(session: SapSession, number: string, scope: CallScope): Promise<SapCustomer | undefined> {
  const general = await readGeneral(session, number, scope);
  if (!general) return undefined;
  const { date } = await session.serverTime(scope);
  const address = chooseAddresses(await readAddresses(session, [general.ADRNR], scope), date).get(general.ADRNR);
  const [email = ''] = (await readEmails(session, [general.ADRNR], scope)).get(general.ADRNR) ?? [];
  const names = address
    ? [address.NAME1, address.NAME2, address.NAME3, address.NAME4]
    : [general.NAME1, general.NAME2, general.NAME3, general.NAME4];
  const isPerson = general.STKZN === 'X';
  const [lastName = '', firstName = ''] = names;
  return {
    number: general.KUNNR,
    kind: isPerson ? 'person' : 'company',
    title: general.ANRED,
    names: isPerson ? [] : names.slice(0, names.findLastIndex((name) => name !== '') + 1),
    firstName: isPerson ? firstName : '',
    lastName: isPerson ? lastName : '',
    street: address?.STREET ?? general.STRAS,
    houseNumber: address?.HOUSE_NUM1 ?? '',
    city: address?.CITY1 ?? general.ORT01,
    district: address?.CITY2 ?? general.ORT02,
    postalCode: address?.POST_CODE1 ?? general.PSTLZ,
    country: address?.COUNTRY ?? general.LAND1,
    region: address?.REGION ?? general.REGIO,
    telephone: address?.TEL_NUMBER ?? general.TELF1,
    email,
    language: isoLanguages.get(general.SPRAS) ?? '',
    currency: await readCurrency(session, number, scope),
    accountGroup: general.KTOKD,
    isOneTime: general.XCPDK === 'X',
    isDeleted: general.LOEVM === 'X',
    isBlocked: general.SPERR === 'X' || general.AUFSD !== '',
    vatNumber: general.STCEG,
    taxNumber1: general.STCD1,
    createdOn: general.ERDAT,
    createdBy: general.ERNAM,
  };
}

const isoLanguages: ReadonlyMap<string, string> = new Map(sapLanguages.map((language) => [languageKey(language), language]));

async function readCurrency(session: SapSession, number: string, scope: CallScope): Promise<string> {
  const where: Condition[] = [{ field: 'KUNNR', op: 'EQ', value: number }];
  for await (const { WAERS } of session.readTable({ table: 'KNVV', fields: ['KUNNR', 'VKORG', 'VTWEG', 'SPART', 'WAERS'], where }, scope))
    if (WAERS !== '') return WAERS;
  return '';
}
