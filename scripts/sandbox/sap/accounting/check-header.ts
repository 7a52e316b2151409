import { fiscalPeriodOf, type FiscalPeriod } from '../documents/fiscal-period.ts';
import { isInitial } from './draft.ts';
import type { Frame, Judge } from './judge.ts';

const header = { parameter: 'DOCUMENTHEADER', row: 0 };

/** The frame of the document, or undefined when nothing more can be said. */
export function checkHeader(judge: Judge): Frame | undefined {
  const { draft, system } = judge;
  const value = (name: string): string => draft.header[name] ?? '';
  if (isInitial(draft.header)) return judge.say('noHeader');
  if (draft.items.length === 0) return judge.say('noItems');
  if (draft.amounts.length === 0) return judge.say('noCurrencies');
  checkObject(judge);
  if (value('BUS_ACT') !== 'RFBU') judge.say('unknownBusinessAct', [value('BUS_ACT')], { ...header, field: 'BUS_ACT' });
  for (const field of ['DOC_DATE', 'PSTNG_DATE']) if (value(field) === '') judge.say('dateMissing', [field], { ...header, field });
  const companyCode = value('COMP_CODE');
  const company = judge.row('T001', companyCode);
  if (!company) judge.say('unknownCompany', [companyCode], { ...header, field: 'COMP_CODE' });
  const documentType = value('DOC_TYPE');
  if (!judge.row('T003', documentType)) judge.say('unknownType', [documentType], { ...header, field: 'DOC_TYPE' });
  if (value('AC_DOC_NO') !== '') judge.say('ownNumber', [value('AC_DOC_NO'), documentType], { ...header, field: 'AC_DOC_NO' });
  if (judge.isRefused || !company) return undefined;
  const postingDate = value('PSTNG_DATE');
  const fiscal = fiscalOf(judge, companyCode, postingDate);
  const controllingArea = system.stored('TKA02').get([companyCode, ''])?.['KOKRS'] ?? '';
  return { company, companyCode, documentType, postingDate, documentDate: value('DOC_DATE'), fiscal, controllingArea };
}

/** Own object keys need customizing that this system does not have. */
function checkObject(judge: Judge): void {
  const { OBJ_TYPE = '', OBJ_KEY = '', OBJ_SYS = '' } = judge.draft.header;
  if ((OBJ_TYPE === '') !== (OBJ_KEY === '')) judge.say('noObject', [], { ...header, field: 'OBJ_KEY' });
  else if (OBJ_TYPE !== '' && OBJ_TYPE !== 'BKPFF') judge.say('unknownObjectType', [OBJ_TYPE], { ...header, field: 'OBJ_TYPE' });
  if (OBJ_SYS !== '' && OBJ_SYS !== logicalSystemOf(judge.system.identity)) judge.say('foreignSystem', [], { ...header, field: 'OBJ_SYS' });
}

/** `ECCCLNT100` */
export function logicalSystemOf({ sid, client }: { sid: string; client: string }): string {
  return `${sid}CLNT${client}`;
}

/** The period of the posting date; of the last one, the special periods 13 to 16 may be asked for. */
function fiscalOf(judge: Judge, companyCode: string, postingDate: string): FiscalPeriod {
  const fiscal = fiscalPeriodOf(companyCode, postingDate);
  const { FISC_YEAR = '', FIS_PERIOD = '' } = judge.draft.header;
  const isSpecial = fiscal.period === '12' && FIS_PERIOD >= '13' && FIS_PERIOD <= '16';
  if ((FISC_YEAR !== '' && FISC_YEAR !== fiscal.year) || (FIS_PERIOD !== '' && FIS_PERIOD !== fiscal.period && !isSpecial)) {
    judge.say('yearWrong', [postingDate, FIS_PERIOD, FISC_YEAR], { ...header, field: 'FIS_PERIOD' });
  }
  return isSpecial ? { ...fiscal, period: FIS_PERIOD } : fiscal;
}
