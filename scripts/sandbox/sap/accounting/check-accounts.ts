/** G/L accounts and what they are assigned to in controlling. */
import type { Row } from '../dictionary/index.ts';
import type { DraftItem } from './draft.ts';
import type { Frame, Judge } from './judge.ts';

/** Further fields of the item; says what is wrong with its account, tax code and CO objects. */
export function checkGlItem(judge: Judge, frame: Frame, item: DraftItem): { account: string; more: Row } {
  const { fields, place } = item;
  const account = fields['GL_ACCOUNT'] ?? '';
  const row = checkAccount(judge, frame, item);
  const at = { ...place, field: 'GL_ACCOUNT' };
  if (row?.['MITKZ']) judge.say('accountReconciles', [account], at);
  if (row?.['XINTB']) judge.say('accountAutomatic', [account, frame.companyCode], at);
  if (row) checkTaxCode(judge, row, item);
  if (row) checkCoObject(judge, frame, item);
  const derived = checkCoObjects(judge, frame, item);
  return { account, more: { ...derived, KOKRS: frame.controllingArea, VALUT: fields['VALUE_DATE'] || '00000000' } };
}

/** SKB1, where the account exists and may be posted to. */
export function checkAccount(judge: Judge, { company, companyCode }: Frame, { fields, place }: DraftItem): Row | undefined {
  const account = fields['GL_ACCOUNT'] ?? '';
  const at = { ...place, field: 'GL_ACCOUNT' };
  const chart = company['KTOPL'] ?? '';
  const inChart = judge.row('SKA1', chart, account);
  if (!inChart) return judge.say('accountUnknown', [account, chart], at);
  const inCompany = judge.row('SKB1', companyCode, account);
  if (!inCompany) return judge.say('accountNotInCompany', [account, companyCode], at);
  if (inChart['XSPEB'] || inCompany['XSPEB']) judge.say('accountBlocked', [account, companyCode], at);
  return inCompany;
}

/** SKB1-MWSKZ: which tax codes an account takes, and XMWNO: whether it can do without. */
function checkTaxCode(judge: Judge, account: Row, { fields, place }: DraftItem): void {
  const code = fields['TAX_CODE'] ?? '';
  const { MWSKZ: category = '', SAKNR = '', XMWNO = '' } = account;
  const at = { ...place, field: 'TAX_CODE' };
  if (code === '') {
    if (['+', '-', '*'].includes(category) && XMWNO === '') judge.say('taxRequired', [SAKNR], at);
    return;
  }
  const isInput = code.startsWith('V') || code.startsWith('I');
  const isAllowed = category === '*' || category === (isInput ? '-' : '+') || category === (isInput ? '<' : '>');
  if (!isAllowed) judge.say('taxNotAllowed', [code, SAKNR], at);
}

/** Cost elements need an object that bears the amount; for revenues a profit center is enough. */
function checkCoObject(judge: Judge, { controllingArea, postingDate }: Frame, { fields, place }: DraftItem): void {
  const account = fields['GL_ACCOUNT'] ?? '';
  const element = validOn(judge.system.stored('CSKB').withPrefix([controllingArea, account]), postingDate);
  if (!element) return;
  const isRevenue = element['KATYP'] === '11' || element['KATYP'] === '12';
  const bearers = ['COSTCENTER', 'ORDERID', 'WBS_ELEMENT', 'NETWORK', ...(isRevenue ? ['PROFIT_CTR', 'SALES_ORD'] : [])];
  if (bearers.every((name) => !fields[name])) judge.say('noCoObject', [account], place);
}

function checkCoObjects(judge: Judge, frame: Frame, { fields, place }: DraftItem): Row {
  const { COSTCENTER = '', PROFIT_CTR = '', ORDERID = '' } = fields;
  const costCenter = COSTCENTER === '' ? undefined : checkCostCenter(judge, frame, COSTCENTER, { ...place, field: 'COSTCENTER' });
  if (PROFIT_CTR !== '') checkProfitCenter(judge, frame, PROFIT_CTR, { ...place, field: 'PROFIT_CTR' });
  if (ORDERID !== '') checkOrder(judge, ORDERID, { ...place, field: 'ORDERID' });
  for (const [field, what] of [
    ['WBS_ELEMENT', 'WBS element'],
    ['NETWORK', 'Network'],
  ] as const) {
    if (fields[field]) judge.say('objectUnknown', [what, fields[field]], { ...place, field });
  }
  return { PRCTR: PROFIT_CTR || (costCenter?.['PRCTR'] ?? '') };
}

type Place = DraftItem['place'];

function checkCostCenter(judge: Judge, { controllingArea, companyCode, postingDate }: Frame, name: string, at: Place): Row | undefined {
  const row = validOn(judge.system.stored('CSKS').withPrefix([controllingArea, name]), postingDate);
  if (!row) return judge.say('costCenterUnknown', [controllingArea, name, postingDate], at);
  if (row['BKZKP']) judge.say('costCenterLocked', [controllingArea, name, postingDate], at);
  if (row['BUKRS'] !== companyCode) judge.say('costCenterOther', [controllingArea, name, row['BUKRS'] ?? '', companyCode], at);
  return row;
}

export function checkProfitCenter(judge: Judge, { controllingArea, postingDate }: Frame, name: string, at: Place): void {
  const rows = judge.system
    .stored('CEPC')
    .withPrefix([name])
    .filter(({ KOKRS }) => KOKRS === controllingArea);
  const row = validOn(rows, postingDate);
  if (!row) judge.say('profitCenterUnknown', [controllingArea, name, postingDate], at);
  if (row?.['LOCK_IND']) judge.say('profitCenterLocked', [controllingArea, name, postingDate], at);
}

function checkOrder(judge: Judge, number: string, at: Place): void {
  const order = judge.row('AUFK', number);
  if (!order) judge.say('orderUnknown', [number], at);
  else if (!order['PHAS1'] || order['PHAS3']) judge.say('orderClosed', [number], at);
}

function validOn(rows: readonly Row[], date: string): Row | undefined {
  return rows.find(({ DATAB = '', DATBI = '' }) => DATAB <= date && date <= DATBI);
}
