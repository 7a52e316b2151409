import type {
  Cin7Account,
  Cin7Address,
  Cin7AttributeSet,
  Cin7Company,
  Cin7Contact,
  Cin7Journal,
  Cin7Location,
  Cin7PaymentTerm,
  Cin7Supplier,
  Cin7TaxRule,
  Cin7Transaction,
} from './types.ts';

/**
 * Rows as the API sends them, made regular: numbers arrive as their own text (so that amounts are exact), flags come as text now and then, `null` stands for empty, the case of
 * enumerations varies (facts/cin7.md 1 and 14).
 */
export type Row = Record<string, unknown>;

export function rowsOf(answer: unknown, key: string): Row[] | undefined {
  const rows = isRow(answer) ? answer[key] : undefined;
  return Array.isArray(rows) ? (rows as unknown[]).filter(isRow) : undefined;
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function toSupplier(row: Row): Cin7Supplier {
  return {
    ID: text(row['ID']).toLowerCase(),
    Name: text(row['Name']),
    Currency: text(row['Currency']),
    PaymentTerm: text(row['PaymentTerm']),
    AccountPayable: text(row['AccountPayable']),
    TaxRule: text(row['TaxRule']),
    Status: sameWord(text(row['Status']), 'Deprecated') ? 'Deprecated' : 'Active',
    Comments: text(row['Comments']),
    TaxNumber: text(row['TaxNumber']),
    AttributeSet: text(row['AttributeSet']),
    AdditionalAttribute1: text(row['AdditionalAttribute1']),
    Addresses: (rowsOf(row, 'Addresses') ?? []).map(toAddress),
    Contacts: (rowsOf(row, 'Contacts') ?? []).map(toContact),
    LastModifiedOn: text(row['LastModifiedOn']),
  };
}

export function toAddress(row: Row): Cin7Address & { ID: string } {
  const types = ['Billing', 'Business', 'Shipping'] as const;
  return {
    ID: text(row['ID']).toLowerCase(),
    Line1: text(row['Line1']),
    Line2: text(row['Line2']),
    City: text(row['City']),
    State: text(row['State']),
    Postcode: text(row['Postcode']),
    Country: text(row['Country']),
    Type: types.find((type) => sameWord(type, text(row['Type']))) ?? 'Business',
    DefaultForType: flag(row['DefaultForType']),
  };
}

export function toContact(row: Row): Cin7Contact & { ID: string } {
  return {
    ID: text(row['ID']).toLowerCase(),
    Name: text(row['Name']),
    Phone: text(row['Phone']),
    MobilePhone: text(row['MobilePhone']),
    Fax: text(row['Fax']),
    Email: text(row['Email']),
    Default: flag(row['Default']),
  };
}

export function toCompany(row: Row): Cin7Company {
  return { Company: text(row['Company']), Currency: text(row['Currency']), LockDate: text(row['LockDate']) || null };
}

export function toPaymentTerm(row: Row): Cin7PaymentTerm {
  return {
    ID: text(row['ID']).toLowerCase(),
    Name: text(row['Name']),
    Duration: Number(text(row['Duration']) || 0),
    Method: text(row['Method']),
    IsActive: flag(row['IsActive']),
    IsDefault: flag(row['IsDefault']),
  };
}

export function toTaxRule(row: Row): Cin7TaxRule {
  return {
    ID: text(row['ID']).toLowerCase(),
    Name: text(row['Name']),
    TaxPercent: Number(text(row['TaxPercent']) || 0),
    IsActive: flag(row['IsActive']),
    IsTaxForPurchase: flag(row['IsTaxForPurchase']),
  };
}

export function toAccount(row: Row): Cin7Account {
  return {
    Code: text(row['Code']),
    Name: text(row['Name']),
    Type: text(row['Type']),
    Status: text(row['Status']),
    Class: text(row['Class']),
    SystemAccount: text(row['SystemAccount']) || null,
    SystemAccountCode: text(row['SystemAccountCode']) || null,
  };
}

export function toAttributeSet(row: Row): Cin7AttributeSet {
  return { ID: text(row['ID']).toLowerCase(), Name: text(row['Name']), Attribute1Name: text(row['Attribute1Name']) };
}

/** The vendor's own pages call the flag both ways. */
export function toLocation(row: Row): Cin7Location {
  return {
    ID: text(row['ID']).toLowerCase(),
    Name: text(row['Name']),
    IsDefault: flag(row['IsDefault']),
    IsDeprecated: flag(row['IsDeprecated'] ?? row['Deprecated']),
  };
}

export function toJournal(row: Row): Cin7Journal {
  const states = ['DRAFT', 'COMPLETED', 'VOIDED'] as const;
  return {
    TaskID: text(row['TaskID']).toLowerCase(),
    JournalNumber: text(row['JournalNumber']),
    Status: states.find((state) => sameWord(state, text(row['Status']))) ?? 'DRAFT',
    Currency: text(row['Currency']),
    CurrencyConversionRate: text(row['CurrencyConversionRate']),
    EffectiveDate: text(row['EffectiveDate']).slice(0, 10),
    Narration: text(row['Narration']),
    Notes: text(row['Notes']),
    Lines: (rowsOf(row, 'Lines') ?? []).map((line) => ({
      Debit: text(line['Debit']),
      Credit: text(line['Credit']),
      Reference: text(line['Reference']),
      Amount: text(line['Amount']),
      BaseAmount: text(line['BaseAmount']),
    })),
  };
}

export function toTransaction(row: Row): Cin7Transaction {
  return {
    TaskID: text(row['TaskID']).toLowerCase(),
    DebitAccountCode: text(row['DebitAccountCode']),
    CreditAccountCode: text(row['CreditAccountCode']),
    Amount: text(row['Amount']),
    EffectiveDate: text(row['EffectiveDate']).slice(0, 10),
    Reference: text(row['Reference']),
    Type: text(row['Type']),
  };
}

/** Names as the vendor compares them: whatever their case and the blanks around them. */
export function sameWord(a: string, b: string): boolean {
  return fold(a) === fold(b);
}

export function fold(value: string): string {
  return value.normalize('NFC').trim().toLowerCase();
}

function flag(value: unknown): boolean {
  return value === true || text(value).toLowerCase() === 'true';
}
