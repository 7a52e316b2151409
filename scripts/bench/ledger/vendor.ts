import type { RecordRow } from '../../../relay/src/store/index.ts';

let next = 0;
/** The next vendor, of 1.4 KB. */
export function vendor(): { key: string; label: string; payload: unknown } {
  const key = String(next++).padStart(10, '0');
  const banks = Array.from({ length: 8 }, (_, item) => ({
    item,
    account: '0000400000',
    text: 'Bürobedarf, geliefert an Werk 1000',
    iban: 'DE02120300000000202051',
  }));
  return { key, label: `Lieferant ${key} GmbH`, payload: { LIFNR: key, NAME1: `Lieferant ${key} GmbH`, ORT01: 'Köln', banks } };
}

/** What is posted of it. */
export function bodyOf(record: RecordRow): unknown {
  return { Name: record.label, Currency: 'EUR', PaymentTerm: '30 days', TaxRule: 'Standard', Code: record.key };
}
