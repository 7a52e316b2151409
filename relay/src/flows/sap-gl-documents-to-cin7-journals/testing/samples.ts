import type { SapDocument, SapDocumentItem } from '../../../systems/sap-ecc/index.ts';
import type { Mapping } from '../../flow.ts';
import { mapDocument } from '../map.ts';
import type { JournalsBody } from '../payload.ts';

/** A vendor invoice of company code 1000 in euro: two expenses and input tax. */
export function invoice(more: Partial<SapDocument> = {}): SapDocument {
  return {
    systemId: 'PRD',
    client: '100',
    companyCode: '1000',
    number: '1900000123',
    fiscalYear: '2024',
    documentType: 'KR',
    documentDate: '2024-05-28',
    postingDate: '2024-05-31',
    period: '05',
    user: 'MMUELLER',
    transaction: 'FB60',
    reference: 'RE-4711',
    headerText: "Fracht O'Brien & Söhne",
    currency: 'EUR',
    localCurrency: 'EUR',
    items: [
      docItem('001', 'credit', '0000160000', '238.00', { accountType: 'K', vendor: '0000100123' }),
      docItem('002', 'debit', '0000475000', '150.00', { costCenter: '0000004711', text: '上海精密机械 Fracht' }),
      docItem('003', 'debit', '0000476000', '50.00'),
      docItem('004', 'debit', '0000154000', '38.00', { taxCode: 'V1' }),
    ],
    ...more,
  };
}

/** Without a local amount it is the same as the amount. */
export function docItem(
  number: string,
  side: SapDocumentItem['side'],
  account: string,
  amount: string,
  { localAmount = amount, ...more }: Partial<SapDocumentItem> = {},
): SapDocumentItem {
  return {
    number,
    accountType: 'S',
    side,
    account,
    amount,
    localAmount,
    isNegativePosting: false,
    taxCode: '',
    customer: '',
    vendor: '',
    costCenter: '',
    profitCenter: '',
    order: '',
    assignment: '',
    text: '',
    ...more,
  };
}

export const glAccounts: Record<string, string> = {
  '160000': '2990',
  '475000': '425',
  '476000': '404',
  '154000': '805',
  '113100': '090',
  '800000': '200',
};

export const requiredSettings = { companyCodes: ['1000'], startDate: '2024-01-01' };

/** Settings with the flow's defaults, and value maps as the engine applies their policies. */
export function mapping(settings: Record<string, unknown> = {}, accounts: Record<string, string> = glAccounts): Mapping {
  return {
    settings: { ...requiredSettings, ...settings },
    lookup(id, ...codes) {
      if (id === 'currencies') return codes.at(-1);
      return codes.map((code) => accounts[code]).find((code) => code !== undefined);
    },
  };
}

/** The body of a document, ready to post. */
export function bodyOf(document: SapDocument, settings: Record<string, unknown> = {}): JournalsBody {
  const outcome = mapDocument(document, mapping(settings));
  if (outcome.outcome !== 'mapped') throw new Error(`the sample document is ${JSON.stringify(outcome)}`);
  return outcome.body;
}
