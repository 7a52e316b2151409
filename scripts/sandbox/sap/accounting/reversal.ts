/** BAPI_ACC_DOCUMENT_REV_POST: the reversing document, and what becomes of the one that it reverses. */
import type { Row } from '../dictionary/index.ts';
import { fromStored, toText } from '../documents/amounts.ts';
import { fiscalPeriodOf } from '../documents/fiscal-period.ts';
import type { CheckedItem } from '../documents/new-document.ts';
import { rowsOf } from '../documents/rows.ts';
import type { SapSystemParts } from '../parts.ts';
import { book, indexRow, type Booking } from './booking.ts';
import { logicalSystemOf } from './check-header.ts';
import { message, type Message, type MessageName } from './messages.ts';
import { isPeriodOpen } from './periods.ts';

export interface ReversalPlan {
  original: Row;
  items: Row[];
  postingDate: string;
  reason: string;
}

const at = { parameter: 'REVERSAL', row: 0 };

/** What is wrong with the wish, or the plan. `fields` are those of BAPIACREV, initial ones empty. */
export function planReversal(system: SapSystemParts, fields: Row): { messages: Message[]; plan?: ReversalPlan } {
  const { OBJ_TYPE = '', OBJ_KEY_R = '', OBJ_SYS = '', COMP_CODE = '', REASON_REV = '' } = fields;
  const no = (name: MessageName, values: readonly string[] = []): { messages: Message[] } => ({ messages: [message(name, values, at)] });
  if (OBJ_TYPE === '' || OBJ_KEY_R === '') return no('noObject');
  if (OBJ_TYPE !== 'BKPFF') return no('unknownObjectType', [OBJ_TYPE]);
  if (OBJ_SYS !== '' && OBJ_SYS !== logicalSystemOf(system.identity)) return no('foreignSystem');
  const key = [OBJ_KEY_R.slice(10, 14), OBJ_KEY_R.slice(0, 10), OBJ_KEY_R.slice(14, 18)] as const;
  const original = system.stored('BKPF').get(key);
  if (!original || original['BSTAT'] !== '' || (COMP_CODE !== '' && COMP_CODE !== key[0])) return no('documentUnknown', key);
  if (original['XREVERSAL'] === '2') return no('isReversal', [key[1]]);
  if (original['STBLG']) return no('alreadyReversed', [key[1], original['STBLG']]);
  const items = system.stored('BSEG').withPrefix(key);
  if (items.some(({ AUGBL }) => AUGBL !== '')) return no('hasCleared', [key[1]]);
  const reason = system.stored('T041C').get([REASON_REV]);
  if (!reason) return no('reasonUnknown', [REASON_REV]);
  const postingDate = fields['PSTNG_DATE'] || (original['BUDAT'] ?? '');
  if (postingDate !== original['BUDAT'] && !reason['XABWD']) return no('reasonDate', [REASON_REV, postingDate]);
  const fiscal = fiscalPeriodOf(key[0], postingDate);
  const isClosed = items.some(
    ({ KOART = '', HKONT = '' }) => !isPeriodOpen(system, key[0], fiscal, { accountType: KOART, account: HKONT }),
  );
  if (isClosed || system.faults.hitCall('period-closed', 'BAPI_ACC_DOCUMENT_REV_POST')) {
    return no('periodClosed', [fiscal.period.padStart(3, '0'), fiscal.year]);
  }
  return { messages: [], plan: { original, items, postingDate, reason: REASON_REV } };
}

/** The reversing document's rows: every item on the other side (no negative postings), the amounts to the last unit. */
export function reversingBooking(
  system: SapSystemParts,
  { original, items, postingDate, reason }: ReversalPlan,
  { number, user }: { number: string; user: string },
): Booking {
  const value = (name: string): string => original[name] ?? '';
  const fiscal = fiscalPeriodOf(value('BUKRS'), postingDate);
  const rows = rowsOf(
    {
      companyCode: value('BUKRS'),
      documentType: reversalTypeOf(system, value('BLART')),
      postingDate,
      documentDate: value('BLDAT'),
      currency: value('WAERS'),
      localCurrency: value('HWAER'),
      reference: value('XBLNR'),
      headerText: value('BKTXT'),
      user,
      transaction: '',
      items: items.map((row) => reversedItem(row, original)),
    },
    {
      number,
      fiscal,
      entered: system.localTime(),
      header: { KURSF: value('KURSF'), STBLG: value('BELNR'), STJAH: value('GJAHR'), XREVERSAL: '2', STGRD: reason },
    },
  );
  return { rows, oneTime: [] };
}

/** T003-STBLA. */
export function reversalTypeOf(system: SapSystemParts, documentType: string): string {
  return system.stored('T003').get([documentType])?.['STBLA'] || documentType;
}

/** Writes the reversing document, marks the original, and clears the open items of both against each other. */
export function bookReversal(system: SapSystemParts, { original }: ReversalPlan, booking: Booking): void {
  book(system, booking);
  const { BKPF: reversing, BSEG: items } = booking.rows;
  const { date } = system.localTime();
  system.stored('BKPF').update(keyOf(original), {
    STBLG: reversing['BELNR'] ?? '',
    STJAH: reversing['GJAHR'] ?? '',
    XREVERSAL: '1',
    AEDAT: date,
    UPDDT: date,
  });
  const clearing = { AUGDT: reversing['BUDAT'] ?? '', AUGBL: reversing['BELNR'] ?? '' };
  for (const item of [...system.stored('BSEG').withPrefix(keyOf(original)), ...items]) {
    const cleared = { D: ['BSID', 'BSAD'], K: ['BSIK', 'BSAK'] }[item['KOART'] ?? ''];
    if (!cleared) continue;
    const [open = '', closed = ''] = cleared;
    const isOf = (row: Row): boolean => ['BUKRS', 'BELNR', 'GJAHR', 'BUZEI'].every((name) => row[name] === item[name]);
    const row = system.stored(open).all().find(isOf);
    if (!row) continue;
    system.stored(open).delete(system.stored(open).keyValuesOf(row));
    system.stored(closed).insert(indexRow(system, closed, { ...row, ...clearing }));
    system.stored('BSEG').update([...keyOf(item), item['BUZEI'] ?? ''], clearing);
  }
}

function keyOf({ BUKRS = '', BELNR = '', GJAHR = '' }: Row): [string, string, string] {
  return [BUKRS, BELNR, GJAHR];
}

const carried = 'ZTERM ZFBDT UMSKZ KOKRS KTOSL MWART BUZID XREF1 XREF2 XREF3 FWBAS HWBAS PRCTR VALUT'.split(' ');

function reversedItem(row: Row, { WAERS = '', HWAER = '' }: Row): CheckedItem {
  const value = (name: string): string => row[name] ?? '';
  const [units, localUnits] = [fromStored(value('WRBTR')), fromStored(value('DMBTR'))];
  const accountType = value('KOART') as NonNullable<CheckedItem['accountType']>;
  return {
    side: value('SHKZG') === 'S' ? 'H' : 'S',
    account: value('HKONT'),
    amount: toText(units, WAERS),
    localAmount: toText(localUnits, HWAER),
    units,
    localUnits,
    accountType,
    customer: value('KUNNR'),
    vendor: value('LIFNR'),
    taxCode: value('MWSKZ'),
    costCenter: value('KOSTL'),
    profitCenter: value('PRCTR'),
    order: value('AUFNR'),
    assignment: value('ZUONR'),
    text: value('SGTXT'),
    more: Object.fromEntries(carried.map((name) => [name, value(name)])),
  };
}
