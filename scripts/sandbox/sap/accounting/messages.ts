/** What FI says in RETURN. Numbers and texts that the facts do not name are assumed (README.md). */
import type { Structure } from '../functions/call.ts';

export interface Message {
  type: 'S' | 'I' | 'W' | 'E';
  id: string;
  number: string;
  text: string;
  values: readonly string[];
  place: Place | undefined;
}

/** Where in the call it is wrong: parameter, row from 1, field. */
export interface Place {
  parameter: string;
  row: number;
  field?: string;
}

/** Class, number, text with `&1` to `&4`. */
const catalogue = {
  error: ['RW', '609', 'Error in document: &1 &2 &3'],
  posted: ['RW', '605', 'Document posted successfully: &1 &2 &3'],
  checked: ['RW', '614', 'Document check - no errors: &1 &2 &3'],
  noHeader: ['RW', '001', 'Transaction has no unique header'],
  noItems: ['RW', '002', 'Transaction has no item information'],
  noCurrencies: ['RW', '003', 'Transaction has no currency information'],
  noObject: ['RW', '004', 'Object type or reference number is initial'],
  unknownObjectType: ['RW', '009', 'Object type &1 is not defined'],
  itemTwice: ['RW', '014', 'Line item &1 was entered several times'],
  currencyTwice: ['RW', '018', 'Currency item &1 was entered several times'],
  foreignSystem: ['RW', '020', 'Original document is not in the local system'],
  noAmount: ['RW', '021', 'Line item &1 was entered without transaction currency information'],
  unbalanced: ['RW', '022', 'FI/CO interface: Balance in transaction currency'],
  amountWithoutItem: ['RW', '016', 'Currency item &1 has no line item'],
  unknownBusinessAct: ['RW', '602', 'Business transaction &1 is not defined'],
  unknownCompany: ['F5', '003', 'Company code &1 does not exist'],
  otherCompany: ['F5', '670', 'Item &1: no clearing accounts for company codes &2 and &3'],
  unknownType: ['F5', '155', 'Document type &1 is not defined'],
  typeTakesNot: ['F5', '156', 'Account type &1 is not permitted with document type &2'],
  dateMissing: ['00', '055', 'Fill field &1'],
  yearWrong: ['F5', '202', 'Posting date &1 does not fall in period &2 &3'],
  periodClosed: ['F5', '201', 'Posting period &1 &2 is not open'],
  tooManyItems: ['F5', '727', 'Maximum number of items in FI reached'],
  ownNumber: ['F5', '152', 'Number &1 must not be given: the number range of type &2 is internal'],
  rangeExhausted: ['F5', '150', 'Number range &1 in company code &2 for year &3 is exhausted'],
  intervalEnd: ['NR', '751', 'No further number in the interval &2 of object &1'],
  unknownCurrency: ['F5', '347', 'Currency &1 is not defined'],
  severalCurrencies: ['F5', '348', 'Items are in different currencies: &1 and &2'],
  tooManyDecimals: ['F5', '349', 'Amount &1 has more decimals than currency &2 has'],
  amountTooLarge: ['F5', '352', 'Amount &1 is too large'],
  noRate: ['SG', '105', 'Enter rate &1 / &2 rate type &3 for &4 in the system settings'],
  notLocalCurrency: ['F5', '346', 'Currency type 10 must be in &1, not in &2'],
  accountUnknown: ['F5', '113', 'G/L account &1 is not defined in chart of accounts &2'],
  accountNotInCompany: ['F5', '104', 'G/L account &1 is not created in company code &2'],
  accountBlocked: ['F5', '351', 'G/L account &1 is blocked for posting in company code &2'],
  accountReconciles: ['F5', '354', 'Account &1 is a reconciliation account: direct posting is not possible'],
  accountAutomatic: ['F5', '354', 'Account &1 in company code &2 can only be posted to automatically'],
  accountNoReconciliation: ['F5', '114', 'Account &1 is no reconciliation account for account type &2'],
  noCoObject: ['KI', '235', 'Account &1 requires an assignment to a CO object'],
  costCenterUnknown: ['KI', '161', 'Cost center &1/&2 does not exist on &3'],
  costCenterLocked: ['KI', '260', 'Cost center &1/&2 is locked against direct postings on &3'],
  costCenterOther: ['KI', '180', 'Cost center &1/&2 belongs to company code &3, not to &4'],
  profitCenterUnknown: ['KM', '026', 'Profit center &1/&2 does not exist on &3'],
  profitCenterLocked: ['KM', '027', 'Profit center &1/&2 is locked on &3'],
  orderUnknown: ['KI', '112', 'Order &1 does not exist'],
  orderClosed: ['KI', '112', 'Order &1 does not permit postings'],
  objectUnknown: ['CJ', '021', '&1 &2 does not exist'],
  customerUnknown: ['F5', '102', 'Customer &1 is not defined in company code &2'],
  vendorUnknown: ['F5', '102', 'Vendor &1 is not defined in company code &2'],
  partnerBlocked: ['F5', '351', 'Account &1 is blocked for posting in company code &2'],
  oneTimeAddress: ['F5', '105', 'One-time account &1: enter name and city'],
  oneTimeNot: ['F5', '106', 'One-time data given, but account &1 is no one-time account'],
  oneTimeSeveral: ['F5', '107', 'One-time data can go with one customer only'],
  partnerLocked: ['F2', '042', 'Account &1 is currently being processed by &2'],
  documentLocked: ['F5', '568', 'Document &1 is currently being processed by &2'],
  termsUnknown: ['F5', '108', 'Terms of payment &1 are not defined'],
  termsDiffer: ['F5', '272', 'Terms of payment &1 differ from those of account &2'],
  deletionFlag: ['F5', '507', 'Account &1 is marked for deletion'],
  duplicateInvoice: ['F5', '117', 'Check whether document has already been entered under number &1 &2 &3'],
  taxUnknown: ['FF', '703', 'Tax code &1 is not defined in procedure &2'],
  taxNotAllowed: ['FF', '713', 'Tax code &1 is not allowed on account &2'],
  taxRequired: ['F5', '808', 'Account &1 requires a tax code'],
  taxUnused: ['FF', '818', 'Tax code &1 does not appear in any G/L account item'],
  taxMissing: ['FF', '805', 'Tax item missing for tax code &1'],
  taxNoBase: ['FF', '747', 'Tax base amount missing for tax code &1'],
  taxBaseWrong: ['FF', '747', 'Tax base &2 of tax code &1 is not the sum of its items, &3'],
  taxAmountWrong: ['FF', '754', 'Tax amount &2 of tax code &1 is not correct: &3 expected'],
  taxAccountWrong: ['FF', '707', 'Tax code &1 is posted to account &2, not to &3'],
  taxKeyWrong: ['FF', '713', 'Transaction key &2 does not go with tax code &1'],
  userExit: ['ZFI', '001', '&1'],
  noise: ['F5', '280', 'Document type &1: document date and posting date are not compared'],
  reasonUnknown: ['F5', '555', 'Reason for reversal &1 is not defined'],
  reasonDate: ['F5', '362', 'Reason for reversal &1 does not permit posting date &2'],
  documentUnknown: ['F5', '302', 'Document &1 &2 &3 does not exist'],
  alreadyReversed: ['F5A', '235', 'Document &1 was already reversed with document &2'],
  isReversal: ['RW', '628', 'Document &1 is a reversal document and cannot be reversed'],
  hasCleared: ['F5', '301', 'Document &1 contains cleared items'],
} as const satisfies Record<string, readonly [string, string, string]>;

export type MessageName = keyof typeof catalogue;

export function message(name: MessageName, values: readonly string[] = [], place?: Place, type: Message['type'] = 'E'): Message {
  const [id, number, text] = catalogue[name];
  return { type, id, number, text: text.replaceAll(/&(\d)/g, (_, digit: string) => values[Number(digit) - 1] ?? ''), values, place };
}

/** Rows of RETURN (BAPIRET2). */
export function returnRows(messages: readonly Message[], logicalSystem: string): Structure[] {
  return messages.map(({ type, id, number, text, values, place }) => ({
    TYPE: type,
    ID: id,
    NUMBER: number,
    MESSAGE: text.slice(0, 220),
    MESSAGE_V1: (values[0] ?? '').slice(0, 50),
    MESSAGE_V2: (values[1] ?? '').slice(0, 50),
    MESSAGE_V3: (values[2] ?? '').slice(0, 50),
    MESSAGE_V4: (values[3] ?? '').slice(0, 50),
    PARAMETER: place?.parameter ?? '',
    ROW: place?.row ?? 0,
    FIELD: place?.field ?? '',
    SYSTEM: logicalSystem,
  }));
}
