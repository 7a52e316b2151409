/** BAPI_ACC_DOCUMENT_POST, _CHECK and _REV_POST: numbers are handed out here, rows are written by the commit. */
import {
  book,
  bookingOf,
  bookReversal,
  checkDocument,
  logicalSystemOf,
  message,
  partnerOf,
  planReversal,
  readDraft,
  returnRows,
  reversalTypeOf,
  reversingBooking,
  rowOf,
  type Message,
} from '../accounting/index.ts';
import { fiscalPeriodOf } from '../documents/index.ts';
import type { FunctionCall, Structure } from './call.ts';

export function bapiAccDocumentCheck({ inputs, system, definition }: FunctionCall): Structure {
  const { messages, posting } = checkDocument(system, readDraft(inputs), definition.name);
  const values = ['BKPFF', '$', logicalSystemOf(system.identity)];
  const first = posting ? message('checked', values, undefined, 'S') : message('error', values);
  return { RETURN: returnRows([first, ...messages], values[2] ?? '') };
}

export function bapiAccDocumentPost(call: FunctionCall): Structure {
  const { inputs, system, session, definition } = call;
  const { messages, posting } = checkDocument(system, readDraft(inputs), definition.name);
  if (!posting) return refused(call, messages);
  const { companyCode, documentType, fiscal } = posting.frame;
  const partners = posting.items.filter(({ draft }) => partnerOf(draft) !== '');
  const locked = partners.flatMap(({ draft }) =>
    lockPartner(call, draft.kind === 'customer' ? 'KNA1' : 'LFA1', partnerOf(draft), companyCode),
  );
  if (locked.length > 0) return refused(call, [...locked, ...messages]);
  const number = nextNumber(call, { companyCode, documentType, year: fiscal.year });
  if (typeof number !== 'string') return refused(call, [...number, ...messages]);
  const booking = bookingOf(system, posting, { number, user: session.user.name });
  session.updates.push(() => {
    system.committed.push(`${definition.name} ${companyCode} ${number} ${fiscal.year} ${booking.rows.BKPF['XBLNR'] ?? ''}`);
    book(system, booking);
  });
  return posted(call, `${number}${companyCode}${fiscal.year}`, messages);
}

export function bapiAccDocumentRevPost(call: FunctionCall): Structure {
  const { inputs, system, session, definition } = call;
  const { messages, plan } = planReversal(system, rowOf(inputs['REVERSAL'], 'BAPIACREV'));
  if (!plan) return refused(call, messages);
  const { BUKRS = '', BELNR = '', GJAHR = '', BLART = '' } = plan.original;
  const holder = system.locks.enqueue(`BKPF ${BUKRS} ${BELNR} ${GJAHR}`, session);
  const locked = [
    ...(holder === undefined ? [] : [message('documentLocked', [BELNR, holder])]),
    ...plan.items.flatMap(({ KOART, KUNNR = '', LIFNR = '' }) =>
      KOART === 'D' ? lockPartner(call, 'KNA1', KUNNR, BUKRS) : KOART === 'K' ? lockPartner(call, 'LFA1', LIFNR, BUKRS) : [],
    ),
  ];
  if (locked.length > 0) return refused(call, locked);
  const number = nextNumber(call, {
    companyCode: BUKRS,
    documentType: reversalTypeOf(system, BLART),
    year: fiscalPeriodOf(BUKRS, plan.postingDate).year,
  });
  if (typeof number !== 'string') return refused(call, number);
  const booking = reversingBooking(system, plan, { number, user: session.user.name });
  const year = booking.rows.BKPF['GJAHR'] ?? '';
  session.updates.push(() => {
    system.committed.push(`${definition.name} ${BUKRS} ${number} ${year} of ${BELNR} ${GJAHR}`);
    bookReversal(system, plan, booking);
  });
  return posted(call, `${number}${BUKRS}${year}`, messages);
}

/** SAP fills the object key of a refused document with `$`. */
function refused({ system }: FunctionCall, messages: readonly Message[]): Structure {
  const logicalSystem = logicalSystemOf(system.identity);
  const first = message('error', ['BKPFF', '$', logicalSystem]);
  return { OBJ_TYPE: 'BKPFF', OBJ_KEY: '$', OBJ_SYS: logicalSystem, RETURN: returnRows([first, ...messages], logicalSystem) };
}

function posted({ system }: FunctionCall, key: string, messages: readonly Message[]): Structure {
  const logicalSystem = logicalSystemOf(system.identity);
  const first = message('posted', ['BKPFF', key, logicalSystem], undefined, 'S');
  return { OBJ_TYPE: 'BKPFF', OBJ_KEY: key, OBJ_SYS: logicalSystem, RETURN: returnRows([first, ...messages], logicalSystem) };
}

/** The account in the company code, held until the unit of work ends; whoever edits the master record is in the way too. */
function lockPartner(
  { system, session, definition }: FunctionCall,
  table: 'KNA1' | 'LFA1',
  number: string,
  companyCode: string,
): Message[] {
  const fault = system.faults.hitCall('customer-locked', definition.name, ({ account }) => account === undefined || account === number);
  if (fault) return [message('partnerLocked', [number, fault.by ?? 'MMUELLER'])];
  if (system.behaviour.accountLocks === 'none') return [];
  const account = `${table === 'KNA1' ? 'KNB1' : 'LFB1'} ${number} ${companyCode}`;
  const holder = system.locks.holderOf(`${table} ${number}`, session) ?? system.locks.enqueue(account, session);
  return holder === undefined ? [] : [message('partnerLocked', [number, holder])];
}

function nextNumber(
  { system, definition }: FunctionCall,
  { companyCode, documentType, year }: { companyCode: string; documentType: string; year: string },
): string | Message[] {
  const isFault = system.faults.hitCall('number-range-exhausted', definition.name) !== undefined;
  const number = isFault ? undefined : system.documentNumbers.next({ companyCode, documentType, year });
  if (number !== undefined) return number;
  const range = system.stored('T003').get([documentType])?.['NUMKR'] ?? '';
  return [message('rangeExhausted', [range, companyCode, year]), message('intervalEnd', ['RF_BELEG', range])];
}
